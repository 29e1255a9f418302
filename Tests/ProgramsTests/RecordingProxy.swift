import Glibc
import Synchronization

/// Stands between nodes and a coordinator on the loopback interface and keeps every byte that
/// passes, in both directions.
final class RecordingProxy: Sendable {
  /// Where nodes connect to.
  let port: UInt16
  private let listener: Int32
  private let destination: UInt16
  private let streams = Mutex<[[UInt8]]>([])

  /// A proxy in front of `destination` on the loopback interface.
  init(to destination: UInt16) throws {
    self.destination = destination
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0, Self.bindAnyPort(listener), listen(listener, 64) == 0 else {
      throw ProxyError.cannotListen(errno: errno)
    }
    port = Self.port(of: listener)
    detach { [self] in acceptAll() }
  }

  /// All streams of bytes that have passed, one a connection and direction.
  var recorded: [[UInt8]] { streams.withLock { $0 } }

  /// Takes no more connections; those that exist go on.
  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func acceptAll() {
    while true {
      let node = accept(listener, nil, nil)
      if node < 0 { break }
      let coordinator = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard Self.connect(coordinator, to: destination) else { break }
      detach { [self] in copy(from: node, to: coordinator) }
      detach { [self] in copy(from: coordinator, to: node) }
    }
    Glibc.close(listener)
  }

  private func copy(from source: Int32, to target: Int32) {
    let stream = streams.withLock { streams in
      streams.append([])
      return streams.count - 1
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(source, &buffer, buffer.count, 0)
      if count <= 0 { break }
      let bytes = buffer.prefix(count)
      streams.withLock { $0[stream].append(contentsOf: bytes) }
      guard Self.sendAll(Array(bytes), to: target) else { break }
    }
    shutdown(source, Int32(SHUT_RDWR))
    shutdown(target, Int32(SHUT_RDWR))
  }
}

enum ProxyError: Error {
  case cannotListen(errno: Int32)
}

// MARK: Sockets

extension RecordingProxy {
  private static func sendAll(_ bytes: [UInt8], to target: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let rest = Array(bytes[sent...])
      let count = unsafe send(target, rest, rest.count, Int32(MSG_NOSIGNAL))
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withAddress(
    _ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Bool {
    unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func bindAnyPort(_ socket: Int32) -> Bool {
    unsafe withAddress(loopback(port: 0)) { unsafe bind(socket, $0, $1) }
  }

  private static func connect(_ socket: Int32, to port: UInt16) -> Bool {
    unsafe withAddress(loopback(port: port)) { unsafe Glibc.connect(socket, $0, $1) }
  }

  private static func port(of socket: Int32) -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &size)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }
}

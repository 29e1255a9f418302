import Glibc
import Testing
import Transports
import ZeroMQTransport

@Suite("Heartbeats")
struct HeartbeatTests {
  @Test("a peer that falls silent after its handshake is asked for a sign of life")
  func ping() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let peer = try SilentPeer(port: #require(UInt16(hub.endpoint.split(separator: ":").last ?? "")))
    // ZMTP 3.1: a command frame (4) of seven bytes, a name of four, and a time to live of 15 s.
    #expect(try peer.receives([4, 7, 4] + Array("PING".utf8) + [0, 150]))
  }
}

/// A DEALER of ZMTP 3.1 (rfc.zeromq.org/spec/37) that introduces itself and says nothing more.
private final class SilentPeer {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, size) == 0
      }
    }
    try #require(connected)
    try introduce()
  }

  deinit { close(descriptor) }

  /// Whether these bytes come in, whatever comes before them; false when the connection ends.
  func receives(_ wanted: [UInt8]) throws -> Bool {
    var seen: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe read(descriptor, &byte, 1) == 1 {
      seen.append(byte)
      if seen.suffix(wanted.count).elementsEqual(wanted) { return true }
    }
    return false
  }

  private func introduce() throws {
    let signature: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F]
    let mechanism = Array("NULL".utf8) + [UInt8](repeating: 0, count: 16)
    let greeting = signature + [3, 1] + mechanism + [UInt8](repeating: 0, count: 32)
    let properties = Array("\u{0B}Socket-Type".utf8) + [0, 0, 0, 6] + Array("DEALER".utf8)
    let ready = Array("\u{05}READY".utf8) + properties
    let all = greeting + [4, UInt8(ready.count)] + ready
    let sent = unsafe write(descriptor, all, all.count)
    try #require(sent == all.count)
  }
}

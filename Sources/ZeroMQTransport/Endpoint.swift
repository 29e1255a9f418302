internal import CZeroMQ
internal import Glibc
internal import Transports

/// An address in ZeroMQ's notation: `tcp://HOST:PORT` or `ipc://PATH`.
struct Endpoint {
  private let text: String

  /// An endpoint to bind.
  init(binding text: String) throws(TransportError) {
    try self.init(text)
    guard port != "0" else {
      throw .endpoint(text, problem: "port 0 is none; for one that the system chooses, say *")
    }
  }

  /// An endpoint to connect to.
  init(connecting text: String) throws(TransportError) {
    try self.init(text)
    guard port != "0", port != "*" else {
      throw .endpoint(
        text,
        problem: "nobody can be found at port \(port ?? ""); name the one that the coordinator says"
          + " it listens at")
    }
  }

  private init(_ text: String) throws(TransportError) {
    guard text.hasPrefix("tcp://") || text.hasPrefix("ipc://") else {
      throw .endpoint(text, problem: "it begins with neither tcp:// nor ipc://")
    }
    self.text = text
    guard let port else { return }
    // libzmq would take a greater number modulo 65,536.
    guard port == "*" || UInt16(port) != nil else {
      throw .endpoint(text, problem: "it does not end with a port, 1 to 65535")
    }
  }

  /// What follows the last colon of a `tcp` endpoint; leading zeros of a number are left out.
  private var port: String? {
    guard text.hasPrefix("tcp://") else { return nil }
    let port = text[(text.lastIndex(of: ":") ?? text.startIndex)...].dropFirst()
    return UInt16(port).map(String.init) ?? String(port)
  }

  /// The path of an `ipc` endpoint; `nil` for another, and for a name that is in no directory.
  private var path: Substring? {
    guard text.hasPrefix("ipc://") else { return nil }
    let path = text.dropFirst(6)
    return path.hasPrefix("@") || path == "*" ? nil : path
  }

  func bind(_ socket: Socket) throws(TransportError) {
    // libzmq would take the path from under a program that listens there.
    guard !isHeardAtPath else { throw .endpointInUse(text) }
    guard unsafe zmq_bind(try socket.open(), text) == 0 else { throw error(czmq_errno()) }
  }

  /// The file that stands for the endpoint once it is bound, if one does.
  var file: SocketFile? { path.flatMap { SocketFile(at: String($0)) } }

  func connect(_ socket: Socket) throws(TransportError) {
    guard unsafe zmq_connect(try socket.open(), text) == 0 else { throw error(czmq_errno()) }
  }

  private func error(_ number: Int32) -> TransportError {
    switch number {
    case EADDRINUSE: .endpointInUse(text)
    case EMFILE, ENFILE, ENOMEM, ENOBUFS:
      .system(operation: "open the endpoint '\(text)'", problem: TransportError.problem(number))
    case EINVAL: .endpoint(text, problem: "its form is wrong")
    case ENODEV:
      .endpoint(
        text,
        problem:
          "it names none of this machine's interfaces; to bind, give an IP address, the name of an"
          + " interface, or * for all")
    default: .endpoint(text, problem: TransportError.problem(number))
    }
  }

  /// Whether a program listens at the path of an `ipc` endpoint.
  private var isHeardAtPath: Bool {
    guard let path, var address = sockaddr_un(path: path) else { return false }
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    defer { close(probe) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe Glibc.connect(probe, address, size) == 0
      }
    }
  }
}

extension sockaddr_un {
  /// The address of a path, if it is short enough for one.
  fileprivate init?(path: Substring) {
    self.init()
    sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: sun_path) - 1
    guard path.utf8.count <= room else { return nil }
    unsafe withUnsafeMutableBytes(of: &sun_path) { target in
      unsafe target.copyBytes(from: path.utf8)
    }
  }
}

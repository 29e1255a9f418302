internal import CZeroMQ
internal import Glibc
internal import Transports

extension Socket {
  /// What both ends of the wire agree on.
  ///
  /// Times are in milliseconds.
  func prepare(for endpoint: String, limits: Limits) throws(TransportError) {
    try set(ZMQ_MAXMSGSIZE, wide: Int64(max(limits.frameBytes, limits.envelopeBytes)))
    // A farewell that has been sent still goes out when the program ends.
    try set(ZMQ_LINGER, 1_000)
    // A peer that is cut off, without its connection being closed, is noticed.
    try set(ZMQ_HEARTBEAT_IVL, 5_000)
    try set(ZMQ_HEARTBEAT_TIMEOUT, 15_000)
    try set(ZMQ_HEARTBEAT_TTL, 15_000)
    // A stranger that connects and says nothing is let go.
    try set(ZMQ_HANDSHAKE_IVL, 10_000)
    // Messages, of a connection, that wait here while the other end does not read.
    try set(ZMQ_SNDHWM, 1_000)
    try set(ZMQ_RCVHWM, 100)
    // Only for an address in brackets: elsewhere a name would resolve to IPv6 alone.
    try set(ZMQ_IPV6, endpoint.contains("[") ? 1 : 0)
  }

  func set(_ option: Int32, _ value: Int32) throws(TransportError) {
    var value = value
    let result = unsafe zmq_setsockopt(try open(), option, &value, MemoryLayout<Int32>.size)
    guard result == 0 else { throw .ofSystem("set option \(option) of a socket") }
  }

  func set(_ option: Int32, wide value: Int64) throws(TransportError) {
    var value = value
    let result = unsafe zmq_setsockopt(try open(), option, &value, MemoryLayout<Int64>.size)
    guard result == 0 else { throw .ofSystem("set option \(option) of a socket") }
  }

  func set(_ option: Int32, _ bytes: [UInt8]) throws(TransportError) {
    let result = unsafe zmq_setsockopt(try open(), option, bytes, bytes.count)
    guard result == 0 else { throw .ofSystem("set option \(option) of a socket") }
  }

  /// The endpoint as it was bound, with the port that the system has chosen.
  func lastEndpoint() throws(TransportError) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    var count = bytes.count
    guard unsafe zmq_getsockopt(try open(), ZMQ_LAST_ENDPOINT, &bytes, &count) == 0 else {
      throw .ofSystem("tell the endpoint of a socket")
    }
    return String(decoding: bytes.prefix(max(count - 1, 0)), as: UTF8.self)
  }
}

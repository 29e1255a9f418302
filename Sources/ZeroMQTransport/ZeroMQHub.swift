internal import CZeroMQ
public import Transports

/// The coordinator's end over ZeroMQ: a ROUTER socket that nodes connect to.
///
/// Nothing here waits but ``next(until:)``. What a peer does to its own connection (a frame over
/// the limit, silence, a broken handshake) ends that connection and no other.
public final class ZeroMQHub: Hub {
  /// The endpoint that is bound, with the port that the system has chosen for `tcp://HOST:*`.
  public let endpoint: String

  let socket: Socket
  private let limits: Limits
  private let interrupt: Interrupt?
  /// The socket's file, while it is bound to a path.
  private var file: SocketFile?

  /// Binds an endpoint.
  ///
  /// - Parameters:
  ///   - endpoint: `tcp://HOST:PORT`, `tcp://HOST:*`, or `ipc://PATH`.
  ///   - limits: What peers may send.
  ///   - interrupt: What ends a wait for messages, beside messages and deadlines.
  /// - Throws: ``TransportError`` when the endpoint cannot be bound.
  public init(
    bind endpoint: String, limits: Limits = .standard, interrupt: Interrupt? = nil
  ) throws(TransportError) {
    let address = try Endpoint(binding: endpoint)
    // The identity of the peer, the envelope, the tensors.
    socket = try Socket(ZMQ_ROUTER, frameLimit: limits.tensors + 2)
    try socket.prepare(for: endpoint, limits: limits)
    // Nodes are started all at once; those that find no room among the waiting would try again.
    try socket.set(ZMQ_BACKLOG, 4_096)
    // A node that connects again before its old connection is noticed to be dead takes its place.
    try socket.set(ZMQ_ROUTER_HANDOVER, 1)
    try address.bind(socket)
    file = address.file
    self.endpoint = try socket.lastEndpoint()
    self.limits = limits
    self.interrupt = interrupt
  }

  /// The present instant of the system's monotonic clock.
  public var now: Instant { MonotonicClock.now }

  /// Sends a message without waiting; dropped when the peer is gone or has stopped to read.
  public func send(_ message: Message, to peer: Peer) throws(TransportError) {
    _ = try socket.send([Frame(peer.identity)] + message.encoded())
  }

  /// Waits for the next arrival; an interrupt comes first.
  public func next(until deadline: Instant?) throws(TransportError) -> Arrival? {
    while true {
      if interrupt?.take() == true { return .interrupted }
      if let arrival = try arrival() { return arrival }
      if let deadline, now >= deadline { return nil }
      try socket.wait(until: deadline, interrupt: interrupt)
    }
  }

  /// What has come and waits to be taken, if anything does.
  func arrival() throws(TransportError) -> Arrival? {
    try socket.receive().map { arrival(of: $0) }
  }

  deinit { close() }

  /// Closes the socket and frees the endpoint; the file of an `ipc` endpoint goes.
  ///
  /// What has been sent still goes out: closing the last socket of a process waits for that, for
  /// at most a second. Later calls throw ``TransportError/closed``.
  public func close() {
    // While the socket is open, nobody else has taken the path.
    file.take()?.remove()
    socket.close()
  }

  private func arrival(of parts: Socket.Parts) -> Arrival {
    let peer = Peer(identity: parts.frames[0].bytes())
    do throws(WireError) {
      let frames = Array(parts.frames.dropFirst())
      try limits.check(frames: parts.count - 1)
      return .message(try Message.decoded(from: frames, limits: limits), from: peer)
    } catch {
      return .malformed(error, from: peer)
    }
  }
}

extension Limits {
  /// Checks the number of frames of a message, of which fewer may have been kept.
  func check(frames count: Int) throws(WireError) {
    guard count - 1 <= tensors else {
      throw .tooMany("tensor frames", found: count - 1, accepted: tensors)
    }
  }
}

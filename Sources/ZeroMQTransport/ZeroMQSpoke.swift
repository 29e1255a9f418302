internal import CZeroMQ
public import Transports

/// A node's end over ZeroMQ: a DEALER socket that connects, and connects again by itself.
///
/// A coordinator that is not there yet, or that is started again, needs nothing from the node:
/// messages wait here, each once, and go out when a connection stands.
public final class ZeroMQSpoke: Spoke {
  private let socket: Socket
  private let limits: Limits
  private let interrupt: Interrupt?
  private let monitor: ConnectionMonitor
  /// Messages that libzmq has not got yet, oldest first: given to it while no connection stands,
  /// they would pile up there, a hello for each time that nobody has answered.
  private var waiting: [Message] = []

  /// Connects to an endpoint, whether or not anybody listens there.
  ///
  /// - Parameters:
  ///   - endpoint: `tcp://HOST:PORT` or `ipc://PATH`.
  ///   - limits: What the coordinator may send.
  ///   - interrupt: What ends a wait for messages, beside messages and deadlines.
  /// - Throws: ``TransportError`` when the endpoint is not one.
  public init(
    connect endpoint: String, limits: Limits = .standard, interrupt: Interrupt? = nil
  ) throws(TransportError) {
    let address = try Endpoint(connecting: endpoint)
    socket = try Socket(ZMQ_DEALER, frameLimit: limits.tensors + 1)
    try socket.prepare(for: endpoint, limits: limits)
    try socket.set(ZMQ_ROUTING_ID, Self.identity())
    try socket.set(ZMQ_RECONNECT_IVL, 50)
    try socket.set(ZMQ_RECONNECT_IVL_MAX, 1_000)
    monitor = try ConnectionMonitor(of: socket)
    try address.connect(socket)
    self.limits = limits
    self.interrupt = interrupt
  }

  /// The present instant of the system's monotonic clock.
  public var now: Instant { MonotonicClock.now }

  /// Sends a message without waiting.
  ///
  /// Without a connection it is kept until ``next(until:)`` can send it, unless an equal one is
  /// kept already.
  public func send(_ message: Message) throws(TransportError) {
    if !waiting.contains(message) { waiting.append(message) }
    try flush()
  }

  /// Waits for the next arrival; an interrupt comes first.
  public func next(until deadline: Instant?) throws(TransportError) -> NodeArrival? {
    while true {
      if interrupt?.take() == true { return .interrupted }
      if let arrival = try arrival() { return arrival }
      if let deadline, now >= deadline { return nil }
      try wait(until: deadline, interrupt: interrupt)
    }
  }

  /// What has come and waits to be taken, if anything does; before that, what waits here goes out.
  func arrival() throws(TransportError) -> NodeArrival? {
    try flush()
    return try socket.receive().map { arrival(of: $0) }
  }

  /// Closes the socket.
  ///
  /// What libzmq has taken still goes out: closing the last socket of a process waits for that,
  /// for at most a second. Later calls throw ``TransportError/closed``.
  public func close() {
    monitor.close()
    socket.close()
  }

  /// Sends what waits, if a connection stands and as far as it takes it.
  private func flush() throws(TransportError) {
    try monitor.update()
    guard monitor.isConnected, !waiting.isEmpty else { return }
    var sent = 0
    while sent < waiting.count, try socket.send(waiting[sent].encoded()) { sent += 1 }
    waiting.removeFirst(sent)
  }

  /// Waits for anything to happen here or at the socket `beside`, which have just been found quiet.
  func wait(
    until deadline: Instant?, interrupt: Interrupt?, beside: Socket? = nil
  ) throws(TransportError) {
    let sending = monitor.isConnected && !waiting.isEmpty
    try socket.wait(
      until: deadline, sending: sending, interrupt: interrupt, monitor: monitor, beside: beside)
  }

  private func arrival(of parts: Socket.Parts) -> NodeArrival {
    do throws(WireError) {
      try limits.check(frames: parts.count)
      return .message(try Message.decoded(from: parts.frames, limits: limits))
    } catch {
      return .malformed(error)
    }
  }

  /// 16 random bytes, so that the hub knows the node again after a broken connection; libzmq
  /// keeps identities that begin with 0 for itself.
  private static func identity() -> [UInt8] {
    var system = SystemRandomNumberGenerator()
    return [1] + (0..<15).map { _ in UInt8.random(in: .min ... .max, using: &system) }
  }
}

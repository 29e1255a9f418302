internal import CZeroMQ
internal import Glibc
public import Transports

/// Stands between nodes and a coordinator, and lets messages pass, late, twice, damaged or not at all.
///
/// Each line has an endpoint of its own, a ROUTER socket that a node connects to, and towards the
/// coordinator a DEALER socket under the node's own identity: neither end notices that it is there. A
/// node that is started again has another identity and gets another DEALER. Messages are passed on as
/// frames; nothing is decoded.
public final class ZeroMQProxy {
  /// What becomes of a message on the line of this number, asked once for each message.
  public typealias Decision = (_ line: Int, _ direction: Passage.Direction) -> [Passage]

  /// A line: where its node connects to, and where the coordinator is.
  public struct Route: Sendable {
    let node: String
    let hub: String

    /// The line from one endpoint to another.
    public init(from node: String, to hub: String) {
      self.node = node
      self.hub = hub
    }
  }

  private let routes: [Route]
  private let limits: Limits
  private let interrupt: Interrupt
  private let decide: Decision
  private var fronts: [Socket] = []
  private var files: [SocketFile?] = []
  private var backs: [(identity: [UInt8], socket: Socket)?] = []
  /// What is on its way, in no order.
  private var late: [Letter] = []

  /// A message that is late.
  private struct Letter {
    var due: Instant
    var line: Int
    var direction: Passage.Direction
    var frames: [Frame]
  }

  /// Binds the lines.
  ///
  /// - Parameters:
  ///   - routes: The lines, by their numbers.
  ///   - limits: What may pass.
  ///   - interrupt: What ends ``run()``.
  ///   - decide: What becomes of each message.
  /// - Throws: ``TransportError`` when an endpoint cannot be bound.
  public init(
    _ routes: [Route], limits: Limits, interrupt: Interrupt, decide: @escaping Decision
  ) throws(TransportError) {
    self.routes = routes
    self.limits = limits
    self.interrupt = interrupt
    self.decide = decide
    for route in routes { try bind(route.node) }
  }

  deinit {
    for file in files { file?.remove() }
  }

  private func bind(_ endpoint: String) throws(TransportError) {
    let address = try Endpoint(binding: endpoint)
    let socket = try Socket(ZMQ_ROUTER, frameLimit: limits.tensors + 2)
    try socket.prepare(for: endpoint, limits: limits)
    try socket.set(ZMQ_ROUTER_HANDOVER, 1)
    try address.bind(socket)
    fronts.append(socket)
    files.append(address.file)
    backs.append(nil)
  }

  /// Passes messages on until it is interrupted.
  public func run() throws(TransportError) {
    while !interrupt.take() {
      try deliverLate()
      // The descriptor of a socket tells of news only after a receive that found nothing.
      while try passAll() {}
      try wait()
    }
  }

  /// Passes on what has come on any line; false where nothing had.
  private func passAll() throws(TransportError) -> Bool {
    var hasPassed = false
    for line in fronts.indices {
      if let parts = try fronts[line].receive() {
        hasPassed = true
        try pass(parts.frames, fromNodeOf: line)
      }
      if let back = backs[line], let parts = try back.socket.receive() {
        hasPassed = true
        try pass([Frame(back.identity)] + parts.frames, .toHospital, on: line)
      }
    }
    return hasPassed
  }

  private func pass(_ frames: [Frame], fromNodeOf line: Int) throws(TransportError) {
    let identity = frames[0].bytes()
    if backs[line]?.identity != identity {
      backs[line]?.socket.close()
      backs[line] = (identity, try connect(to: routes[line].hub, as: identity))
    }
    try pass(frames, .toCoordinator, on: line)
  }

  private func connect(
    to hub: String, as identity: [UInt8]
  ) throws(TransportError) -> Socket {
    let address = try Endpoint(connecting: hub)
    let socket = try Socket(ZMQ_DEALER, frameLimit: limits.tensors + 1)
    try socket.prepare(for: hub, limits: limits)
    try socket.set(ZMQ_ROUTING_ID, identity)
    try socket.set(ZMQ_RECONNECT_IVL, 50)
    try socket.set(ZMQ_RECONNECT_IVL_MAX, 1_000)
    try address.connect(socket)
    return socket
  }

  // MARK: On the way

  /// Takes a message whose first frame is the identity of the node.
  private func pass(
    _ frames: [Frame], _ direction: Passage.Direction, on line: Int
  ) throws(TransportError) {
    for passage in decide(line, direction) {
      var frames = frames
      if passage.isDamaged, frames.count > 1 { frames[1] = frames[1].damaged }
      let letter = Letter(
        due: MonotonicClock.now + passage.delay, line: line, direction: direction, frames: frames)
      if passage.delay == .zero { try deliver(letter) } else { late.append(letter) }
    }
  }

  private func deliverLate() throws(TransportError) {
    let now = MonotonicClock.now
    let due = late.filter { $0.due <= now }.sorted { $0.due < $1.due }
    late.removeAll { $0.due <= now }
    for letter in due { try deliver(letter) }
  }

  /// Sends a message; one that cannot be taken now is lost, as a network would lose it.
  private func deliver(_ letter: Letter) throws(TransportError) {
    switch letter.direction {
    case .toHospital: _ = try fronts[letter.line].send(letter.frames)
    case .toCoordinator:
      guard let back = backs[letter.line], back.identity == letter.frames[0].bytes() else { return }
      _ = try back.socket.send(Array(letter.frames.dropFirst()))
    }
  }

  private func wait() throws(TransportError) {
    let timeout = late.map(\.due).min()?.millisecondsLeft ?? -1
    let sockets = fronts + backs.compactMap { $0?.socket }
    var items = (sockets.map(\.descriptor) + [interrupt.descriptor]).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let result = unsafe Glibc.poll(&items, nfds_t(items.count), Int32(timeout))
    guard result >= 0 || errno == EINTR else { throw .ofSystem("wait for messages") }
  }
}

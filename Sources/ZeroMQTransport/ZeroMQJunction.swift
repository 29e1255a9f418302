public import Transports

/// A region's ends over ZeroMQ: a DEALER socket to the parent and a ROUTER socket for nodes, waited for
/// together.
public final class ZeroMQJunction: Junction {
  /// The endpoint that is bound, with the port that the system has chosen for `tcp://HOST:*`.
  public var endpoint: String { nodes.endpoint }

  private let parent: ZeroMQSpoke
  private let nodes: ZeroMQHub
  private let interrupt: Interrupt?

  /// Binds an endpoint for nodes, and connects to the parent's, whether or not anybody listens there.
  ///
  /// - Parameters:
  ///   - endpoint: `tcp://HOST:PORT`, `tcp://HOST:*`, or `ipc://PATH`.
  ///   - parent: `tcp://HOST:PORT` or `ipc://PATH`.
  ///   - limits: What nodes and the parent may send.
  ///   - interrupt: What ends a wait for messages, beside messages and deadlines.
  /// - Throws: ``TransportError`` when one of the endpoints cannot be used.
  public init(
    bind endpoint: String, parent: String, limits: Limits = .standard, interrupt: Interrupt? = nil
  ) throws(TransportError) {
    nodes = try ZeroMQHub(bind: endpoint, limits: limits)
    self.parent = try ZeroMQSpoke(connect: parent, limits: limits)
    self.interrupt = interrupt
  }

  /// The end to the parent.
  public var spoke: any Spoke { parent }

  /// The end to the nodes.
  public var hub: any Hub { nodes }

  /// Waits for the next arrival at either end; an interrupt comes first, then the parent.
  public func next(until deadline: Instant?) throws(TransportError) -> JunctionArrival? {
    while true {
      if interrupt?.take() == true { return .arrived(.interrupted) }
      switch try parent.arrival() {
      case .message(let message): return .told(message)
      // A parent of this version sends none; the region says hello again when its time comes.
      case .malformed: continue
      case .interrupted, nil: break
      }
      if let arrival = try nodes.arrival() { return .arrived(arrival) }
      if let deadline, parent.now >= deadline { return nil }
      try parent.wait(until: deadline, interrupt: interrupt, beside: nodes.socket)
    }
  }

  /// Closes both ends; later calls throw ``TransportError/closed``.
  public func close() {
    parent.close()
    nodes.close()
  }
}

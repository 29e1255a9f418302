/// A network in memory with a virtual clock: deliveries and timers, earliest first.
///
/// It carries messages, or whatever else stands for them on their way.
///
/// Nothing here knows of real time: taking the next event moves the clock to its instant. Two
/// events of the same instant come in the order in which they were asked for, so a run is the
/// same every time. Whoever plays the endpoints decides what is lost (by not sending it) and
/// what is ignored (by not acting on it).
public struct InMemoryNetwork<Content: Sendable>: Sendable {
  /// One end: a number that its owner chooses.
  public struct Endpoint: Hashable, Sendable {
    /// The number, such as 0 for the coordinator and from 1 for the nodes.
    public let number: Int

    /// The endpoint of a number.
    public init(_ number: Int) {
      self.number = number
    }
  }

  /// What happens at an endpoint.
  public enum Event: Sendable {
    /// A message has come.
    case message(Content, from: Endpoint)
    /// An instant that the endpoint asked for has come.
    case wake
  }

  /// An event and where it happens.
  public struct Delivery: Sendable {
    /// Where.
    public let endpoint: Endpoint
    /// What.
    public let event: Event
  }

  /// The present instant of the virtual clock.
  public private(set) var now = Instant.zero

  private let latency: @Sendable (_ from: Endpoint, _ to: Endpoint) -> Duration
  private var queue = EventQueue<Delivery>()

  /// A silent network.
  ///
  /// - Parameter latency: How long a message travels between two endpoints.
  public init(latency: @escaping @Sendable (_ from: Endpoint, _ to: Endpoint) -> Duration) {
    self.latency = latency
  }

  /// A silent network on which every message travels equally long.
  public init(latency: Duration = .zero) {
    self.init { _, _ in latency }
  }

  /// The number of events to come.
  public var pending: Int { queue.count }

  /// Sends a message: it arrives when `delay` (such as a time of computing) and the latency have
  /// passed.
  ///
  /// A negative sum counts as none.
  public mutating func send(
    _ message: Content, from sender: Endpoint, to receiver: Endpoint, after delay: Duration = .zero
  ) {
    let arrival = now + max(delay + latency(sender, receiver), .zero)
    queue.add(Delivery(endpoint: receiver, event: .message(message, from: sender)), at: arrival)
  }

  /// Wakes an endpoint at an instant, at once if that has passed.
  ///
  /// Timers cannot be taken back: an endpoint that no longer needs one does nothing when it comes.
  public mutating func wake(_ endpoint: Endpoint, at instant: Instant) {
    queue.add(Delivery(endpoint: endpoint, event: .wake), at: max(instant, now))
  }

  /// The next event, after moving the clock to its instant; nil when nothing is to come.
  public mutating func next() -> Delivery? {
    guard let first = queue.takeFirst() else { return nil }
    now = first.instant
    return first.payload
  }
}

extension InMemoryNetwork.Event: Equatable where Content: Equatable {}
extension InMemoryNetwork.Delivery: Equatable where Content: Equatable {}

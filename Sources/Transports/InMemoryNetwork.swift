/// A network in memory with a virtual clock: deliveries and timers, earliest first.
///
/// It carries messages, or whatever else stands for them on their way.
///
/// Nothing here knows of real time: taking the next event moves the clock to its instant. Two
/// events of the same instant come in the order in which they were asked for, so a run is the
/// same every time. Whoever plays the endpoints decides what is lost (by not sending it) and
/// what is ignored (by not acting on it).
///
/// Sending and taking cost O(log n) in the number of events to come, and O(1) for what is to happen at
/// the present instant. They are inlinable so that whoever simulates many thousand nodes gets them
/// made for its own kind of content.
public struct InMemoryNetwork<Content: Sendable>: Sendable {
  /// One end: a number that its owner chooses.
  public struct Endpoint: Hashable, Sendable {
    /// The number, such as 0 for the coordinator and from 1 for the nodes.
    public let number: Int

    /// The endpoint of a number.
    @inlinable
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

    @inlinable
    init(endpoint: Endpoint, event: Event) {
      self.endpoint = endpoint
      self.event = event
    }
  }

  /// The present instant of the virtual clock.
  public var now: Instant { present }

  @usableFromInline var present = Instant.zero

  @usableFromInline let latency: @Sendable (_ from: Endpoint, _ to: Endpoint) -> Duration
  @usableFromInline var queue = EventQueue<Delivery>()
  /// What was asked for in the present instant and is to happen in it.
  ///
  /// Whatever the queue holds for this instant was asked for earlier. Those before ``firstAtOnce`` have
  /// happened.
  @usableFromInline var atOnce: [Delivery?] = []
  @usableFromInline var firstAtOnce = 0

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
  public var pending: Int { queue.count + atOnce.count - firstAtOnce }

  /// Sends a message: it arrives when `delay` (such as a time of computing) and the latency have
  /// passed.
  ///
  /// A negative sum counts as none.
  @inlinable
  public mutating func send(
    _ message: Content, from sender: Endpoint, to receiver: Endpoint, after delay: Duration = .zero
  ) {
    let arrival = present + max(delay + latency(sender, receiver), .zero)
    add(Delivery(endpoint: receiver, event: .message(message, from: sender)), at: arrival)
  }

  /// Wakes an endpoint at an instant, at once if that has passed.
  ///
  /// Timers cannot be taken back: an endpoint that no longer needs one does nothing when it comes.
  @inlinable
  public mutating func wake(_ endpoint: Endpoint, at instant: Instant) {
    add(Delivery(endpoint: endpoint, event: .wake), at: max(instant, present))
  }

  @inlinable
  mutating func add(_ delivery: Delivery, at instant: Instant) {
    if instant == present { atOnce.append(delivery) } else { queue.add(delivery, at: instant) }
  }

  /// The next event, after moving the clock to its instant; nil when nothing is to come.
  @inlinable
  public mutating func next() -> Delivery? {
    if firstAtOnce < atOnce.count, queue.earliest != present { return takeAtOnce() }
    guard let first = queue.takeFirst() else { return nil }
    present = first.instant
    return first.payload
  }

  @inlinable
  mutating func takeAtOnce() -> Delivery? {
    let delivery = atOnce[firstAtOnce].take()
    firstAtOnce += 1
    // What has happened is let go before it outweighs what has not.
    if firstAtOnce == atOnce.count || firstAtOnce > 1_024 && firstAtOnce > atOnce.count / 2 {
      atOnce.removeFirst(firstAtOnce)
      firstAtOnce = 0
    }
    return delivery
  }
}

extension InMemoryNetwork.Event: Equatable where Content: Equatable {}
extension InMemoryNetwork.Delivery: Equatable where Content: Equatable {}

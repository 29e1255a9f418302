/// What a node's end of a transport hands over.
public enum NodeArrival: Equatable, Sendable {
  /// A message that keeps the contract.
  case message(Message)
  /// Something else. Nothing of it has been kept.
  case malformed(WireError)
  /// The user asks the program to stop.
  case interrupted
}

/// A node's end of a transport.
///
/// One owner, one thread at a time.
public protocol Spoke: AnyObject {
  /// The present instant of the clock by which deadlines are meant.
  var now: Instant { get }

  /// Sends a message to the coordinator without waiting.
  ///
  /// A coordinator that is not there is no error: the transport connects again by itself.
  func send(_ message: Message) throws(TransportError)

  /// Waits for the next arrival, for ever without a deadline.
  ///
  /// - Returns: What has arrived, or nil when the deadline has come. A deadline that has passed
  ///   still collects what is there already.
  func next(until deadline: Instant?) throws(TransportError) -> NodeArrival?
}

/// What the coordinator's end of a transport hands over.
public enum Arrival: Equatable, Sendable {
  /// A message that keeps the contract.
  case message(Message, from: Peer)
  /// Something else. Nothing of it has been kept.
  case malformed(WireError, from: Peer)
  /// The user asks the program to stop.
  case interrupted
}

/// The coordinator's end of a transport.
///
/// One owner, one thread at a time.
public protocol Hub: AnyObject {
  /// The present instant of the clock by which deadlines are meant.
  var now: Instant { get }

  /// Sends a message without waiting.
  ///
  /// A peer that is gone, or that does not read what it is sent, is no error: the message is
  /// dropped, and whoever needs an answer asks again.
  func send(_ message: Message, to peer: Peer) throws(TransportError)

  /// Waits for the next arrival, for ever without a deadline.
  ///
  /// - Returns: What has arrived, or nil when the deadline has come. A deadline that has passed
  ///   still collects what is there already.
  func next(until deadline: Instant?) throws(TransportError) -> Arrival?
}

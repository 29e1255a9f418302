/// What a region's ends of a transport hand over.
public enum JunctionArrival: Equatable, Sendable {
  /// A message of the parent that keeps the contract.
  case told(Message)
  /// What has come from a node, or the user's wish to stop.
  case arrived(Arrival)
}

/// The two ends of a transport that a region stands between: a node's to its parent, and a
/// coordinator's to its nodes.
///
/// One owner, one thread at a time.
public protocol Junction: AnyObject {
  /// The end to the parent.
  var spoke: any Spoke { get }
  /// The end to the nodes.
  var hub: any Hub { get }

  /// Waits for the next arrival at either end, for ever without a deadline.
  ///
  /// - Returns: What has arrived, or nil when the deadline has come. A deadline that has passed
  ///   still collects what is there already.
  func next(until deadline: Instant?) throws(TransportError) -> JunctionArrival?
}

public import Transports

/// One hospital's part of an assignment.
public struct Job: Equatable, Sendable {
  /// Which piece of work.
  public var turn: Turn
  /// The hospital that does it.
  public var hospital: String
  /// What the coordinator sent along.
  public var tensors: [Tensor]
  /// The last round in which an answer of the hospital was counted, 0 before any; `nil` where the
  /// coordinator does not say, as hospitals keep nothing.
  public var lastCounted: Int?
  /// The rounds from which acts of the timeline hold that hospitals do and that go by time, of those
  /// whose time has come; `nil` where the coordinator does not say, as there are none.
  public var onsets: [Int]?

  /// Takes the parts as they are.
  public init(
    turn: Turn, hospital: String, tensors: [Tensor], lastCounted: Int? = nil,
    onsets: [Int]? = nil
  ) {
    self.turn = turn
    self.hospital = hospital
    self.tensors = tensors
    self.lastCounted = lastCounted
    self.onsets = onsets
  }
}

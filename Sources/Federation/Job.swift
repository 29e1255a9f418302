public import Transports

/// One hospital's part of an assignment.
public struct Job: Equatable, Sendable {
  /// Which piece of work.
  public var turn: Turn
  /// The hospital that does it.
  public var hospital: String
  /// What the coordinator sent along.
  public var tensors: [Tensor]

  /// Takes the parts as they are.
  public init(turn: Turn, hospital: String, tensors: [Tensor]) {
    self.turn = turn
    self.hospital = hospital
    self.tensors = tensors
  }
}

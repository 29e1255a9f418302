/// What an earlier run says that it counted, where time decided more than who answered: which answers
/// made up each round, when each of them was begun, and who was judged.
public struct RecordedCourse: Sendable {
  /// An evaluation that was made.
  public struct Judging: Sendable {
    /// The rounds learnt before it.
    public var round: Int
    /// Whether it was the one at the end of the run.
    public var final: Bool
    /// The hospitals that did not answer.
    public var missing: [String]

    /// Takes the parts as they are.
    public init(round: Int, final: Bool, missing: [String]) {
      (self.round, self.final, self.missing) = (round, final, missing)
    }
  }

  /// The rounds that were closed, from round 0.
  public var rounds: [RoundRecord]
  /// The evaluations, in order.
  public var judgings: [Judging]

  /// Takes the parts as they are.
  public init(rounds: [RoundRecord], judgings: [Judging]) {
    (self.rounds, self.judgings) = (rounds, judgings)
  }
}

/// When a rule is in force: from a round on, at once or gradually, and until a round.
///
/// The strength in round r of a rule that sets in at round f over n rounds and ends with round u:
///
///     strength(r) = 0                          r < f or r > u
///     strength(r) = min(1, (r − f + 1) / n)    else
///
/// Round 0, in which hospitals describe themselves, has the strength of the beginning.
public struct Onset: Equatable, Sendable {
  /// The first round in which the rule is in force, if not from the beginning.
  public var from: Int?
  /// The last round in which it is in force, if not for good.
  public var until: Int?
  /// The rounds that it takes to full strength; 1 is at once.
  public var over: Int

  /// From the beginning and for good, unless said otherwise.
  ///
  /// - Precondition: it sets in over one round or more.
  public init(from: Int? = nil, until: Int? = nil, over: Int = 1) {
    precondition(over >= 1, "a rule cannot set in over \(over) rounds")
    self.from = from
    self.until = until
    self.over = over
  }

  /// How strong the rule is in `round`: from 0, not at all, to 1.
  public func strength(in round: Int) -> Double {
    if let until, round > until { return 0 }
    guard let from else { return 1 }
    guard round >= from else { return 0 }
    return min(1, Double(round - from + 1) / Double(over))
  }
}

import Transports

/// Which hospitals were asked in rounds that went on without them, and may still answer.
struct Latecomers {
  private struct Debt {
    /// The rounds for which an answer may still come, in ascending order.
    var rounds: [Int]
    /// When the hospital is lost unless it is heard of; `nil` if it is not waited for.
    var until: Instant?
  }

  private var debts: [String: Debt] = [:]
  /// Late answers since the last reset that were folded in.
  private(set) var used = 0
  /// Late answers since the last reset that were not.
  private(set) var dropped = 0
  /// Whose the ones that were folded in are, and when they were begun.
  private var folded: [RoundRecord.Earlier] = []

  /// Notes that `round` is over, for which `hospital` was asked and may answer late.
  mutating func owe(_ round: Int, by hospital: String, until: Instant?) {
    let earliest = debts[hospital]?.until
    debts[hospital, default: Debt(rounds: [], until: nil)].rounds.append(round)
    debts[hospital]?.until = earliest ?? until
  }

  /// Whether an answer of `hospital` to `round` is one that was still to come.
  ///
  /// It is then no longer, and neither are those to earlier rounds: a hospital answers in the order
  /// in which it is asked, and drops the work that it has not begun when it gets newer.
  mutating func settle(_ round: Int, by hospital: String) -> Bool {
    guard var debt = debts[hospital] else { return false }
    let isOwed = debt.rounds.contains(round)
    debt.rounds.removeAll { $0 <= round }
    debt.until = nil
    debts[hospital] = debt.rounds.isEmpty ? nil : debt
    return isOwed
  }

  /// Notes that a hospital has been heard of and has nothing to do: what it owes has got lost, or is
  /// on its way.
  mutating func excuse(_ hospital: String) {
    debts[hospital]?.until = nil
  }

  /// The hospitals that have not been heard of since a deadline that has passed, sorted by name; they
  /// are not waited for any longer.
  mutating func takeOverdue(at now: Instant) -> [String] {
    let overdue = debts.filter { $0.value.until.map { $0 <= now } ?? false }.keys.sorted()
    for hospital in overdue { debts[hospital]?.until = nil }
    return overdue
  }

  /// Counts a late answer of a hospital, begun in `round`, that was folded in.
  mutating func use(_ hospital: String, begun round: Int) {
    used += 1
    folded.append(.init(hospital: hospital, begun: round))
  }

  /// Counts a late answer that was not.
  mutating func drop() {
    dropped += 1
  }

  /// Gives the counts since the last time and what was folded in, and begins to count anew.
  mutating func takeCounts() -> (RoundRecord.Late, [RoundRecord.Earlier]) {
    defer { (used, dropped, folded) = (0, 0, []) }
    return (RoundRecord.Late(used: used, dropped: dropped), folded.inOrder)
  }
}

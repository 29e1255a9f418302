import Transports

/// One turn put to a set of hospitals: who is still to answer, and until when.
struct Question {
  /// What is asked.
  let turn: Turn
  /// When waiting ends.
  let deadline: Instant
  /// Answers without which it cannot be settled.
  let quorum: Int
  /// Answers that settle it before all have come; `nil` if it waits for all.
  let sufficient: Int?
  /// The invited hospitals that have not answered yet, whether they could be asked or not.
  private(set) var open: Set<String>
  /// Those of ``open`` that were asked and are waited for.
  private(set) var awaited: Set<String> = []
  /// Those of ``open`` that were asked and are no longer waited for.
  private(set) var givenUp: Set<String> = []
  /// Whose contributions were counted.
  private(set) var answered: [String] = []
  /// Who answered without one, and why.
  private(set) var declined: [RoundRecord.Declined] = []
  /// How many of them found numbers that are not finite.
  private(set) var divergences = 0

  init(
    turn: Turn, invited: [String], quorum: Int, sufficient: Int? = nil, deadline: Instant
  ) {
    self.turn = turn
    self.quorum = quorum
    self.sufficient = sufficient
    self.deadline = deadline
    open = Set(invited)
  }

  /// Whether enough have answered and nobody is waited for, or nobody need be.
  var isComplete: Bool { hasQuorum && (awaited.isEmpty || hasSufficient) }
  private var hasSufficient: Bool { sufficient.map { answered.count >= $0 } ?? false }
  /// Whether enough have answered.
  var hasQuorum: Bool { answered.count >= quorum }
  /// Whether everyone has answered and it was still not enough: waiting would be in vain.
  var isHopeless: Bool { open.isEmpty && !hasQuorum }
  /// Whether it lacks the quorum only because learning has gone astray.
  var hasDiverged: Bool { !hasQuorum && divergences > 0 && answered.count + divergences >= quorum }
  /// Who has not answered, sorted by name.
  var missing: [String] { open.sorted() }

  /// Notes that a hospital has been asked.
  mutating func ask(_ hospital: String) {
    guard open.contains(hospital) else { return }
    awaited.insert(hospital)
    givenUp.remove(hospital)
  }

  /// Notes that a hospital will not answer for now; it may be asked again.
  mutating func giveUp(on hospital: String) {
    if awaited.remove(hospital) != nil { givenUp.insert(hospital) }
  }

  /// Counts a contribution.
  mutating func count(_ hospital: String) {
    settle(hospital)
    answered.append(hospital)
  }

  /// Counts an answer without a contribution.
  mutating func decline(_ hospital: String, reason: String, isDivergence: Bool = false) {
    settle(hospital)
    if isDivergence { divergences += 1 }
    declined.append(.init(hospital: hospital, reason: reason))
  }

  private mutating func settle(_ hospital: String) {
    open.remove(hospital)
    awaited.remove(hospital)
    if !givenUp.isEmpty { givenUp.remove(hospital) }
  }
}

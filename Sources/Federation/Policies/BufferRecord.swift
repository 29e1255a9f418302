/// What has come of a buffer until now.
struct BufferRecord {
  /// Whose contributions were folded in, in the order of arrival; more than once who gave several.
  private(set) var answered: [String] = []
  /// Who answered without one, and why.
  private(set) var declined: [RoundRecord.Declined] = []
  /// How many of them found numbers that are not finite.
  private(set) var divergences = 0
  /// Who let a deadline pass.
  private(set) var missing: Set<String> = []
  /// What became of answers that were no longer waited for or too stale.
  private(set) var late = RoundRecord.Late(used: 0, dropped: 0)
  private var staleness = 0
  private var greatest = 0
  /// Who gave the answers of either kind that were begun in earlier rounds, and when.
  private var begunEarlier: [RoundRecord.Earlier] = []

  /// The answers that were begun in earlier rounds, in the order of the journal.
  var earlier: [RoundRecord.Earlier] { begunEarlier.inOrder }

  /// How stale the folded contributions were.
  var stalenessRecord: RoundRecord.Staleness {
    let mean = answered.isEmpty ? 0 : Double(staleness) / Double(answered.count)
    return RoundRecord.Staleness(mean: mean, greatest: greatest)
  }

  /// Notes a contribution to the work of `piece` that was folded into `round`.
  mutating func fold(_ hospital: String, _ piece: Workshop.Piece, in round: Int) {
    answered.append(hospital)
    staleness += round - piece.round
    greatest = max(greatest, round - piece.round)
    if !piece.isAwaited { late.used += 1 }
    noteBeginning(hospital, piece, in: round)
  }

  mutating func drop() {
    late.dropped += 1
  }

  /// Notes an answer without a contribution to the work of `piece`, which came in `round`.
  mutating func decline(
    _ hospital: String, _ piece: Workshop.Piece, in round: Int, reason: String,
    isDivergence: Bool = false
  ) {
    if isDivergence { divergences += 1 }
    declined.append(.init(hospital: hospital, reason: reason))
    noteBeginning(hospital, piece, in: round)
  }

  private mutating func noteBeginning(
    _ hospital: String, _ piece: Workshop.Piece, in round: Int
  ) {
    guard piece.round < round else { return }
    begunEarlier.append(.init(hospital: hospital, begun: piece.round))
  }

  mutating func miss(_ hospital: String) {
    missing.insert(hospital)
  }
}

extension [RoundRecord.Earlier] {
  /// By name, then by round.
  var inOrder: Self { sorted { ($0.hospital, $0.begun) < ($1.hospital, $1.begun) } }
}

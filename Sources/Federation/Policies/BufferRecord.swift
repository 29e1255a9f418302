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

  /// How stale the folded contributions were.
  var stalenessRecord: RoundRecord.Staleness {
    let mean = answered.isEmpty ? 0 : Double(staleness) / Double(answered.count)
    return RoundRecord.Staleness(mean: mean, greatest: greatest)
  }

  mutating func fold(_ hospital: String, staleness updates: Int, isLate: Bool) {
    answered.append(hospital)
    staleness += updates
    greatest = max(greatest, updates)
    if isLate { late.used += 1 }
  }

  mutating func drop() {
    late.dropped += 1
  }

  mutating func decline(_ hospital: String, reason: String, isDivergence: Bool = false) {
    if isDivergence { divergences += 1 }
    declined.append(.init(hospital: hospital, reason: reason))
  }

  mutating func miss(_ hospital: String) {
    missing.insert(hospital)
  }
}

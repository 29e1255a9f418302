extension TimelineEntry {
  /// When what happens to whom, in words.
  public var sentence: String {
    let span = rounds.map { ", for \(counted($0))" } ?? ""
    guard act != .restart else { return "\(moment.phrase): \(act.phrase)" }
    return "\(moment.phrase): \(act.phrase) \(listed(hospitals))\(span)"
  }
}

extension FaultPlan {
  /// What happens how often, for how long and to whom, in words.
  public var sentence: String {
    let span = act.lasts ? ", each for \(counted(rounds))" : ""
    let whom =
      regions.map { ", at all hospitals of one of \(listed($0))" }
      ?? hospitals.map { ", at one of \(listed($0))" }
      ?? (act == .restart ? "" : ", at one of those that train")
    return "\(act.phrase): \(rate.short) in a hundred rounds\(span)\(whom)"
  }
}

extension TimelineEntry.Moment {
  fileprivate var phrase: String {
    switch self {
    case .round(let round): "round \(round)"
    case .time(let seconds): "after \(seconds.short)s"
    }
  }
}

extension ActPlan {
  fileprivate var phrase: String {
    switch self {
    case .plain(let act): act.rawValue
    case .restart: "restart of the coordinator"
    case .slow(let factor): "work takes \(factor.short) times as long at"
    case .disturb(let plan): plan.phrase
    case .hostile(let plan):
      plan.kind.usualStrength == nil
        ? "hostile, \(plan.kind.rawValue):"
        : "hostile, \(plan.kind.rawValue) of strength \(plan.strength.short):"
    case .drift(let plan): "drift, \(plan.effect.kind.rawValue):"
    }
  }
}

extension DisturbancePlan {
  fileprivate var phrase: String {
    let late = delay > 0 ? " by \(kind == .reorder ? "up to " : "")\(delay.short)s" : ""
    let share = probability < 1 ? " with probability \(probability.short)" : ""
    return "\(kind.rawValue) messages\(late)\(share) of"
  }
}

private func counted(_ rounds: Int) -> String { rounds == 1 ? "1 round" : "\(rounds) rounds" }

private func listed(_ names: [String]) -> String {
  names.prefix(8).joined(separator: ", ")
    + (names.count > 8 ? " and \(names.count - 8) more" : "")
}

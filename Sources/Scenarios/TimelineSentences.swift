extension TimelineEntry {
  /// When what happens to whom, in words.
  public var sentence: String {
    let span = rounds.map { ", for \(counted($0, "round"))" } ?? ""
    guard act != .restart else { return "\(moment.phrase): \(act.phrase)" }
    return "\(moment.phrase): \(act.phrase)\(act.link) \(listed(hospitals))\(span)"
  }
}

extension FaultPlan {
  /// What happens how often, for how long and to whom, in words.
  public var sentence: String { "\(act.phrase): \(rate.short) in a hundred rounds\(span)\(whom)" }

  /// What each of its drifts does to patients, how often, for how long and to whom, in a sentence with the
  /// scenario's numbers; `nil` for any other act.
  public var ruleSentence: String? {
    guard case .drift(let plan) = act else { return nil }
    let slope = plan.over > 1 ? ", each over \(plan.over) rounds" : ""
    return "\(plan.effect.sentence), by chance \(rate.short) times in a hundred rounds"
      + "\(slope)\(span)\(whom)."
  }

  private var span: String { act.lasts ? ", each for \(counted(rounds, "round"))" : "" }

  private var whom: String {
    regions.map { ", at all hospitals of \(oneOf($0))" } ?? hospitals.map { ", at \(oneOf($0))" }
      ?? (act == .restart ? "" : ", at one of those that train")
  }

  private func oneOf(_ names: [String]) -> String {
    names.count == 1 ? names[0] : "one of " + listed(names)
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
    case .slow(let factor): "work takes \(factor.short) times as long"
    case .disturb(let plan): plan.phrase
    case .hostile(let plan):
      plan.kind.usualStrength == nil
        ? "hostile, \(plan.kind.rawValue)"
        : "hostile, \(plan.kind.rawValue) of strength \(plan.strength.short)"
    case .drift(let plan): "drift, \(plan.effect.kind.rawValue)"
    }
  }

  /// What stands between the phrase and those it happens to.
  fileprivate var link: String {
    switch self {
    case .plain, .restart: ""
    case .slow: " at"
    case .disturb: " of"
    case .hostile, .drift: ":"
    }
  }
}

extension DisturbancePlan {
  fileprivate var phrase: String {
    let late = delay > 0 ? " by \(kind == .reorder ? "up to " : "")\(delay.short)s" : ""
    let share = probability < 1 ? " with probability \(probability.short)" : ""
    return "\(kind.rawValue) messages\(late)\(share)"
  }
}

/// So many of something, in the number that the count asks for.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

private func listed(_ names: [String]) -> String {
  names.prefix(8).joined(separator: ", ")
    + (names.count > 8 ? " and \(names.count - 8) more" : "")
}

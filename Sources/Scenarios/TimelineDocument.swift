// What is written of a timeline and of rates of faults; nothing of one that is empty.

extension Scenario {
  /// The sections `timeline` and `faults`, those of them that hold something.
  var eventDocuments: [(key: String, value: ScenarioDocument)] {
    let entries: [(key: String, value: ScenarioDocument)] =
      timeline.isEmpty ? [] : [("timeline", .list(timeline.map(\.document)))]
    let rates: [(key: String, value: ScenarioDocument)] =
      faults.isEmpty ? [] : [("faults", .mapping(faults.map { ($0.act.key, $0.document) }))]
    return entries + rates
  }
}

extension TimelineEntry {
  fileprivate var document: ScenarioDocument { .mapping([moment.document, actDocument]) }

  private var actDocument: (key: String, value: ScenarioDocument) {
    if act == .restart { return (act.key, .text("coordinator")) }
    let names = ScenarioDocument.group(hospitals)
    if case .plain = act { return (act.key, names) }
    let span = rounds.map { [("rounds", ScenarioDocument.whole($0))] } ?? []
    return (act.key, .mapping([("hospitals", names)] + act.settings + span))
  }
}

extension TimelineEntry.Moment {
  fileprivate var document: (key: String, value: ScenarioDocument) {
    switch self {
    case .round(let round): ("round", .whole(round))
    case .time(let seconds): ("at", .seconds(seconds))
    }
  }
}

extension FaultPlan {
  fileprivate var document: ScenarioDocument {
    if act == .restart { return .mapping([("rate", .number(rate))]) }
    let span: [(key: String, value: ScenarioDocument)] =
      act.lasts ? [("rounds", .whole(rounds))] : []
    let names =
      hospitals.map { [("hospitals", ScenarioDocument.group($0))] }
      ?? regions.map { [("regions", ScenarioDocument.group($0))] } ?? []
    return .mapping([("rate", .number(rate))] + span + names + act.settings)
  }
}

extension ActPlan {
  fileprivate var settings: [(key: String, value: ScenarioDocument)] {
    switch self {
    case .plain, .restart: []
    case .drift(let plan):
      [
        (plan.effect.kind.rawValue, .mapping(plan.effect.settings)), ("name", .text(plan.name)),
        ("over", .whole(plan.over)),
      ]
    case .slow(let factor): [("factor", .number(factor))]
    case .disturb(let plan):
      [("probability", .number(plan.probability))]
        + (plan.kind.delayKey.map { [($0, ScenarioDocument.seconds(plan.delay))] } ?? [])
    case .hostile(let plan):
      [("attack", .text(plan.kind.rawValue))]
        + (plan.kind.usualStrength == nil ? [] : [("strength", .number(plan.strength))])
    }
  }
}

extension ScenarioDocument {
  /// One name as a word, several as a list.
  fileprivate static func group(_ names: [String]) -> Self {
    names.count == 1 ? .text(names[0]) : .names(names)
  }
}

extension FederationPlan {
  /// The settings under the keys of a scenario file; what says nothing beyond a plain synchronous
  /// round is left out.
  var document: ScenarioDocument {
    .mapping(
      [
        ("rounds", .whole(rounds)), ("episodes-per-round", .whole(episodesPerRound)),
      ] + share + [
        ("deadline", .seconds(deadline)), ("quorum", .whole(quorum)),
        ("assembly", .seconds(assembly)),
      ] + policyKeys + answerKeys)
  }

  /// A buffer takes whoever is idle, so there is no share of hospitals to invite.
  private var share: [(key: String, value: ScenarioDocument)] {
    isBuffered ? [] : [("participation", .number(participation))]
  }

  private var policyKeys: [(key: String, value: ScenarioDocument)] {
    let name = ("policy", ScenarioDocument.text(policy.name.rawValue))
    switch policy {
    case .synchronous: return []
    case .overSelection(let factor): return [name, ("over-selection", .number(factor))]
    case .buffered(let plan):
      return [name, ("buffer", .whole(plan.size)), ("concurrency", .whole(plan.concurrency))]
    }
  }

  private var answerKeys: [(key: String, value: ScenarioDocument)] {
    var keys: [(key: String, value: ScenarioDocument)] = []
    if participationBy != .uniform {
      keys.append(("participation-by", .text(participationBy.rawValue)))
    }
    if let late { keys.append(("late", .text(late.rawValue))) }
    if weighsStaleness {
      let values: [(key: String, value: ScenarioDocument)] = [
        ("exponent", .number(staleness.exponent)), ("limit", .whole(staleness.limit)),
      ]
      keys.append(("staleness", .mapping(values)))
    }
    return keys
  }
}

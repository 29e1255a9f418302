extension HeterogeneityRulePlan {
  /// The rule under the keys of a scenario file, every default filled in.
  var document: ScenarioDocument {
    var settings = effect.settings
    settings.append(("name", .text(name)))
    if let hospitals { settings.append(("hospitals", .names(hospitals))) }
    if let fromRound { settings.append(("from-round", .whole(fromRound))) }
    if let untilRound { settings.append(("until-round", .whole(untilRound))) }
    if effect != .temporalSplit { settings.append(("over", .whole(over))) }
    return .mapping([(effect.kind.rawValue, .mapping(settings))])
  }
}

extension HeterogeneityRulePlan.Effect {
  /// The kind of rule, by its name in scenarios.
  var kind: RuleKind {
    switch self {
    case .labelSkew: .labelSkew
    case .quantitySkew: .quantitySkew
    case .caseMix: .caseMix
    case .conceptShift: .conceptShift
    case .measurement: .measurement
    case .missingFeatures: .missingFeatures
    case .labelNoise: .labelNoise
    case .temporalSplit: .temporalSplit
    }
  }

  /// The settings of the rule, under their keys.
  var settings: [(key: String, value: ScenarioDocument)] {
    switch self {
    case .labelSkew(let plan): plan.settings
    case .quantitySkew(let plan): plan.settings
    case .caseMix(let plan):
      [
        ("shift", .number(plan.shift)), ("scale", .number(plan.scale)),
        ("rotation", .number(plan.rotation)),
      ] + clusters(plan.clusters)
    case .conceptShift(let plan): [("spread", .number(plan.spread))] + clusters(plan.clusters)
    case .measurement(let plan): plan.settings
    case .missingFeatures(let plan): plan.settings
    case .labelNoise(let plan): [("kind", .text(plan.kind.rawValue)), ("rate", plan.rate.document)]
    case .temporalSplit: []
    }
  }

  private func clusters(_ count: Int?) -> [(key: String, value: ScenarioDocument)] {
    count.map { [("clusters", .whole($0))] } ?? []
  }
}

extension LabelSkewPlan {
  var settings: [(key: String, value: ScenarioDocument)] {
    switch self {
    case .dirichlet(let alpha): [("dirichlet", .number(alpha))]
    case .classes(let count): [("classes", .whole(count))]
    case .prevalence(let shares): [("prevalence", shares.document)]
    }
  }
}

extension QuantitySkewPlan {
  var settings: [(key: String, value: ScenarioDocument)] {
    switch self {
    case .logNormal(let sigma): [("log-normal", .number(sigma))]
    case .zipf(let exponent): [("zipf", .number(exponent))]
    case .counts(let counts): [("counts", .byHospital(counts.mapValues { .whole($0) }))]
    }
  }
}

extension MeasurementPlan {
  fileprivate var settings: [(key: String, value: ScenarioDocument)] {
    features.document + [
      ("factor", .number(factor)), ("factor-spread", .number(factorSpread)),
      ("offset", .number(offset)), ("offset-spread", .number(offsetSpread)),
      ("rounding", .number(rounding)), ("codes", .truth(codes)),
    ]
  }
}

extension MissingFeaturesPlan {
  fileprivate var settings: [(key: String, value: ScenarioDocument)] {
    features.document + [
      ("share", .number(share)), ("by-value", .number(byValue)), ("columns", .number(columns)),
      ("never", .list(never.map { .text($0) })), ("indicator", .truth(indicator)),
    ]
  }
}

extension PartitionPlan {
  /// The partition under the keys of a scenario file.
  var document: ScenarioDocument {
    switch self {
    case .pooled(let plan):
      let from = plan.from.map { names in
        [("from", ScenarioDocument.names(names))]
      }
      let labels = plan.labelSkew.map { [("label-skew", ScenarioDocument.mapping($0.settings))] }
      let sizes = plan.quantitySkew.map {
        [("quantity-skew", ScenarioDocument.mapping($0.settings))]
      }
      return .mapping(
        [("of", .text("pooled"))] + (from ?? []) + (labels ?? []) + (sizes ?? []))
    case .regrouped(let merge, let split, let beside):
      let parts = split.sorted { $0.key < $1.key }.map {
        ($0.key, ScenarioDocument.whole($0.value))
      }
      return .mapping(
        [("of", .text("hospitals"))]
          + pools(merge, under: "merge")
          + (split.isEmpty ? [] : [("split", .mapping(parts))])
          + pools(beside, under: "beside"))
    }
  }

  /// New hospitals with those that they are made of, where there are any.
  private func pools(
    _ pools: [String: [String]], under key: String
  ) -> [(key: String, value: ScenarioDocument)] {
    guard !pools.isEmpty else { return [] }
    let members = pools.sorted { $0.key < $1.key }.map { name, members in
      (name, ScenarioDocument.names(members))
    }
    return [(key, .mapping(members))]
  }
}

extension [String]? {
  /// The names of features, where some are named.
  fileprivate var document: [(key: String, value: ScenarioDocument)] {
    map { [("features", .list($0.map { .text($0) }))] } ?? []
  }
}

extension PerHospital<Double> {
  fileprivate var document: ScenarioDocument {
    switch self {
    case .same(let number): .number(number)
    case .named(let numbers): .byHospital(numbers.mapValues { .number($0) })
    }
  }
}

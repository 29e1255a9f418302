import Scenarios

/// Draws rules of heterogeneity that the reader accepts for given cohorts.
struct RandomRules {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  mutating func rules(for cohorts: CohortPlan, rounds: Int) -> [HeterogeneityRulePlan] {
    switch cohorts.source {
    case .sinusoid, .doses: return []
    case .synthetic, .heartDisease, .strokeTrial, .published, .tenClasses: break
    }
    let effects = self.effects(for: cohorts).shuffled(using: &random)
    return effects.prefix(Int.random(in: 0...3, using: &random)).enumerated().map {
      rule($1, name: "rule-\($0)", among: Array(cohorts.hospitals), rounds: rounds)
    }
  }

  /// A drift of these hospitals, whose stream no rule has.
  mutating func drift(for cohorts: CohortPlan, at hospitals: [String]) -> DriftPlan? {
    switch cohorts.source {
    case .sinusoid, .doses: return nil
    case .synthetic, .heartDisease, .strokeTrial, .published, .tenClasses: break
    }
    let effect = effects(for: cohorts).filter { $0 != .temporalSplit }.randomElement(using: &random)
    return effect.map {
      DriftPlan(
        name: "drift", effect: $0.confined(to: hospitals),
        over: Int.random(in: 1...9, using: &random))
    }
  }

  private mutating func rule(
    _ effect: HeterogeneityRulePlan.Effect, name: String, among hospitals: [String], rounds: Int
  ) -> HeterogeneityRulePlan {
    var plan = HeterogeneityRulePlan(name: name, effect: effect)
    if Bool.random(using: &random) {
      let concerned = some(of: hospitals)
      plan.hospitals = concerned
      plan.effect = effect.confined(to: concerned)
    }
    guard effect != .temporalSplit, Bool.random(using: &random) else { return plan }
    let from = Int.random(in: 1...rounds, using: &random)
    plan.fromRound = from
    plan.over = Int.random(in: 1...9, using: &random)
    if Bool.random(using: &random) {
      plan.untilRound = Int.random(in: from...rounds, using: &random)
    }
    return plan
  }

  private mutating func some(of hospitals: [String]) -> [String] {
    let count = Int.random(in: 1...hospitals.count, using: &random)
    return Array(hospitals.shuffled(using: &random).prefix(count))
  }

  private mutating func number(_ range: ClosedRange<Double>) -> Double {
    let number = Double.random(in: range, using: &random)
    return Bool.random(using: &random) ? number : range.upperBound
  }

  private mutating func each(of hospitals: [String]) -> PerHospital<Double> {
    guard Bool.random(using: &random) else { return .same(number(0...1)) }
    let named = some(of: hospitals).map { ($0, number(0...1)) }
    return .named(Dictionary(uniqueKeysWithValues: named))
  }

  private mutating func effects(for cohorts: CohortPlan) -> [HeterogeneityRulePlan.Effect] {
    let clusters = Bool.random(using: &random) ? Int.random(in: 1...1000, using: &random) : nil
    let features = Bool.random(using: &random) ? ["age", "chol: a", "null"] : nil
    var effects: [HeterogeneityRulePlan.Effect] = [
      .quantitySkew(quantity(Array(cohorts.hospitals))),
      .caseMix(
        CaseMixPlan(
          shift: number(0...10), scale: number(0...3), rotation: number(0...360),
          clusters: clusters)),
      .measurement(
        MeasurementPlan(
          features: features, factor: number(0.1...5), factorSpread: number(0...5),
          offset: number(-5...5), offsetSpread: number(0...10), rounding: number(0...9),
          codes: Bool.random(using: &random))),
    ]
    if cohorts.standardisation != .none {
      effects.append(
        .missingFeatures(
          MissingFeaturesPlan(
            features: features, share: number(0...1), byValue: number(-10...10),
            columns: number(0...1), never: features ?? [], indicator: Bool.random(using: &random))))
    }
    // A patient's own records are in the order of time already, and their outcomes are numbers.
    guard !cohorts.source.isOfRecords else { return effects }
    effects.append(.temporalSplit)
    if case .tenClasses = cohorts.source { return effects + [.labelSkew(skewOfTen())] }
    guard case .synthetic(let plan) = cohorts.source else {
      return effects + classes(Array(cohorts.hospitals))
    }
    if cohorts.partition == nil {
      effects.append(.conceptShift(ConceptShiftPlan(spread: number(0...10), clusters: clusters)))
    }
    return plan.outcome == .diagnosis ? effects + classes(Array(cohorts.hospitals)) : effects
  }

  private mutating func quantity(_ hospitals: [String]) -> QuantitySkewPlan {
    let counts = some(of: hospitals).map { ($0, Int.random(in: 1...900, using: &random)) }
    let all: [QuantitySkewPlan] = [
      .logNormal(number(0...5)), .zipf(number(0...10)),
      .counts(Dictionary(uniqueKeysWithValues: counts)),
    ]
    return all[Int.random(in: 0..<3, using: &random)]
  }

  private mutating func skewOfTen() -> LabelSkewPlan {
    Bool.random(using: &random)
      ? .dirichlet(number(0.1...9)) : .classes(Int.random(in: 1...10, using: &random))
  }

  private mutating func classes(_ hospitals: [String]) -> [HeterogeneityRulePlan.Effect] {
    let skews: [LabelSkewPlan] = [
      .dirichlet(number(0.1...9)), .classes(Int.random(in: 1...2, using: &random)),
      .prevalence(each(of: hospitals)),
    ]
    let kinds = LabelNoisePlan.Kind.allCases
    return [
      .labelSkew(skews[Int.random(in: 0..<3, using: &random)]),
      .labelNoise(
        LabelNoisePlan(
          kind: kinds[Int.random(in: kinds.indices, using: &random)], rate: each(of: hospitals))),
    ]
  }
}

extension HeterogeneityRulePlan.Effect {
  /// The effect with values by name for these hospitals alone: for others they would be refused.
  fileprivate func confined(to hospitals: [String]) -> Self {
    switch self {
    case .labelSkew(.prevalence(.named(let shares))):
      .labelSkew(.prevalence(.named(shares.confined(to: hospitals, or: 0.25))))
    case .quantitySkew(.counts(let counts)):
      .quantitySkew(.counts(counts.confined(to: hospitals, or: 25)))
    case .labelNoise(let plan):
      if case .named(let rates) = plan.rate {
        .labelNoise(
          LabelNoisePlan(
            kind: plan.kind, rate: .named(rates.confined(to: hospitals, or: 0.25))))
      } else {
        self
      }
    default: self
    }
  }
}

extension Dictionary where Key == String {
  fileprivate func confined(to hospitals: [String], or value: Value) -> Self {
    let confined = filter { hospitals.contains($0.key) }
    return confined.isEmpty ? [hospitals[0]: value] : confined
  }
}

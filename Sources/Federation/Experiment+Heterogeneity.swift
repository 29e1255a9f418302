import Cohorts
import Scenarios
import Tensors

// What the rules of a scenario mean in the terms of cohorts.

extension Heterogeneity {
  /// The rules of `scenario`, and after them those that chance `drew`, each with its own stream below
  /// `random`.
  init(of scenario: Scenario, drawn: [HeterogeneityRulePlan], random: RandomStream) {
    let hospitals = scenario.cohorts.hospitals
    let rules = scenario.rules + drawn
    self.init(
      rules.map { plan in
        Rule(plan, of: scenario, hospitals: hospitals, random: random.child(plan.name))
      }, indicated: Self.indicated(by: rules, of: scenario))
  }

  /// The features that any rule wants indicated, in the order of the source.
  private static func indicated(
    by rules: [HeterogeneityRulePlan], of scenario: Scenario
  ) -> [String] {
    let features = scenario.cohorts.source.featureNames
    var wanted: Set<String> = []
    for case .missingFeatures(let plan) in rules.map(\.effect)
    where plan.indicator {
      let concerned = plan.share > 0 || plan.columns > 0 ? plan.features ?? features : []
      wanted.formUnion(concerned + plan.never)
    }
    return features.filter(wanted.contains)
  }

  /// Refuses features that the source of patients does not have.
  static func check(_ scenario: Scenario) throws(CohortError) {
    let known = scenario.cohorts.source.featureNames
    let written = scenario.heterogeneity.count
    let byChance = scenario.faults.compactMap(\.rule)
    for (index, rule) in (scenario.rules + byChance).enumerated() {
      guard let stranger = rule.effect.features.first(where: { !known.contains($0) }) else {
        continue
      }
      throw CohortError(
        index < written ? "heterogeneity[\(index)]" : "the drift \(rule.name)",
        found: "the feature '\(stranger)'",
        accepted: known.joined(separator: ", "), advice: "name features of the patients")
    }
  }
}

extension Heterogeneity.Rule {
  fileprivate init(
    _ plan: HeterogeneityRulePlan, of scenario: Scenario, hospitals: HospitalList,
    random: RandomStream
  ) {
    self.init(
      Heterogeneity.Effect(
        plan.effect, testShare: scenario.cohorts.testShare,
        among: plan.hospitals.map { HospitalList($0) } ?? hospitals,
        classes: scenario.cohorts.source.classes ?? 2, random: random),
      at: plan.hospitals.map { Set($0) },
      onset: plan.onset, random: random)
  }
}

extension HeterogeneityRulePlan {
  /// When the rule holds; of one that goes by time, that it does not yet.
  fileprivate var onset: Onset {
    Onset(from: fromTime == nil ? fromRound : .max, until: untilRound, over: over)
  }
}

extension Experiment {
  /// What makes the hospitals differ, once the acts by time hold from these rounds on.
  func heterogeneity(since onsets: [Int]) -> Heterogeneity {
    let ruled = scenario.timeline.enumerated().filter { $0.element.rule != nil }.map(\.offset)
    var rules = heterogeneity.rules
    for (act, round) in zip(timeline.ownActs.timed, onsets) {
      guard let place = ruled.firstIndex(of: act.place), case .drift(let plan) = act.entry.act
      else { continue }
      let rule = scenario.heterogeneity.count + place
      let until = act.entry.rounds.map { round + $0 - 1 }
      rules[rule].onset = Onset(from: round, until: until, over: plan.over)
    }
    return Heterogeneity(rules, indicated: heterogeneity.indicated)
  }
}

extension Heterogeneity.Effect {
  fileprivate init(
    _ plan: HeterogeneityRulePlan.Effect, testShare: Double, among hospitals: HospitalList,
    classes: Int, random: RandomStream
  ) {
    switch plan {
    case .labelSkew(let plan): self = .labelSkew(LabelSkew(plan, classes: classes))
    case .quantitySkew(let plan):
      self = .quantitySkew(QuantitySkew(plan, among: Array(hospitals), random: random))
    case .caseMix(let plan):
      self = .caseMix(
        CaseMix(
          shift: plan.shift, scale: plan.scale, rotation: plan.rotation,
          sharing: Sharing(plan.clusters)))
    case .conceptShift(let plan):
      self = .conceptShift(ConceptShift(spread: plan.spread, sharing: Sharing(plan.clusters)))
    case .measurement(let plan): self = .record(Measurement(plan))
    case .missingFeatures(let plan): self = .record(MissingFeatures(plan))
    case .labelNoise(let plan): self = .record(LabelNoise(plan))
    case .temporalSplit: self = .record(TemporalSplit(testShare: testShare))
    }
  }
}

extension HeterogeneityRulePlan.Effect {
  /// The features that the rule names.
  fileprivate var features: [String] {
    switch self {
    case .measurement(let plan): plan.features ?? []
    case .missingFeatures(let plan): (plan.features ?? []) + plan.never
    default: []
    }
  }
}

// MARK: Rules

extension Sharing {
  fileprivate init(_ clusters: Int?) {
    self = clusters.map { .clusters($0) } ?? .apart
  }
}

extension LabelSkew {
  init(_ plan: LabelSkewPlan, classes: Int) {
    let target: Target =
      switch plan {
      case .dirichlet(let alpha): .dirichlet(alpha)
      case .classes(let count): .classes(count)
      case .prevalence(.same(let share)): .prevalence(share, by: [:])
      case .prevalence(.named(let shares)): .prevalence(nil, by: shares)
      }
    self.init(target, classes: classes)
  }
}

extension QuantitySkew {
  init(_ plan: QuantitySkewPlan, among hospitals: [String], random: RandomStream) {
    switch plan {
    case .logNormal(let sigma): self.init(logNormal: sigma)
    case .zipf(let exponent): self.init(zipf: exponent, among: hospitals, random: random)
    case .counts(let counts): self.init(counts: counts)
    }
  }
}

extension Measurement {
  fileprivate init(_ plan: MeasurementPlan) {
    self.init(of: plan.features.map { Set($0) })
    factor = plan.factor
    factorSpread = plan.factorSpread
    offset = plan.offset
    offsetSpread = plan.offsetSpread
    rounding = plan.rounding
    codes = plan.codes
  }
}

extension MissingFeatures {
  fileprivate init(_ plan: MissingFeaturesPlan) {
    self.init(
      of: plan.features.map { Set($0) }, share: plan.share, byValue: plan.byValue,
      columns: plan.columns, never: Set(plan.never))
  }
}

extension LabelNoise {
  fileprivate init(_ plan: LabelNoisePlan) {
    let kind: Kind =
      switch plan.kind {
      case .symmetric: .symmetric
      case .missed: .missed
      case .overcalled: .overcalled
      }
    switch plan.rate {
    case .same(let rate): self.init(kind, rate: rate)
    case .named(let rates): self.init(kind, rate: nil, by: rates)
    }
  }
}

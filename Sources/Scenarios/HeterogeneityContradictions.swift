extension Contradictions {
  /// Reports rules that cannot hold together, or not for these patients.
  func heterogeneity() {
    guard findings.isSound("heterogeneity") else { return }
    var streams: Set<String> = []
    for (index, rule) in scenario.heterogeneity.enumerated() {
      let path = "heterogeneity[\(index)].\(rule.kind)"
      rounds(of: rule, path)
      hospitals(of: rule.namedHospitals, path)
      effect(of: rule, among: rule.hospitals, path)
      source(of: rule, path)
      stream(of: rule, path, beside: &streams)
    }
  }

  /// Reports drifts of the timeline that cannot hold beside the rules, or not for these patients; their
  /// hospitals and rounds are those of their acts.
  func drifts() {
    guard findings.isSound("heterogeneity") else { return }
    var streams = Set(scenario.heterogeneity.map(\.name))
    for (index, entry) in scenario.timeline.enumerated() {
      guard let rule = entry.rule else { continue }
      let path = "timeline[\(index)].drift.\(rule.kind)"
      hospitals(of: rule.effect.namedHospitals, path)
      effect(of: rule, among: entry.hospitals, path)
      source(of: rule, path)
      stream(of: rule, path, beside: &streams)
    }
    for fault in scenario.faults {
      guard let rule = fault.rule else { continue }
      let path = "faults.drift.\(rule.kind)"
      hospitals(of: rule.effect.namedHospitals, path)
      effect(of: rule, among: Array(scenario.targets(of: fault).joined()), path)
      source(of: rule, path)
    }
  }

  /// Two rules of one name would draw the same numbers.
  private func stream(
    of rule: HeterogeneityRulePlan, _ path: String, beside streams: inout Set<String>
  ) {
    if !streams.insert(rule.name).inserted {
      findings.report(
        "a second rule that draws from the stream \(rule.name)",
        accepted: "a name: of its own for one of them", at: path)
    }
  }

  private func rounds(of rule: HeterogeneityRulePlan, _ path: String) {
    if let from = rule.fromRound, let until = rule.untilRound, until < from {
      findings.report(
        "an end in round \(until), before the beginning in round \(from)",
        accepted: "\(from) or later", at: "\(path).until-round")
    }
    if rule.over > 1, rule.fromRound == nil {
      findings.report(
        "a rule that sets in over \(rule.over) rounds from no round",
        accepted: "over with from-round", at: "\(path).over")
    }
    for (key, round) in [("from-round", rule.fromRound), ("until-round", rule.untilRound)] {
      guard let round, round > scenario.federation.rounds, findings.isSound("federation.rounds")
      else { continue }
      findings.report(
        "round \(round) of a run of \(scenario.federation.rounds)",
        accepted: "1 to \(scenario.federation.rounds)", at: "\(path).\(key)")
    }
  }

  private func hospitals(of named: [(key: String, names: [String])], _ path: String) {
    guard findings.isSound("cohorts.hospitals", "cohorts.partition") else { return }
    let known = HospitalPlaces(scenario.cohorts.hospitals)
    for (key, names) in named {
      guard let stranger = names.first(where: { !known.contains($0) }) else { continue }
      findings.report(
        "no hospital \(stranger.excerpt)", accepted: "names that cohorts.hospitals gives",
        nearest: Nearest.match(stranger, among: scenario.cohorts.hospitals), at: "\(path).\(key)")
    }
  }

  /// Reports values for hospitals on which the rule does not act: nothing would come of them.
  private func effect(of rule: HeterogeneityRulePlan, among concerned: [String]?, _ path: String) {
    guard let concerned, findings.isSound("cohorts.hospitals", "cohorts.held-out", "regions") else {
      return
    }
    let known = Set(concerned)
    for (key, names) in rule.effect.namedHospitals where findings.isSound("\(path).\(key)") {
      let idle = names.filter { !known.contains($0) }
      guard let first = idle.first else { continue }
      let all = idle.count > 1 ? ", the first of \(idle.count) such keys" : ""
      let ranges = HospitalRange.shortened(concerned)
      findings.report(
        "the key has no effect at a hospital where the rule does not act\(all)",
        accepted: "hospitals where it does: " + ranges.prefix(4).joined(separator: ", ")
          + (ranges.count > 4 ? ", …" : ""),
        at: "\(path).\(key).\(first.excerpt)",
        place: findings.place(of: "\(path).\(key).\(first)"))
    }
  }

  private func source(of rule: HeterogeneityRulePlan, _ path: String) {
    guard findings.areSourcesSound else { return }
    if case .sinusoid = scenario.cohorts.source {
      findings.report(
        "a rule for sine waves, which are the same at every hospital",
        accepted: "rules with synthetic or dataset", at: path)
      return
    }
    if case .doses = scenario.cohorts.source {
      findings.report(
        "a rule for the dose clinic, whose true outcomes it would leave behind",
        accepted: "the settings of cohorts.doses", at: path)
      return
    }
    order(of: rule, path)
    classes(of: rule, path)
    concept(of: rule, path)
    scale(of: rule, path)
  }

  private func order(of rule: HeterogeneityRulePlan, _ path: String) {
    guard case .temporalSplit = rule.effect, scenario.cohorts.source.isOfRecords else { return }
    guard scenario.cohorts.by == .patient else {
      findings.report(
        "temporal-split of hospitals whose patients have no common time",
        accepted: "test-share, which keeps whole patients for judging", at: path)
      return
    }
    findings.report(
      "temporal-split of patients' own records, which are always in the order of time",
      accepted: "test-share, which keeps the last of them for judging", at: path)
  }

  private func classes(of rule: HeterogeneityRulePlan, _ path: String) {
    let source = scenario.cohorts.source
    if case .labelSkew(let skew) = rule.effect {
      labelSkew(skew, at: path)
      return
    }
    guard source.classes != 2, rule.effect.needsTwoClasses else { return }
    findings.report(
      "\(rule.effect.kind.rawValue) of an outcome that is \(source.outcomePhrase)",
      accepted: "an outcome of two classes", at: path)
  }

  /// Reports a skew of more classes than there are, or of one of two where there are more.
  func labelSkew(_ skew: LabelSkewPlan, at path: String) {
    let source = scenario.cohorts.source
    guard let classes = source.classes else {
      findings.report(
        "label-skew of an outcome that is \(source.outcomePhrase)",
        accepted: "an outcome of classes",
        at: path)
      return
    }
    if case .classes(let count) = skew, count > classes {
      findings.report(
        "\(count) classes of an outcome that is \(source.outcomePhrase)",
        accepted: "1 to \(classes)",
        at: path)
    }
    if case .prevalence = skew, classes > 2 {
      findings.report(
        "the share of class 1 of an outcome that is \(source.outcomePhrase)",
        accepted: "dirichlet or classes, or an outcome of two classes", at: path)
    }
  }

  private func concept(of rule: HeterogeneityRulePlan, _ path: String) {
    guard case .conceptShift = rule.effect else { return }
    if case .synthetic = scenario.cohorts.source, scenario.cohorts.partition == nil { return }
    if case .synthetic = scenario.cohorts.source {
      findings.report(
        "concept-shift of patients who have been dealt with their outcomes",
        accepted: "concept-shift without partition", at: path)
      return
    }
    if case .tenClasses = scenario.cohorts.source {
      findings.report(
        "concept-shift of points that have been published with their classes",
        accepted: "concept-shift with synthetic; alpha says how far models differ", at: path)
      return
    }
    findings.report(
      "concept-shift of real patients, whose outcomes are known and cannot be drawn anew",
      accepted: "concept-shift with synthetic; label-noise or measurement with a data set",
      at: path)
  }

  private func scale(of rule: HeterogeneityRulePlan, _ path: String) {
    guard case .missingFeatures = rule.effect, scenario.cohorts.standardisation == .none,
      findings.isSound("cohorts.standardise")
    else { return }
    findings.report(
      "missing features without a scale: what is missing becomes the mean",
      accepted: "standardise: across-hospitals or per-hospital", at: path)
  }
}

extension HeterogeneityRulePlan {
  /// The hospitals that the rule names, under the keys that name them.
  fileprivate var namedHospitals: [(key: String, names: [String])] {
    (hospitals.map { [("hospitals", $0)] } ?? []) + effect.namedHospitals
  }
}

extension HeterogeneityRulePlan.Effect {
  /// The hospitals that settings name, under the keys that name them.
  fileprivate var namedHospitals: [(key: String, names: [String])] {
    switch self {
    case .labelSkew(.prevalence(.named(let shares))): [("prevalence", shares.keys.sorted())]
    case .quantitySkew(.counts(let counts)): [("counts", counts.keys.sorted())]
    case .labelNoise(let plan):
      if case .named(let rates) = plan.rate { [("rate", rates.keys.sorted())] } else { [] }
    default: []
    }
  }

  fileprivate var needsTwoClasses: Bool {
    switch self {
    case .labelNoise: true
    case .labelSkew, .quantitySkew, .caseMix, .conceptShift, .measurement, .missingFeatures,
      .temporalSplit:
      false
    }
  }
}

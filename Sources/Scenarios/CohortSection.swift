/// The data sets, by the names that scenarios use.
enum DataSet: String, CaseIterable {
  case heartDisease = "heart-disease"
  case strokeTrial = "ist"

  /// What it is as a source of patients.
  var source: CohortSourcePlan {
    switch self {
    case .heartDisease: .heartDisease
    case .strokeTrial: .strokeTrial
    }
  }
}

extension CohortSourcePlan {
  /// The hospitals of the heart-disease data set.
  static let heartDiseaseHospitals = ["cleveland", "hungarian", "switzerland", "va"]

  /// What the source's patients are judged by.
  var kind: TaskPlan.Kind {
    switch self {
    case .synthetic(let plan): plan.outcome == .diagnosis ? .classification : .regression
    case .heartDisease, .strokeTrial: .classification
    case .sinusoid: .regression
    }
  }

  /// Whether the scenario decides which patients are kept for judging.
  var splitsByShare: Bool {
    switch self {
    case .synthetic, .strokeTrial: true
    case .heartDisease, .sinusoid: false
    }
  }

  /// How features are scaled unless the scenario says otherwise.
  var standardisation: Standardisation {
    if case .sinusoid = self { return .none }
    return .acrossHospitals
  }
}

extension ScenarioReader {
  /// The share of patients kept for judging unless the scenario says otherwise.
  static let defaultTestShare = 0.3

  /// Reads `cohorts`.
  func cohorts(_ section: Section) -> CohortPlan {
    let source = self.source(section)
    let partition = self.partition(section)
    let hospitals = self.hospitals(section, of: source, partition)
    let heldOut = section.take("held-out", as: .heldOut, default: .plan(.count(0)))
    let standardisation = section.take(
      "standardise", as: .choice, default: source.standardisation)
    let testShare = section.take(
      "test-share", as: .number(between: 0, and: 1), default: Self.defaultTestShare)
    if !source.splitsByShare, findings.isSound("cohorts.synthetic", "cohorts.dataset") {
      section.refuse(
        "test-share", because: "here", accepted: "test-share with synthetic or dataset: ist only")
    }
    section.close()
    return CohortPlan(
      source: source, hospitals: hospitals, heldOut: plan(heldOut, among: hospitals.count),
      standardisation: standardisation, testShare: testShare, partition: partition)
  }

  private func plan(_ heldOut: GivenHeldOut, among hospitals: Int) -> HeldOutPlan {
    switch heldOut {
    case .plan(let plan): plan
    case .share(let share): .count(Int((Double(hospitals) * share).rounded()))
    }
  }

  /// The one source that is given; several, or none, are a problem.
  private func source(_ section: Section) -> CohortSourcePlan {
    let names = ["synthetic", "dataset", "sinusoid"]
    let given = names.filter(section.gives)
    let accepted = "exactly one of \(names.joined(separator: ", "))"
    for extra in given.dropFirst() {
      section.refuse(extra, because: "beside \(given[0])", accepted: accepted)
    }
    if given.isEmpty, findings.isSound("cohorts") {
      findings.report("no source of patients", accepted: accepted, at: "cohorts")
    }
    let synthetic = self.synthetic(section.section("synthetic"))
    let dataSet: DataSet? = section.take(ifPresent: "dataset", as: .choice)
    let sinusoid = self.sinusoid(section.section("sinusoid"))
    switch given.first {
    case "dataset": return (dataSet ?? .heartDisease).source
    case "sinusoid": return .sinusoid(sinusoid)
    default: return .synthetic(synthetic)
    }
  }

  private func hospitals(
    _ section: Section, of source: CohortSourcePlan, _ partition: PartitionPlan?
  ) -> [String] {
    guard case .heartDisease = source else {
      return (section.take("hospitals", as: .hospitals) ?? .count(2)).names
    }
    let natural = CohortSourcePlan.heartDiseaseHospitals
    let all = GivenHospitals.names(partition?.hospitals(from: natural) ?? natural)
    return section.take("hospitals", as: .hospitals, default: all).names
  }

  private func synthetic(_ section: Section) -> SyntheticPlan {
    let plan = SyntheticPlan(
      patients: section.take("patients", as: .count(10...1_000_000), default: 400),
      features: section.take("features", as: .count(1...16), default: 13),
      outcome: section.take("outcome", as: .choice, default: .diagnosis),
      caseMix: section.take("case-mix", as: .number(0...10), default: 0.5),
      effectSpread: section.take("effect-spread", as: .number(0...10), default: 0.5),
      prevalence: section.take("prevalence", as: .number(between: 0, and: 1), default: 0.3))
    if plan.outcome != .diagnosis {
      section.refuse(
        "prevalence", because: "with outcome: \(plan.outcome.rawValue)",
        accepted: "prevalence with outcome: diagnosis only")
    }
    section.close()
    return plan
  }

  private func sinusoid(_ section: Section) -> SinusoidPlan {
    defer { section.close() }
    return SinusoidPlan(
      amplitude: section.take("amplitude", as: .range(within: 0...1000), default: 0.1...5),
      phase: section.take(
        "phase", as: .range(within: -1000...1000), default: 0...3.141592653589793),
      frequency: section.take("frequency", as: .range(within: 0...1000), default: 1...1),
      inputs: section.take("inputs", as: .range(within: -1000...1000), default: -5...5),
      points: section.take("points", as: .choice, default: .random))
  }
}

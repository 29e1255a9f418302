/// The data sets, by the names that scenarios use.
enum DataSet: String, CaseIterable {
  case heartDisease = "heart-disease"
  case strokeTrial = "ist"
  case parkinsons = "parkinsons-telemonitoring"
  case glucose = "hupa-ucm-cgm"
  case intensiveCare = "eicu-demo"
  case rhDNase = "rhdnase"
  case cirrhosis = "pbc3"
  case remifentanil

  /// What it is as a source of patients.
  func source(
    _ outcome: PublishedPlan.Outcome?, _ horizon: PublishedPlan.Horizon?
  ) -> CohortSourcePlan {
    guard let dataSet = PublishedPlan.DataSet(rawValue: rawValue) else {
      return self == .strokeTrial ? .strokeTrial : .heartDisease
    }
    return .published(
      PublishedPlan(
        dataSet, outcome: dataSet.outcomes.first.map { outcome ?? $0 },
        horizon: dataSet == .glucose ? horizon ?? .halfHour : nil))
  }
}

extension CohortSourcePlan {
  /// The hospitals of the heart-disease data set.
  static let heartDiseaseHospitals = ["cleveland", "hungarian", "switzerland", "va"]

  /// How many classes the outcome has; `nil` where it is a number.
  public var classes: Int? {
    switch self {
    case .synthetic(let plan): plan.outcome == .diagnosis ? 2 : nil
    case .heartDisease, .strokeTrial: 2
    case .sinusoid, .doses: nil
    case .published(let plan): plan.dataSet.isOfPatients ? nil : 2
    case .tenClasses: 10
    }
  }

  /// What the source's patients are judged by.
  var kind: TaskPlan.Kind { classes == nil ? .regression : .classification }

  /// Whether the scenario decides which patients are kept for judging.
  var splitsByShare: Bool {
    switch self {
    case .synthetic, .strokeTrial, .published, .doses, .tenClasses: true
    case .heartDisease, .sinusoid: false
    }
  }

  /// How features are scaled unless the scenario says otherwise.
  var standardisation: Standardisation {
    switch self {
    case .sinusoid, .tenClasses: .none
    case .synthetic, .heartDisease, .strokeTrial, .published, .doses: .acrossHospitals
    }
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
    let unit = section.take("by", as: .choice, default: source.usualUnit(under: partition))
    let heldOut = section.take("held-out", as: .heldOut, default: .plan(.count(0)))
    let standardisation = section.take(
      "standardise", as: .choice, default: source.standardisation)
    let testShare = section.take(
      "test-share", as: .number(between: 0, and: 1), default: Self.defaultTestShare)
    if !source.splitsByShare, findings.isSound("cohorts.synthetic", "cohorts.dataset") {
      section.refuse(
        "test-share", because: "here",
        accepted:
          "test-share with synthetic, doses, ten-classes, and data sets other than heart-disease")
    }
    section.close()
    return CohortPlan(
      source: source, hospitals: hospitals, heldOut: plan(heldOut, among: hospitals.count),
      standardisation: standardisation, testShare: testShare, partition: partition, by: unit)
  }

  private func plan(_ heldOut: GivenHeldOut, among hospitals: Int) -> HeldOutPlan {
    switch heldOut {
    case .plan(let plan): plan
    case .share(let share): .count(Int((Double(hospitals) * share).rounded()))
    }
  }

  /// The one source that is given; several, or none, are a problem.
  private func source(_ section: Section) -> CohortSourcePlan {
    let names = ["synthetic", "dataset", "sinusoid", "doses", "ten-classes"]
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
    let doses = self.doses(section.section("doses"))
    let tenClasses = self.tenClasses(section.section("ten-classes"))
    let published = self.published(section, given.first == "dataset" ? dataSet : nil)
    switch given.first {
    case "dataset": return published ?? .heartDisease
    case "sinusoid": return .sinusoid(sinusoid)
    case "doses": return .doses(doses)
    case "ten-classes": return .tenClasses(tenClasses)
    default: return .synthetic(synthetic)
    }
  }

  private func hospitals(
    _ section: Section, of source: CohortSourcePlan, _ partition: PartitionPlan?
  ) -> HospitalList {
    guard let natural = source.knownHospitals else {
      return (section.take("hospitals", as: .hospitals) ?? .count(2)).names
    }
    // Of patients that nobody put together, none is a hospital.
    let alone = source.isOfRecords && partition?.merges == true ? [] : natural
    let all = HospitalList(partition?.hospitals(from: alone) ?? natural)
    return section.take("hospitals", as: .hospitals, default: .names(all)).names
  }

  /// The data set with what is chosen of it; what leaves no choice is refused.
  private func published(_ section: Section, _ dataSet: DataSet?) -> CohortSourcePlan? {
    let outcome: PublishedPlan.Outcome? = section.take(ifPresent: "outcome", as: .choice)
    let horizon: PublishedPlan.Horizon? = section.take(ifPresent: "horizon", as: .choice)
    let source = dataSet?.source(outcome, horizon)
    let plan: PublishedPlan? = if case .published(let plan) = source { plan } else { nil }
    guard findings.isSound("cohorts.synthetic", "cohorts.dataset") else { return source }
    if plan?.outcome == nil {
      section.refuse(
        "outcome", because: "here",
        accepted: "outcome with dataset: parkinsons-telemonitoring or eicu-demo only")
    }
    if plan?.horizon == nil {
      section.refuse(
        "horizon", because: "here", accepted: "horizon with dataset: hupa-ucm-cgm only")
    }
    return source
  }

  private func doses(_ section: Section) -> DosesPlan {
    defer { section.close() }
    return DosesPlan(
      records: section.take("records", as: .count(10...100_000), default: 40),
      doses: section.take("doses", as: .count(2...101), default: 11),
      spread: section.take("spread", as: .number(0...3), default: 1),
      noise: section.take("noise", as: .number(0...10), default: 0.1))
  }

  private func tenClasses(_ section: Section) -> TenClassesPlan {
    defer { section.close() }
    return TenClassesPlan(
      alpha: section.take("alpha", as: .number(0...10), default: 0.5),
      beta: section.take("beta", as: .number(0...10), default: 0.5),
      sizeFactor: section.take("size-factor", as: .count(1...100), default: 1),
      seed: section.take("seed", as: .count(0...UInt32.max), default: 0))
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

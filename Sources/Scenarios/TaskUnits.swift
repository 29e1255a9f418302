extension CohortSourcePlan {
  /// Whether a patient has many records, and is a task unless a partition puts patients together.
  public var isOfRecords: Bool { units == [.patient] }

  /// What a task is unless the scenario says otherwise: a partition makes hospitals.
  func usualUnit(under partition: PartitionPlan?) -> TaskUnit {
    isOfRecords && partition != nil ? .hospital : units[0]
  }

  /// What may be a task here before any partition, the usual one first.
  var units: [TaskUnit] {
    switch self {
    case .synthetic, .heartDisease, .sinusoid, .tenClasses: [.hospital]
    case .strokeTrial: [.hospital, .condition]
    case .published(let plan):
      switch plan.dataSet {
      case .intensiveCare: [.hospital, .condition]
      case .rhDNase, .cirrhosis: [.hospital]
      case .parkinsons, .glucose, .remifentanil: [.patient]
      }
    case .doses: [.patient]
    }
  }

  /// The conditions by which the patients of a hospital may be told apart.
  private var conditions: [String] {
    switch self {
    case .strokeTrial: ["TACS", "PACS", "POCS", "LACS", "OTH"]
    case .published(let plan) where plan.dataSet == .intensiveCare:
      [
        "sepsis", "cardiac", "respiratory", "neurological", "digestive", "overdose", "metabolic",
        "other",
      ]
    case .synthetic, .heartDisease, .sinusoid, .published, .doses, .tenClasses: []
    }
  }

  /// The names of all tasks of the source; nil where they are not known beforehand.
  var knownHospitals: [String]? {
    switch self {
    case .heartDisease: Self.heartDiseaseHospitals
    case .published(let plan): plan.dataSet.hospitals
    case .strokeTrial, .synthetic, .sinusoid, .doses, .tenClasses: nil
    }
  }

  /// The names that tasks of this unit may have, in words; nil where any will do.
  func acceptedNames(by unit: TaskUnit) -> String? {
    if let known = knownHospitals { return HospitalRange.shortened(known).joined(separator: ", ") }
    guard let first = conditions.first else { return nil }
    return unit == .condition
      ? "a hospital's number and one of \(conditions.joined(separator: ", ")), such as 7-\(first)"
      : "numbers of hospitals of the \(isOfTrial ? "trial" : "database"), such as [1, 7, 26]"
  }

  private var isOfTrial: Bool { self == .strokeTrial }

  /// Whether a task of this unit may have the name.
  func accepts(_ name: String, by unit: TaskUnit) -> Bool {
    if let known = knownHospitals { return known.contains(name) }
    guard !conditions.isEmpty else { return true }
    guard unit == .condition else { return (Int(name) ?? 0) > 0 }
    let parts = name.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && (Int(parts[0]) ?? 0) > 0 && conditions.contains(String(parts[1]))
  }
}

extension Contradictions {
  /// Reports tasks and outcomes that the source of patients does not have.
  func units() {
    guard findings.areSourcesSound else { return }
    let source = scenario.cohorts.source
    unit(of: source)
    guard case .published(let plan) = source, let outcome = plan.outcome,
      !plan.dataSet.outcomes.contains(outcome), findings.isSound("cohorts.outcome")
    else { return }
    findings.report(
      "the outcome \(outcome.rawValue) of \(plan.dataSet.rawValue)",
      accepted: plan.dataSet.outcomes.map(\.rawValue).joined(separator: ", "),
      at: "cohorts.outcome")
  }
}

extension Contradictions {
  private func unit(of source: CohortSourcePlan) {
    guard findings.isSound("cohorts.by", "cohorts.partition") else { return }
    let (unit, partition) = (scenario.cohorts.by, scenario.cohorts.partition)
    let isOfHospitals = source.isOfRecords && partition != nil
    guard isOfHospitals ? unit != .hospital : !source.units.contains(unit) else { return }
    let accepted =
      isOfHospitals
      ? "hospital, since a partition makes hospitals of patients; or patient without it"
      : source.units.map(\.rawValue).joined(separator: ", ")
        + (source.isOfRecords
          ? "; hospital with a partition, which makes hospitals of patients" : "")
    findings.report(
      "tasks by \(unit.rawValue) of \(source.origin)\(isOfHospitals ? " under a partition" : "")",
      accepted: accepted, at: "cohorts.by")
  }
}

extension CohortSourcePlan {
  /// Where tasks come from, as the end of a sentence.
  fileprivate var origin: String {
    switch self {
    case .synthetic: "synthetic hospitals"
    case .heartDisease: DataSet.heartDisease.rawValue
    case .strokeTrial: DataSet.strokeTrial.rawValue
    case .sinusoid: "sine waves"
    case .published(let plan): plan.dataSet.rawValue
    case .doses: "the dose clinic"
    case .tenClasses: "points of ten classes"
    }
  }
}

extension Findings {
  /// Whether the source of patients was read without a problem, whichever it is.
  var areSourcesSound: Bool {
    isSound(
      "cohorts.dataset", "cohorts.synthetic", "cohorts.sinusoid", "cohorts.doses",
      "cohorts.ten-classes")
  }
}

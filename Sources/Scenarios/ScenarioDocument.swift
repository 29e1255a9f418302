/// A scenario as ordered keys and values: the one description of what is written, from which both
/// the YAML and the canonical bytes are made.
indirect enum ScenarioDocument {
  case text(String)
  case whole(UInt64)
  case number(Double)
  case truth(Bool)
  case list([ScenarioDocument])
  case mapping([(key: String, value: ScenarioDocument)])
  /// Names of hospitals or regions: a list of texts.
  case names([String])
  /// Values by the hospital, and one for all others: a mapping.
  case byHospital([String: ScenarioDocument], others: ScenarioDocument? = nil)

  static func whole(_ value: Int) -> Self { .whole(UInt64(max(0, value))) }
  static func range(_ range: ClosedRange<Double>) -> Self {
    .list([.number(range.lowerBound), .number(range.upperBound)])
  }
  static func seconds(_ value: Double) -> Self { .text("\(value.short)s") }
}

extension Scenario {
  /// All settings, defaults filled in, under the keys of a scenario file.
  var document: ScenarioDocument {
    let regions = self.regions.isEmpty ? [] : [("regions", self.regions.document)]
    let rules: [(key: String, value: ScenarioDocument)] =
      heterogeneity.isEmpty ? [] : [("heterogeneity", .list(heterogeneity.map(\.document)))]
    return .mapping(
      [
        ("scenario", .text(name)),
        ("summary", .text(summary)),
        ("seed", .whole(seed)),
        ("cohorts", cohorts.document),
        ("task", task.document),
        ("model", model.document),
        ("algorithm", algorithm.document),
        ("federation", federation.document),
        ("privacy", .mapping([("minimum-patients", .whole(privacy.minimumPatients))])),
        ("evaluation", evaluation.document),
      ] + regions + rules + (time.map { [("time", $0.document)] } ?? []) + eventDocuments)
  }
}

extension CohortPlan {
  fileprivate var document: ScenarioDocument {
    let isCounted = hospitals.range == HospitalRange(count: hospitals.count)
    let isUsual = by == source.units.first
    let unit =
      isUsual && source.knowsOneUnit ? [] : [("by", ScenarioDocument.text(by.rawValue))]
    let split = source.splitsByShare ? [("test-share", ScenarioDocument.number(testShare))] : []
    return .mapping(
      [
        source.document
      ] + source.choices + unit + [
        ("hospitals", isCounted ? .whole(hospitals.count) : .names(Array(hospitals))),
        ("held-out", heldOut.document),
        ("standardise", .text(standardisation.rawValue)),
      ] + split + (partition.map { [("partition", $0.document)] } ?? []))
  }
}

extension HeldOutPlan {
  fileprivate var document: ScenarioDocument {
    switch self {
    case .count(let count): .whole(count)
    case .named(let names): .names(names)
    }
  }
}

extension CohortSourcePlan {
  fileprivate var document: (key: String, value: ScenarioDocument) {
    switch self {
    case .synthetic(let plan): ("synthetic", plan.document)
    case .heartDisease: ("dataset", .text(DataSet.heartDisease.rawValue))
    case .strokeTrial: ("dataset", .text(DataSet.strokeTrial.rawValue))
    case .sinusoid(let plan): ("sinusoid", plan.document)
    case .published(let plan): ("dataset", .text(plan.dataSet.rawValue))
    case .doses(let plan): ("doses", plan.document)
    case .tenClasses(let plan): ("ten-classes", plan.document)
    }
  }

  /// What is chosen of a data set.
  fileprivate var choices: [(key: String, value: ScenarioDocument)] {
    guard case .published(let plan) = self else { return [] }
    let outcome = plan.outcome.map { [("outcome", ScenarioDocument.text($0.rawValue))] } ?? []
    let horizon = plan.horizon.map { [("horizon", ScenarioDocument.text($0.rawValue))] } ?? []
    return outcome + horizon
  }

  /// Whether the unit of a task goes without saying: of sources that were there before it was a choice.
  fileprivate var knowsOneUnit: Bool {
    switch self {
    case .synthetic, .heartDisease, .strokeTrial, .sinusoid: true
    case .published, .doses, .tenClasses: false
    }
  }
}

extension SyntheticPlan {
  fileprivate var document: ScenarioDocument {
    let share = outcome == .diagnosis ? [("prevalence", ScenarioDocument.number(prevalence))] : []
    return .mapping(
      [
        ("patients", .whole(patients)),
        ("features", .whole(features)),
        ("outcome", .text(outcome.rawValue)),
        ("case-mix", .number(caseMix)),
        ("effect-spread", .number(effectSpread)),
      ] + share)
  }
}

extension DosesPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("records", .whole(records)), ("doses", .whole(doses)), ("spread", .number(spread)),
      ("noise", .number(noise)),
    ])
  }
}

extension TenClassesPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("alpha", .number(alpha)), ("beta", .number(beta)), ("size-factor", .whole(sizeFactor)),
      ("seed", .whole(UInt64(seed))),
    ])
  }
}

extension SinusoidPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("amplitude", .range(amplitude)),
      ("phase", .range(phase)),
      ("frequency", .range(frequency)),
      ("inputs", .range(inputs)),
      ("points", .text(points.rawValue)),
    ])
  }
}

extension TaskPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("kind", .text(kind.rawValue)), ("support", .whole(support)), ("query", .whole(query)),
    ])
  }
}

extension ModelPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([
      ("layers", .list(layers.map(\.document))), ("loss", .text(loss.rawValue)),
      ("l2", .number(l2)),
      ("initialiser", .text(initialiser.rawValue)),
    ])
  }
}

extension EvaluationPlan {
  fileprivate var document: ScenarioDocument {
    .mapping(
      [
        ("every", .whole(every)),
        ("shots", .list(shots.map { .whole($0) })),
        ("steps", .list(steps.map { .whole($0) })),
        ("episodes", .whole(episodes)),
        ("alone", alone.document),
      ] + (hospitals.map { [("hospitals", .whole($0))] } ?? [])
        + (validation > 0 ? [("validation", .whole(validation))] : [])
        + (pooled.map { [("pooled", $0.document)] } ?? [])
        + (interceptSpread == 1 ? [] : [("intercept-spread", .number(interceptSpread))])
        + (explain ? [("explain", .truth(true))] : []))
  }
}

extension PooledTrainingPlan {
  fileprivate var document: ScenarioDocument {
    .mapping([("steps", .whole(steps)), ("batch", .whole(batch)), ("rate", .number(rate))])
  }
}

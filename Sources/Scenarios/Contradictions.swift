/// Looks for settings that are right each and wrong together.
struct Contradictions {
  let scenario: Scenario
  let findings: Findings

  /// Reports every contradiction between settings that were read without a problem.
  func look() {
    units()
    names()
    heldOut()
    rounds()
    outcome()
    algorithm()
    scaling()
    patients()
    regions()
    layers()
    size()
    partition()
    heterogeneity()
    timing()
    timeline()
    evaluation()
    validation()
    pooledTraining()
    explanation()
  }

  private func names() {
    guard scenario.cohorts.partition == nil,
      findings.isSound("cohorts.hospitals", "cohorts.dataset")
    else { return }
    let (source, unit) = (scenario.cohorts.source, scenario.cohorts.by)
    guard source.units.contains(unit), let accepted = source.acceptedNames(by: unit) else { return }
    reportForeign(accepted: accepted, near: source.knownHospitals ?? []) {
      source.accepts($0, by: unit)
    }
  }

  private func reportForeign(
    accepted: String, near candidates: [String], _ isKnown: (String) -> Bool
  ) {
    let foreign = scenario.cohorts.hospitals.filter { !isKnown($0) }
    guard let first = foreign.first else { return }
    let shown = foreign.prefix(4).map(\.excerpt).joined(separator: ", ")
    let rest = foreign.count > 4 ? " and \(foreign.count - 4) more" : ""
    findings.report(
      "no hospital \(shown)\(rest) in the data set", accepted: accepted,
      nearest: Nearest.match(first, among: candidates), at: "cohorts.hospitals")
  }

  private func heldOut() {
    guard findings.isSound("cohorts.hospitals", "cohorts.held-out") else { return }
    let hospitals = scenario.cohorts.hospitals
    if case .named(let names) = scenario.cohorts.heldOut {
      let known = HospitalPlaces(hospitals)
      for name in names where !known.contains(name) {
        findings.report(
          "no hospital \(name.excerpt)", accepted: "names that cohorts.hospitals gives",
          nearest: Nearest.match(name, among: hospitals), at: "cohorts.held-out")
      }
      guard names.allSatisfy(known.contains) else { return }
    }
    guard scenario.cohorts.trainingCount < 1 else { return }
    findings.report(
      "\(hospitals.count - scenario.cohorts.trainingCount) of \(hospitals.count) hospitals held out",
      accepted: "at least one hospital that trains", at: "cohorts.held-out")
  }

  private func outcome() {
    let (source, kind) = (scenario.cohorts.source, scenario.task.kind)
    guard findings.areSourcesSound, findings.isSound("task.kind") else { return }
    if source.kind != kind {
      findings.report(
        "\(kind.rawValue) of an outcome that is \(source.outcomePhrase)",
        accepted: source.kind.rawValue, at: "task.kind")
    }
    loss()
  }

  /// A loss suits the kind of outcome, and says of how many classes it is.
  private func loss() {
    let loss = scenario.model.loss
    guard findings.isSound("model.loss") else { return }
    if scenario.task.kind == .regression, loss != .meanSquaredError {
      findings.report(
        "\(loss.rawValue), a loss of classification, for regression",
        accepted: ModelPlan.Loss.meanSquaredError.rawValue, at: "model.loss")
    }
    let classes = scenario.cohorts.source.classes ?? 0
    if classes > 2, scenario.task.kind == .classification, loss != .softmaxCrossEntropy {
      findings.report(
        "\(loss.rawValue), which tells two classes apart, of an outcome of \(classes)",
        accepted: ModelPlan.Loss.softmaxCrossEntropy.rawValue, at: "model.loss")
    }
  }

  /// A support set is divided into parts that each hold somebody.
  private func validation() {
    let parts = scenario.evaluation.validation
    guard findings.isSound("evaluation.validation", "evaluation.shots"), parts > 0,
      let fewest = scenario.evaluation.shots.min(), parts == 1 || parts > fewest
    else { return }
    findings.report(
      "\(parts) parts of a support set of \(fewest)",
      accepted: fewest > 1 ? "2 to \(fewest), or 0 for none" : "0: a set of 1 cannot be divided",
      at: "evaluation.validation")
  }

  /// What a model relies on is told of one score, and what adaptation changed of a model that has adapted.
  private func explanation() {
    explainedScore()
    guard findings.isSound("evaluation.explain", "evaluation.steps"), scenario.evaluation.explain,
      scenario.evaluation.steps.allSatisfy({ $0 == 0 })
    else { return }
    findings.report(
      "an explanation of what adaptation changes, and no steps of it",
      accepted: "false, or a number of evaluation.steps above 0", at: "evaluation.explain")
  }

  private func explainedScore() {
    guard findings.areSourcesSound, findings.isSound("evaluation.explain"),
      scenario.evaluation.explain, let classes = scenario.cohorts.source.classes, classes > 2
    else { return }
    findings.report(
      "an explanation of predictions of \(classes) classes, which have no one score",
      accepted: "false, or an outcome of two classes or a number", at: "evaluation.explain")
  }

  private func evaluation() {
    guard findings.isSound("cohorts.hospitals", "evaluation.hospitals"),
      let judged = scenario.evaluation.hospitals, judged > scenario.cohorts.hospitals.count
    else { return }
    let count = scenario.cohorts.hospitals.count
    findings.report(
      "\(judged) hospitals to be judged where there are \(count)", accepted: "1 to \(count)",
      at: "evaluation.hospitals")
  }

  /// Sine waves have no patients whom one could put together.
  private func pooledTraining() {
    guard scenario.evaluation.pooled != nil, case .sinusoid = scenario.cohorts.source,
      findings.isSound("evaluation.pooled")
    else { return }
    findings.report(
      "pooled training of sine waves, which have no patients",
      accepted: "a source of patients; fedavg with one local step trains on all waves at once",
      at: "evaluation.pooled")
  }

  private func scaling() {
    guard case .sinusoid = scenario.cohorts.source, findings.isSound("cohorts.standardise"),
      scenario.cohorts.standardisation != .none
    else { return }
    findings.report(
      "\(scenario.cohorts.standardisation.rawValue) for sine waves, which have no hospital's scale",
      accepted: "none", at: "cohorts.standardise")
  }
}

extension CohortSourcePlan {
  /// What the outcome is, as the end of a sentence.
  var outcomePhrase: String {
    switch classes {
    case nil: "a number"
    case 2: "one of two classes"
    case let classes?: "one of \(classes) classes"
    }
  }
}

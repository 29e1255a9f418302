extension Contradictions {
  /// Reports episodes that ask for more patients than a hospital has on average.
  func patients() {
    judged()
    let patients: Int
    switch scenario.cohorts.source {
    case .synthetic(let plan): patients = plan.patients
    case .doses(let plan): patients = plan.records
    case .heartDisease, .strokeTrial, .sinusoid, .published, .tenClasses: return
    }
    guard scenario.cohorts.partition == nil,
      findings.isSound("cohorts.synthetic", "cohorts.doses", "cohorts.test-share")
    else { return }
    let trained = Int(Double(patients) * (1 - scenario.cohorts.testShare))
    episodes(within: trained)
    shots(within: trained)
    minimum(of: patients)
  }

  /// Reports sizes of support sets that no hospital may be judged with.
  private func judged() {
    let minimum = scenario.privacy.minimumPatients
    if case .sinusoid = scenario.cohorts.source { return }
    guard findings.isSound("evaluation.shots", "task.support", "privacy.minimum-patients"),
      let least = scenario.evaluation.shots.first(where: { $0 != scenario.task.support }),
      least < minimum
    else { return }
    findings.report(
      "\(least) shots below privacy.minimum-patients of \(minimum), so that every hospital declines",
      accepted: "\(minimum) or more, or a smaller privacy.minimum-patients", at: "evaluation.shots")
  }

  private func episodes(within patients: Int) {
    let task = scenario.task
    guard findings.isSound("task.support", "task.query"), task.support + task.query > patients
    else { return }
    findings.report(
      "support and query of \(task.support) + \(task.query) patients where a hospital trains with"
        + " about \(patients)",
      accepted: "fewer of both, more patients, or a smaller test-share", at: "task.support")
  }

  private func shots(within patients: Int) {
    guard findings.isSound("evaluation.shots", "task.support"),
      let most = scenario.evaluation.shots.last, most > patients, most != scenario.task.support
    else { return }
    findings.report(
      "\(most) shots where a hospital has about \(counted(patients, "patient")) to adapt on",
      accepted: "at most \(patients)", at: "evaluation.shots")
  }

  private func minimum(of patients: Int) {
    guard findings.isSound("privacy.minimum-patients"),
      scenario.privacy.minimumPatients > patients
    else { return }
    findings.report(
      "\(scenario.privacy.minimumPatients), above the \(counted(patients, "patient")) of a hospital, so that"
        + " nothing could ever leave it",
      accepted: "at most \(patients)", at: "privacy.minimum-patients")
  }
}

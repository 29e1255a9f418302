extension Contradictions {
  /// Reports settings of rounds that are right each and wrong together.
  func rounds() {
    guard findings.isSound("cohorts.hospitals", "cohorts.held-out") else { return }
    quorum()
    overSelection()
    buffer()
    participation()
    regional()
  }

  private func quorum() {
    guard findings.isSound("federation.quorum", "federation.participation", "federation.buffer")
    else { return }
    let (quorum, answers) = (scenario.federation.quorum, scenario.answersPerRound)
    guard quorum > answers else { return }
    let round =
      switch scenario.federation.policy {
      case .synchronous:
        "a round invites \(answers) of \(scenario.cohorts.trainingCount) training hospitals"
      case .overSelection: "a round takes the first \(counted(answers, "answer"))"
      case .buffered: "\(counted(answers, "answer")) \(answers == 1 ? "fills" : "fill") the buffer"
      }
    findings.report(
      "a quorum of \(quorum) where \(round)", accepted: "1 to \(answers)", at: "federation.quorum")
  }

  private func overSelection() {
    guard case .overSelection(let factor) = scenario.federation.policy,
      findings.isSound("federation.over-selection", "federation.participation"),
      scenario.invitedPerRound <= scenario.answersPerRound
    else { return }
    findings.report(
      "over-selection by \(factor.short) where a round takes \(scenario.answersPerRound) of"
        + " \(scenario.cohorts.trainingCount) training hospitals, so that no more are invited",
      accepted: "a larger factor, or a participation that leaves hospitals to invite",
      at: "federation.policy")
  }

  private func buffer() {
    guard case .buffered(let plan) = scenario.federation.policy else { return }
    let training = scenario.cohorts.trainingCount
    for (key, value) in [("buffer", plan.size), ("concurrency", plan.concurrency)]
    where value > training && findings.isSound("federation.\(key)") {
      findings.report(
        "\(value) where \(training) hospitals train", accepted: "1 to \(training)",
        at: "federation.\(key)")
    }
  }

  /// A region adds its hospitals' answers up, and answers when all of them have.
  private func regional() {
    let federation = scenario.federation
    guard !scenario.regions.isEmpty,
      findings.isSound(
        "regions", "federation.policy", "federation.late", "federation.participation-by")
    else { return }
    var reasons: [String] = []
    if federation.policy != .synchronous {
      reasons.append("policy: \(federation.policy.name.rawValue)")
    }
    if let late = federation.late { reasons.append("late: \(late.rawValue)") }
    if federation.participationBy == .patients { reasons.append("participation-by: patients") }
    guard !reasons.isEmpty else { return }
    findings.report(
      "regions with \(reasons.joined(separator: ", ")), which needs each hospital's own answer",
      accepted: "synchronous rounds of uniform or available, without late", at: "regions")
  }

  private func participation() {
    guard findings.isSound("federation.participation-by", "federation.policy") else { return }
    let key = "federation.participation-by"
    switch (scenario.federation.participationBy, scenario.cohorts.source) {
    case (.patients, .sinusoid):
      findings.report(
        "patients where hospitals have sine waves and no patients", accepted: "uniform, available",
        at: key)
    case (.available, _) where scenario.federation.isBuffered:
      findings.report(
        "available with policy: buffered, which gives work to hospitals that are present only",
        accepted: "uniform, patients", at: key)
    default: break
    }
  }
}

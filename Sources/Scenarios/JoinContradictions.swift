extension Contradictions {
  /// Reports that so many hospitals join later that the run is sure to end at its start: nobody is there to
  /// begin with, or fewer than the quorum to describe their features before round 1.
  ///
  /// Who joins by time may come while the others are waited for.
  func beginning() {
    guard
      findings.isSound(
        "cohorts.hospitals", "cohorts.held-out", "cohorts.standardise", "federation.quorum",
        "federation.participation-by")
    else { return }
    let joiners = Set(planned + byChance)
    guard !joiners.isEmpty else { return }
    let training = scenario.trainingHospitals.count { !joiners.contains($0) }
    let isEmpty = scenario.cohorts.hospitals.allSatisfy(joiners.contains)
    guard isEmpty || describes && training < scenario.federation.quorum else { return }
    findings.report(
      isEmpty
        ? "every hospital, so that none is there at the start"
        : "so many that \(training) of those that train \(training == 1 ? "is" : "are") there to describe"
          + " features before round 1, and the quorum is \(scenario.federation.quorum)",
      accepted: isEmpty
        ? "some of the hospitals" : "fewer hospitals, or a smaller federation.quorum",
      at: byChance.isEmpty ? "timeline" : "faults.join.hospitals")
  }

  private var planned: [String] {
    scenario.timeline.filter { entry in
      if case .round = entry.moment { entry.act == .plain(.join) } else { false }
    }.flatMap(\.hospitals)
  }

  private var byChance: [String] {
    scenario.faults.filter { $0.act == .plain(.join) }.flatMap { $0.hospitals ?? [] }
  }

  /// Whether hospitals describe their features, or count their patients, before the first round.
  private var describes: Bool {
    scenario.cohorts.standardisation == .acrossHospitals
      || scenario.federation.participationBy == .patients
  }
}

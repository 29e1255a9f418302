// What a partition may make of patients who have many records each: hospitals of whole patients.

extension Contradictions {
  /// Reports a pool that has too few patients for its hospitals, or none.
  func poolOfRecords(_ plan: PooledPlan) {
    guard let patients = plan.from ?? scenario.cohorts.source.knownHospitals else {
      findings.report(
        "a pool of patients whom nobody names",
        accepted: "from: [p1..p60], names of two or more patients for each hospital",
        at: "cohorts.partition")
      return
    }
    let hospitals = scenario.cohorts.hospitals.count
    guard patients.count >= 2 * hospitals else {
      findings.report(
        "\(counted(patients.count, "patient")) for \(counted(hospitals, "hospital"))",
        accepted: "two or more for each, one to adapt on and one to be judged by",
        at: "cohorts.hospitals")
      return
    }
    guard plan.quantitySkew == nil else { return }
    minimum(within: (patients.count + hospitals - 1) / hospitals)
  }

  /// Reports hospitals that patients cannot make, and patients who are taken apart or are at two.
  func hospitalsOfPatients(_ merge: [String: [String]], _ split: [String: Int], beside: Set<String>)
  {
    if let patient = split.keys.min() {
      findings.report(
        "\(patient.excerpt), a patient, whose records would be at several hospitals",
        accepted: "merge, which makes hospitals of whole patients", at: "cohorts.partition.split")
    }
    let members = merge.keys.sorted().flatMap { merge[$0] ?? [] }
    natural(members, at: "cohorts.partition.merge")
    twice(members)
    alone(merge, besides: beside.union(split.flatMap { PartitionPlan.parts(of: $0, $1) }))
    guard let most = merge.values.map(\.count).max(), most > 1 else { return }
    minimum(within: most)
  }

  /// A hospital of one patient has nobody to be judged by.
  private func alone(_ merge: [String: [String]], besides others: Set<String>) {
    let names = merge.keys.sorted()
    if let hospital = names.first(where: { merge[$0]?.count == 1 }) {
      findings.report(
        "\(hospital.excerpt), a hospital of one patient",
        accepted: "two or more, one to adapt on and one to be judged by",
        at: "cohorts.partition.merge")
    }
    guard
      let stranger = scenario.cohorts.hospitals.first(where: {
        merge[$0] == nil && !others.contains($0)
      })
    else { return }
    findings.report(
      "\(stranger.excerpt), which merge does not make of patients",
      accepted: names.isEmpty
        ? "merge: { north: [two or more patients], … }" : names.joined(separator: ", "),
      nearest: Nearest.match(stranger, among: names), at: "cohorts.hospitals")
  }

  /// Reports a minimum that not even the largest hospital, of so many patients, can ever reach.
  private func minimum(within patients: Int) {
    let least = scenario.privacy.minimumPatients
    let rounded = Int((scenario.cohorts.testShare * Double(patients)).rounded())
    let kept = max(1, min(rounded, patients - 1))
    let training = patients - kept
    let isLocal = scenario.algorithm.name.isLocal
    let most = min(kept, isLocal ? training : training / 2)
    guard
      findings.isSound(
        "privacy.minimum-patients", "cohorts.test-share", "algorithm.name", "cohorts.hospitals",
        "cohorts.partition"), most < least
    else { return }
    guard most > 0 else {
      findings.report(
        "hospitals of at most \(counted(patients, "patient")), of whom one is kept for judging",
        accepted: "three or more, of whom two train, on either side of an episode",
        at: "cohorts.partition")
      return
    }
    findings.report(
      "\(least), where hospitals have about \(counted(patients, "patient")): \(training) train,"
        + "\(isLocal ? "" : " \(training / 2) on either side of an episode,") and \(kept) judge",
      accepted: "1 to \(most), or fewer hospitals",
      at: "privacy.minimum-patients")
  }
}

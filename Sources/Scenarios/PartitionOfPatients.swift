import Glibc

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
    guard let most = most(of: patients.count, by: plan.quantitySkew) else { return }
    minimum(within: most)
  }

  /// The patients of the largest hospital that trains, of so many who are dealt; where sizes go by lot those of the
  /// largest that there is, and nil where they are drawn.
  private func most(of patients: Int, by skew: QuantitySkewPlan?) -> Int? {
    let hospitals = scenario.cohorts.hospitals
    let alike = Array(repeating: 1.0, count: hospitals.count)
    switch skew {
    case nil, .logNormal(0): return most(of: patients, by: alike)
    case .logNormal: return nil
    case .zipf(let exponent):
      return exponent == 0
        ? most(of: patients, by: alike)
        : largestRemainders(of: patients, by: alike.indices.map { pow(Double($0 + 1), -exponent) })
          .max()
    case .counts(let counts):
      return most(of: patients, by: hospitals.map { Double(counts[$0] ?? 1) })
    }
  }

  private func most(of patients: Int, by weights: [Double]) -> Int? {
    let training = Set(scenario.trainingHospitals)
    let sizes = largestRemainders(of: patients, by: weights)
    return zip(scenario.cohorts.hospitals, sizes).filter { training.contains($0.0) }.map(\.1).max()
  }

  /// Whole numbers that come to `total`, as near to the weights as can be, as a pool is dealt.
  private func largestRemainders(of total: Int, by weights: [Double]) -> [Int] {
    let sum = weights.reduce(0, +)
    let exact = weights.map { $0 / sum * Double(total) }
    var sizes = exact.map { Int($0) }
    let order = exact.indices.sorted {
      let (one, other) = (exact[$0] - Double(sizes[$0]), exact[$1] - Double(sizes[$1]))
      return one == other ? $0 < $1 : one > other
    }
    for hospital in order.prefix(max(0, total - sizes.reduce(0, +))) { sizes[hospital] += 1 }
    return sizes
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
    let training = scenario.trainingHospitals
    guard let most = training.compactMap({ merge[$0]?.count }).max(), most > 1 else { return }
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
        "cohorts.partition", "cohorts.held-out"), most < least
    else { return }
    guard most > 0 else {
      findings.report(
        "training hospitals of at most \(counted(patients, "patient")), of whom one is kept for judging",
        accepted: "three or more, of whom two train, on either side of an episode",
        at: "cohorts.partition")
      return
    }
    findings.report(
      "\(least), where no hospital that trains has more than \(counted(patients, "patient")): \(training) train,"
        + "\(isLocal ? "" : " \(training / 2) on either side of an episode,") and \(kept) judge",
      accepted: "1 to \(most), or fewer hospitals",
      at: "privacy.minimum-patients")
  }
}

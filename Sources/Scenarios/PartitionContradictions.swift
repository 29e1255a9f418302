extension Contradictions {
  /// Reports a partition that does not fit the hospitals, or would use a patient twice.
  func partition() {
    guard let plan = scenario.cohorts.partition,
      findings.isSound(
        "cohorts.partition", "cohorts.hospitals", "cohorts.dataset", "cohorts.by")
    else { return }
    if case .sinusoid = scenario.cohorts.source {
      findings.report(
        "a partition of sine waves, which have no patients",
        accepted: "partition with a source of patients", at: "cohorts.partition")
      return
    }
    switch plan {
    case .pooled(let plan):
      pooled(plan)
      if scenario.cohorts.source.isOfRecords { poolOfRecords(plan) }
    case .regrouped(let merge, let split, let beside):
      if scenario.cohorts.source.isOfRecords {
        hospitalsOfPatients(merge, split, beside: Set(beside.keys))
      } else {
        regrouped(merge, split, beside: Set(beside.keys))
      }
      self.beside(beside)
    }
  }

  private func pooled(_ plan: PooledPlan) {
    natural(plan.from ?? [], at: "cohorts.partition.from")
    if let skew = plan.labelSkew { labelSkew(skew, at: "cohorts.partition.label-skew") }
    guard case .counts(let counts) = plan.quantitySkew,
      Set(counts.keys) != Set(scenario.cohorts.hospitals)
    else { return }
    findings.report(
      "numbers of patients of other hospitals than those of the scenario",
      accepted: "one for each of cohorts.hospitals, since every patient goes somewhere",
      at: "cohorts.partition.quantity-skew.counts")
  }

  private func regrouped(
    _ merge: [String: [String]], _ split: [String: Int], beside: Set<String>
  ) {
    let members = merge.keys.sorted().flatMap { merge[$0] ?? [] }
    natural(members, at: "cohorts.partition.merge")
    natural(split.keys.sorted(), at: "cohorts.partition.split")
    let parts = split.keys.sorted().flatMap { PartitionPlan.parts(of: $0, split[$0] ?? 1) }
    let new = Set(merge.keys).union(parts).union(beside)
    twice(members + split.keys + scenario.cohorts.hospitals.filter { !new.contains($0) })
    natural(scenario.cohorts.hospitals.filter { !new.contains($0) }, at: "cohorts.hospitals")
  }

  /// Whose patients are at two hospitals may be trained on at one and judged by at the other, unless
  /// the data set says for good what each is for.
  private func beside(_ plan: [String: [String]]) {
    guard !plan.isEmpty else { return }
    if scenario.cohorts.source != .heartDisease {
      findings.report(
        "hospitals beside those whose patients they have, where each hospital draws whom it keeps for"
          + " judging",
        accepted: "beside with dataset: heart-disease, whose split is published",
        at: "cohorts.partition.beside")
    }
    natural(plan.keys.sorted().flatMap { plan[$0] ?? [] }, at: "cohorts.partition.beside")
    guard
      let taken = plan.keys.sorted().first(where: { name in
        scenario.cohorts.source.knownHospitals?.contains(name) == true
      })
    else { return }
    findings.report(
      "\(taken.excerpt), which is a hospital of the data set, for a further one",
      accepted: "another name", at: "cohorts.partition.beside")
  }

  /// A hospital of the source whose patients would go to two hospitals.
  func twice(_ used: [String]) {
    var seen: Set<String> = []
    guard let again = used.first(where: { !seen.insert($0).inserted }) else { return }
    let owned = scenario.cohorts.source.isOfRecords ? "records" : "patients"
    findings.report(
      "the \(owned) of \(again.excerpt) in two hospitals", accepted: "each patient in one",
      at: "cohorts.partition")
  }

  /// Names that have to be hospitals of the source.
  func natural(_ names: [String], at path: String) {
    let source = scenario.cohorts.source
    let foreign = names.first { !source.accepts($0, by: scenario.cohorts.by) }
    guard let foreign else { return }
    let accepted =
      switch scenario.cohorts.by {
      case _ where source.isOfRecords: source.acceptedNames(by: .patient) ?? "patients"
      case .condition: source.acceptedNames(by: .condition) ?? "conditions"
      case .hospital, .patient: "hospitals of the data set"
      }
    findings.report(
      "no \(source.isOfRecords ? "patient" : "hospital") \(foreign.excerpt) in the data set",
      accepted: accepted
        + (source.isOfRecords ? "" : ", or those that partition makes of them"),
      nearest: Nearest.match(foreign, among: source.knownHospitals ?? []), at: path)
  }
}

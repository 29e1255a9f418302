import Cohorts
import Scenarios
import Tensors

extension Wards {
  /// The patients of those of `hospitals` that a partition makes.
  ///
  /// Whoever serves one part of a pool reads the pool: a partition is for research at one place.
  static func partitioned(
    _ experiment: Experiment, by plan: PartitionPlan, for hospitals: Set<String>, data: String?
  ) throws(CohortError) -> [String: Cohort] {
    let source = NaturalHospitals(experiment, data: data)
    let random = experiment.cohortStream.child("partition")
    let made: [Cohort]
    switch plan {
    case .pooled(let plan):
      made = try dealt(
        Array(experiment.scenario.cohorts.hospitals), plan, from: source, random: random)
    case .regrouped(let merge, let split, let beside):
      let pools = merge.merging(beside) { _, further in further }
      made = try regrouped(hospitals, pools, split, from: source, random: random)
    }
    let wanted = made.filter { hospitals.contains($0.hospital) }
    return Dictionary(wanted.map { ($0.hospital, $0) }) { first, _ in first }
  }

  private static func dealt(
    _ hospitals: [String], _ plan: PooledPlan, from source: NaturalHospitals, random: RandomStream
  ) throws(CohortError) -> [Cohort] {
    let natural = if let from = plan.from { try source.cohorts(of: from) } else { try source.all() }
    let pool = Partition.pool(natural, as: "the pool")
    return Partition.deal(
      pool, to: hospitals,
      labels: plan.labelSkew.map { LabelSkew($0, classes: source.classes) },
      weights: weights(of: hospitals, plan.quantitySkew, random: random.child("quantity-skew")),
      random: random)
  }

  /// The relative sizes of hospitals: of a million patients on average, so that rounding does not show.
  private static func weights(
    of hospitals: [String], _ plan: QuantitySkewPlan?, random: RandomStream
  ) -> [Double] {
    guard let plan else { return hospitals.map { _ in 1 } }
    let skew = QuantitySkew(plan, among: hospitals, random: random)
    return hospitals.map { hospital in
      Double(
        skew.size(
          of: hospital, having: 1_000_000, mayGrow: true, strength: 1, random: random))
    }
  }

  private static func regrouped(
    _ hospitals: Set<String>, _ pools: [String: [String]], _ split: [String: Int],
    from source: NaturalHospitals, random: RandomStream
  ) throws(CohortError) -> [Cohort] {
    var made: [Cohort] = []
    var rest = hospitals
    for (name, members) in pools.sorted(by: { $0.key < $1.key }) where hospitals.contains(name) {
      made.append(Partition.pool(try source.cohorts(of: members), as: name))
      rest.remove(name)
    }
    for (name, count) in split.sorted(by: { $0.key < $1.key }) {
      let parts = PartitionPlan.parts(of: name, count)
      guard !rest.isDisjoint(with: parts) else { continue }
      let whole = try source.cohorts(of: [name])[0]
      made += Partition.split(whole, into: parts, random: random.child("split").child(name))
      rest.subtract(parts)
    }
    return made + (try source.cohorts(of: rest.sorted()))
  }
}

/// The hospitals of a source of patients, or its patients with many records each, before any partition.
private struct NaturalHospitals {
  let experiment: Experiment
  let data: String?

  init(_ experiment: Experiment, data: String?) {
    self.experiment = experiment
    self.data = data
  }

  /// The number of classes of the outcome, where there are any.
  var classes: Int { experiment.scenario.cohorts.source.classes ?? 2 }

  /// All of them, whatever tasks they would make.
  func all() throws(CohortError) -> [Cohort] { try cohorts(of: names(), by: .hospital) }

  /// The names of all; those of the synthetic clinic have the names of the scenario.
  private func names() throws(CohortError) -> [String] {
    switch experiment.scenario.cohorts.source {
    case .heartDisease: HeartDisease.hospitals
    case .strokeTrial: try StrokeTrial.hospitals(in: Wards.directory(data))
    case .published(let plan): try plan.hospitals(in: Wards.directory(data))
    case .synthetic, .sinusoid, .doses, .tenClasses: Array(experiment.scenario.cohorts.hospitals)
    }
  }

  /// Those of these names: numbers of hospitals, or pairs of a hospital and a condition.
  func cohorts(of names: [String]) throws(CohortError) -> [Cohort] {
    try cohorts(of: names, by: experiment.scenario.cohorts.by)
  }

  private func cohorts(
    of hospitals: [String], by unit: TaskUnit
  ) throws(CohortError) -> [Cohort] {
    guard !hospitals.isEmpty else { return [] }
    switch experiment.scenario.cohorts.source {
    case .heartDisease:
      let directory = try Wards.directory(data)
      return try hospitals.map { hospital throws(CohortError) in
        try HeartDisease.cohort(of: hospital, in: directory)
      }
    case .strokeTrial:
      return try StrokeTrial.cohorts(
        of: hospitals, by: Grouping(unit), in: Wards.directory(data))
    case .synthetic(let plan):
      let clinic = SyntheticClinic(plan, random: experiment.cohortStream)
      return hospitals.map { clinic.cohort(of: $0) }
    case .published(let plan):
      return try plan.cohorts(of: hospitals, by: unit, in: Wards.directory(data))
    case .tenClasses(let plan):
      let points = TenClasses(
        plan, hospitals: experiment.scenario.cohorts.hospitals, wanted: Set(hospitals))
      return hospitals.map { points.cohort(of: $0) }
    case .doses(let plan):
      let clinic = DoseClinic(plan, random: experiment.cohortStream)
      return hospitals.map { clinic.cohort(of: $0) }
    case .sinusoid: return []
    }
  }
}

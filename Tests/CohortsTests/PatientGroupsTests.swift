import Cohorts
import Tensors
import Testing

@Suite("Hospitals of patients who have many records each")
struct PatientGroupsTests {
  /// Records of one patient in order of time: patient and number of the record are its features.
  private func patient(_ number: Int, records: Int) -> Cohort {
    var cohort = Cohort(
      hospital: "p\(number)", features: ["patient", "record"],
      inputs: Matrix(
        rows: records, columns: 2,
        scalars: (0..<records).flatMap { [Float(number), Float($0)] }),
      outcomes: (0..<records).map { 100 * Float(number) + Float($0) },
      trueRisks: (0..<records).map { 100 * Double(number) + Double($0) + 0.5 })
    cohort.times = (0..<records).map { RecordTime(made: Double($0), known: Double($0)) }
    cohort.persistence = (0..<records).map { 100 * Float(number) - Float($0) }
    cohort.isOrdered = true
    cohort.outcomeScale = OutcomeScale(centre: 50, unit: 4)
    return cohort
  }

  /// Patients of 1 to `most` records each, put together.
  private func pool(_ patients: Int, most: Int = 30, seed: UInt64) -> Cohort {
    var random = RandomStream(seed: seed).child("records")
    return Partition.pool(
      (0..<patients).map { patient($0, records: 1 + random.integer(below: most)) }, as: "pool")
  }

  private func clinic(
    _ cohort: Cohort, heldOut: Bool = false, share: Double = 0.3, seed: UInt64 = 1
  ) throws(CohortError) -> Clinic {
    try Clinic(
      cohort: cohort, testShare: share, heldOut: heldOut, standardiser: nil,
      random: RandomStream(seed: seed).child("split"))
  }

  private func patients(_ inputs: Matrix) -> Set<Int> {
    Set((0..<inputs.rows).map { Int(inputs[$0, 0]) })
  }

  /// Both features of every row as one number.
  private func records(_ inputs: Matrix) -> [Int] {
    (0..<inputs.rows).map { 1000 * Int(inputs[$0, 0]) + Int(inputs[$0, 1]) }
  }

  private func all(_ cohort: Cohort, of patients: Set<Int>) -> [Int] {
    records(cohort.inputs).filter { patients.contains($0 / 1000) }.sorted()
  }

  @Test("every patient goes to one hospital with all records, and nobody is lost")
  func dealt() {
    var random = RandomStream(seed: 4)
    for seed in 0..<100 as Range<UInt64> {
      let pool = pool(1 + random.integer(below: 60), seed: seed)
      let hospitals = (0..<1 + random.integer(below: 8)).map { "h\($0)" }
      let dealt = Partition.deal(
        pool, to: hospitals, labels: nil,
        weights: hospitals.map { _ in random.logNormal(sigma: 1) },
        random: RandomStream(seed: seed))
      #expect(dealt.map(\.hospital) == hospitals)
      #expect(dealt.flatMap { records($0.inputs) }.sorted() == records(pool.inputs).sorted())
      let owners = dealt.map { patients($0.inputs) }
      #expect(owners.reduce(0) { $0 + $1.count } == pool.patients)
      #expect(dealt.map(\.patients) == owners.map(\.count))
      for (hospital, owners) in zip(dealt, owners) {
        #expect(records(hospital.inputs).sorted() == all(pool, of: owners))
      }
    }
  }

  @Test("hospitals have patients, not records, in proportion to their weights")
  func sizes() {
    let dealt = Partition.deal(
      pool(60, seed: 3), to: ["a", "b", "c"], labels: nil, weights: [1, 2, 3],
      random: RandomStream(seed: 1))
    #expect(dealt.map(\.patients) == [10, 20, 30])
  }

  @Test("a record keeps its outcome, its truth and what it would be if nothing changed")
  func whole() throws {
    let clinic = try clinic(pool(20, seed: 5))
    var random = RandomStream(seed: 2)
    let episode = try clinic.judgingEpisode(shots: 9, using: &random)
    #expect(episode.outcomeUnit == 4)
    for set in [episode.support, episode.query] {
      for row in 0..<set.count {
        let (patient, record) = (set.inputs[row, 0], set.inputs[row, 1])
        #expect(set.outcomes[row] == (100 * patient + record - 50) / 4)
        #expect(set.trueRisks?[row] == (100 * Double(patient) + Double(record) + 0.5 - 50) / 4)
        #expect(set.persistence?[row] == (100 * patient - record - 50) / 4)
      }
    }
  }

  @Test(
    "support and query never share a patient, in training, in judging and at held-out hospitals")
  func apart() throws {
    var (trained, judged) = (0, 0)
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let pool = pool(4 + random.integer(below: 12), seed: seed)
      let clinic = try clinic(pool, heldOut: seed % 2 == 0, seed: seed)
      let (shots, query) = (1 + random.integer(below: 20), 1 + random.integer(below: 20))
      if let episode = try? clinic.judgingEpisode(shots: shots, using: &random) {
        judged += 1
        expectApart(episode, support: shots)
        let owners = patients(episode.query.inputs)
        #expect(records(episode.query.inputs).sorted() == all(pool, of: owners))
      }
      guard let episode = try? clinic.trainingEpisode(support: shots, query: query, using: &random)
      else { continue }
      trained += 1
      expectApart(episode, support: shots)
      #expect(Set(records(episode.query.inputs)).count == query)
    }
    #expect(judged > 250 && trained > 100)
  }

  private func expectApart(_ episode: Episode, support: Int) {
    let (one, other) = (patients(episode.support.inputs), patients(episode.query.inputs))
    #expect(one.isDisjoint(with: other))
    #expect(Set(records(episode.support.inputs)).count == support)
    #expect(episode.support.count == support)
    #expect(episode.support.patients == one.count)
    #expect(episode.query.patients == other.count)
  }

  @Test("whoever is kept for judging is kept with all records, and is in no batch")
  func kept() throws {
    let pool = pool(20, seed: 8)
    let clinic = try clinic(pool)
    var random = RandomStream(seed: 5)
    let query = try clinic.judgingEpisode(shots: 4, using: &random).query
    let judging = patients(query.inputs)
    #expect(judging.count == 6)
    #expect(records(query.inputs).sorted() == all(pool, of: judging))
    #expect((clinic.patients, clinic.trainable) == (20, 14))
    let rest = Set(0..<20).subtracting(judging)
    #expect(records(clinic.trainingInputs).sorted() == all(pool, of: rest))
    var batches = try clinic.miniBatches(of: 16, using: random)
    for _ in 0..<50 {
      let episode = try clinic.trainingEpisode(support: 8, query: 8, using: &random)
      #expect(
        patients(episode.support.inputs).union(patients(episode.query.inputs)).isSubset(of: rest))
      #expect(patients(try clinic.judgingEpisode(shots: 4, using: &random).query.inputs) == judging)
      #expect(patients(batches.next().inputs).isSubset(of: rest))
    }
  }

  @Test("a set has a record of every patient on its side before a second one of anybody")
  func turns() throws {
    let pool = Partition.pool((0..<20).map { patient($0, records: 30) }, as: "pool")
    let (clinic, heldOut) = (try clinic(pool), try clinic(pool, heldOut: true))
    var random = RandomStream(seed: 5)
    for (support, query) in [(3, 12), (7, 7), (21, 4), (50, 7)] {
      let episode = try clinic.trainingEpisode(support: support, query: query, using: &random)
      #expect(episode.support.patients == min(7, support))
      #expect(episode.query.patients == min(7, query))
      let shares = Dictionary(grouping: episode.support.owners ?? []) { $0 }.values.map(\.count)
      #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 1)
      let judged = try heldOut.judgingEpisode(shots: support, using: &random)
      #expect(judged.support.patients == min(14, support))
      #expect(judged.query.patients == 20 - min(14, support))
    }
  }

  @Test(
    "an episode of nearly all records is drawn as long as patients can be divided so, and else refused"
  )
  func tight() throws {
    let pool = Partition.pool([1, 2, 3, 4, 9].map { patient($0, records: $0) }, as: "pool")
    var kept = pool
    kept.keptForJudging = pool.owners?.map { $0 == 4 }
    let clinic = try clinic(kept)
    var random = RandomStream(seed: 5)
    for (support, query) in [(5, 5), (9, 1), (1, 9), (3, 7), (6, 4)] {
      let episode = try clinic.trainingEpisode(support: support, query: query, using: &random)
      expectApart(episode, support: support)
    }
    let whole = try self.clinic(Partition.pool([5, 5].map { patient($0, records: 5) }, as: "pool"))
    let error = #expect(throws: CohortError.self) {
      try whole.trainingEpisode(support: 2, query: 2, using: &random)
    }
    #expect(error?.found == "too few patients with records for both sets")
    #expect(throws: CohortError.self) {
      try clinic.trainingEpisode(support: 6, query: 5, using: &random)
    }
  }

  @Test("a hospital of one patient is refused, whatever it is for", arguments: [false, true])
  func single(heldOut: Bool) {
    let error = #expect(throws: CohortError.self) {
      try clinic(pool(1, seed: 1), heldOut: heldOut)
    }
    #expect(error?.accepted.hasPrefix("two or more") == true)
  }

  @Test("a rule of sizes takes whole patients away, the same ones first however many")
  func quantitySkew() {
    let pool = pool(40, seed: 6)
    func left(_ count: Int) -> Cohort {
      let skew = QuantitySkew(counts: ["pool": count])
      let rules = Heterogeneity([.init(.quantitySkew(skew), random: RandomStream(seed: 3))])
      return rules.cohort(
        from: .given(pool), in: 1, testShare: 0.3, heldOut: false, random: RandomStream(seed: 2))
    }
    let (more, fewer) = (left(30), left(10))
    #expect((more.patients, fewer.patients) == (30, 10))
    #expect(patients(fewer.inputs).isSubset(of: patients(more.inputs)))
    #expect(records(more.inputs).sorted() == all(pool, of: patients(more.inputs)))
    for patient in patients(more.inputs) {
      let marks = more.keptForJudging?.enumerated().filter {
        Int(more.inputs[$0.offset, 0]) == patient
      }
      #expect(Set(marks?.map(\.element) ?? []).count == 1)
    }
  }

  @Test("codes of a hospital's own are the same for all records of a patient")
  func codes() {
    let pool = Partition.pool(
      (0..<30).map { number in
        var cohort = patient(number, records: 12)
        cohort.features = ["patient", "male"]
        for row in 0..<12 { cohort.inputs[row, 1] = Float(number % 2) }
        return cohort
      }, as: "pool")
    var rule = Measurement(of: ["male"])
    rule.codes = true
    for seed in 0..<8 as Range<UInt64> {
      let written = rule.applied(to: pool, strength: 0.5, random: RandomStream(seed: seed))
      let answers = Dictionary(grouping: written.outcomes.indices) { Int(written.inputs[$0, 0]) }
      #expect(
        answers.values.allSatisfy { rows in Set(rows.map { written.inputs[$0, 1] }).count == 1 })
    }
  }

  @Test("patients of whom a feature is known are counted, not their records")
  func known() throws {
    var pool = Partition.pool((0..<10).map { patient($0, records: 20) }, as: "pool")
    // Of one patient every record has the second feature, of all others none has.
    for row in pool.outcomes.indices where pool.owners?[row] != 3 { pool.inputs[row, 1] = .nan }
    pool.keptForJudging = pool.owners?.map { $0 > 7 }
    let clinic = try clinic(pool)
    #expect(clinic.trainingPatientsKnown == [8, 1])
    let told = clinic.trainingSums.disclosable(minimum: 5, patients: clinic.trainingPatientsKnown)
    #expect(told.known == [160, 0])
    #expect(told.sums[1] == 0 && told.squares[1] == 0)
    #expect(told.sums[0] == Double((0..<8).reduce(0, +) * 20))
  }

  @Test("parts of a support set divide patients, and plain patients as they come")
  func parts() {
    var examples = Examples(inputs: Matrix(rows: 6, columns: 1), outcomes: [0, 1, 2, 3, 4, 5])
    #expect(examples.parts(4) == [0, 1, 2, 3, 0, 1])
    examples.owners = [7, 3, 7, 5, 3, 9]
    #expect(examples.parts(3) == [0, 1, 0, 2, 1, 0])
    #expect(examples.parts(2) == [0, 1, 0, 0, 1, 1])
  }

  @Test("doses stay with the visits of those who were given them")
  func doses() throws {
    let clinic = DoseClinic(
      records: 12, doses: 5, spread: 1, noise: 0.1, random: RandomStream(seed: 1))
    let cohorts = ["a", "b", "c", "d"].map { clinic.cohort(of: $0) }
    let pool = Partition.pool(cohorts, as: "both")
    let choice = try #require(pool.choice)
    #expect(choice.doses == clinic.doses)
    #expect(choice.bestForAll == clinic.bestForAll)
    #expect(
      choice.trueOutcomes.scalars == cohorts.flatMap { $0.choice?.trueOutcomes.scalars ?? [] })
    let dealt = Partition.deal(
      pool, to: ["x", "y"], labels: nil, weights: [1, 1], random: RandomStream(seed: 1))
    for hospital in dealt {
      for row in hospital.outcomes.indices {
        let given = clinic.doses.firstIndex(of: hospital.inputs[row, 3])
        let truth = given.map { hospital.choice?.trueOutcomes[row, $0] }
        #expect(truth == hospital.trueRisks.map { Float($0[row]) })
      }
    }
  }
}

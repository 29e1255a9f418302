import Cohorts
import Tensors
import Testing

@Suite("Clinic")
struct ClinicTests {
  /// Patients whose only feature is their number.
  private func numbered(
    _ patients: Int, kept: [Bool]? = nil, hospital: String = "st-anna"
  ) -> Cohort {
    Cohort(
      hospital: hospital, features: ["number"],
      inputs: Matrix(
        rows: patients, columns: 1, scalars: (0..<patients).map { Float($0) }),
      outcomes: (0..<patients).map { Float($0 % 2) },
      trueRisks: (0..<patients).map { Double($0) / 1000 }, keptForJudging: kept)
  }

  private func clinic(
    _ patients: Int, kept: [Bool]? = nil, heldOut: Bool = false, share: Double = 0.3,
    seed: UInt64 = 1
  ) throws(CohortError) -> Clinic {
    try Clinic(
      cohort: numbered(patients, kept: kept), testShare: share, heldOut: heldOut, standardiser: nil,
      random: RandomStream(seed: seed).child("split"))
  }

  private func numbers(_ examples: Examples) -> Set<Int> {
    Set(examples.inputs.scalars.map { Int($0) })
  }

  @Test("support and query never share a patient, whatever the seed, the sizes and the split")
  func disjoint() throws {
    for seed in 0..<300 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let patients = 12 + random.integer(below: 60)
      let kept = seed % 3 == 0 ? (0..<patients).map { $0 % 4 == 0 } : nil
      let clinic = try clinic(patients, kept: kept, heldOut: seed % 2 == 0, seed: seed)
      let shots = 1 + random.integer(below: 5)
      try expectDisjoint(clinic.judgingEpisode(shots: shots, using: &random), support: shots)
      guard !clinic.heldOut else { continue }
      let episode = try clinic.trainingEpisode(support: shots, query: 3, using: &random)
      try expectDisjoint(episode, support: shots)
      #expect(episode.query.count == 3)
    }
  }

  private func expectDisjoint(_ episode: Episode, support: Int) throws {
    #expect(numbers(episode.support).count == support)
    #expect(episode.support.count == support)
    #expect(numbers(episode.query).count == episode.query.count)
    #expect(numbers(episode.support).isDisjoint(with: numbers(episode.query)))
  }

  @Test("patients kept for judging never train, and all of them judge")
  func keptApart() throws {
    let clinic = try clinic(40)
    var random = RandomStream(seed: 5)
    let judging = numbers(try clinic.judgingEpisode(shots: 4, using: &random).query)
    #expect(judging.count == 12)
    for _ in 0..<50 {
      let training = try clinic.trainingEpisode(support: 8, query: 8, using: &random)
      #expect(numbers(training.support).union(numbers(training.query)).isDisjoint(with: judging))
      let judged = try clinic.judgingEpisode(shots: 6, using: &random)
      #expect(numbers(judged.query) == judging)
    }
    #expect(Set(clinic.trainingInputs.scalars.map { Int($0) }) == Set(0..<40).subtracting(judging))
  }

  @Test("a split that the data set names is honoured", arguments: [false, true])
  func namedSplit(heldOut: Bool) throws {
    let clinic = try clinic(20, kept: (0..<20).map { $0 >= 15 }, heldOut: heldOut)
    var random = RandomStream(seed: 5)
    let episode = try clinic.judgingEpisode(shots: 6, using: &random)
    #expect(numbers(episode.query) == Set(15..<20))
    #expect(numbers(episode.support).isSubset(of: Set(0..<15)))
    #expect(clinic.trainingPatients == 15)
  }

  @Test("a held-out hospital never trains, and says so")
  func heldOutNeverTrains() throws {
    let clinic = try clinic(100, heldOut: true)
    let error = #expect(throws: CohortError.self) {
      var random = RandomStream(seed: 1)
      return try clinic.trainingEpisode(support: 1, query: 1, using: &random)
    }
    #expect(error?.found == "a training episode asked of a held-out hospital")
  }

  @Test("a held-out hospital is judged by all who were not adapted on")
  func heldOutJudging() throws {
    let clinic = try clinic(30, heldOut: true)
    var random = RandomStream(seed: 1)
    let episode = try clinic.judgingEpisode(shots: 10, using: &random)
    #expect(numbers(episode.support).union(numbers(episode.query)) == Set(0..<30))
    #expect(episode.query.count == 20)
  }

  @Test("the same stream draws the same episode, another another")
  func determinism() throws {
    let clinic = try clinic(60)
    func draw(_ seed: UInt64) throws -> Episode {
      var random = RandomStream(seed: seed)
      return try clinic.trainingEpisode(support: 8, query: 8, using: &random)
    }
    #expect(try draw(3) == draw(3))
    #expect(try draw(3) != draw(4))
  }

  @Test("outcomes and true risks stay with their patients")
  func alignment() throws {
    var random = RandomStream(seed: 9)
    let episode = try clinic(60).trainingEpisode(support: 10, query: 10, using: &random)
    for examples in [episode.support, episode.query] {
      let risks = try #require(examples.trueRisks)
      for (row, number) in examples.inputs.scalars.map({ Int($0) }).enumerated() {
        #expect(examples.outcomes[row] == Float(number % 2))
        #expect(risks[row] == Double(number) / 1000)
      }
    }
  }

  @Test("every patient of the training part is drawn in the end, in support and in query")
  func everyone() throws {
    let clinic = try clinic(20)
    var random = RandomStream(seed: 2)
    let episodes = try (0..<200).map { _ in
      try clinic.trainingEpisode(support: 3, query: 3, using: &random)
    }
    #expect(Set(episodes.flatMap { numbers($0.support) }).count == 14)
    #expect(Set(episodes.flatMap { numbers($0.query) }).count == 14)
  }

  @Test("the share kept for judging is drawn by the seed, and is one patient at least")
  func shares() throws {
    func kept(_ patients: Int, _ share: Double, seed: UInt64 = 1) throws -> Set<Int> {
      var random = RandomStream(seed: 1)
      let clinic = try clinic(patients, share: share, seed: seed)
      return numbers(try clinic.judgingEpisode(shots: 1, using: &random).query)
    }
    #expect(try kept(100, 0.25).count == 25)
    #expect(try kept(10, 0.01).count == 1)
    #expect(try kept(10, 0.99).count == 9)
    #expect(try kept(100, 0.25) != kept(100, 0.25, seed: 2))
  }

  @Test("too few patients are told by how many are needed, not by how many there are")
  func tooFew() throws {
    let small = try clinic(24)
    let error = #expect(throws: CohortError.self) {
      var random = RandomStream(seed: 1)
      return try small.trainingEpisode(support: 16, query: 16, using: &random)
    }
    #expect(error?.place == "hospital st-anna")
    #expect(error?.accepted.hasPrefix("32 or more patients") == true)
    #expect(error?.description.contains("24") == false)
    #expect(error?.description.contains("\(small.trainingPatients)") == false)
    #expect(throws: CohortError.self) { try self.clinic(1) }
    #expect(throws: CohortError.self) { try self.clinic(0) }
    #expect(throws: CohortError.self) { try self.clinic(3, kept: [true, true, true]) }
  }

  @Test("exactly as many patients as needed are enough")
  func exactlyEnough() throws {
    var random = RandomStream(seed: 1)
    let clinic = try clinic(10)
    #expect(try clinic.trainingEpisode(support: 4, query: 3, using: &random).query.count == 3)
    #expect(throws: CohortError.self) {
      try clinic.trainingEpisode(support: 4, query: 4, using: &random)
    }
    let heldOut = try self.clinic(10, heldOut: true)
    #expect(try heldOut.judgingEpisode(shots: 9, using: &random).query.count == 1)
    #expect(throws: CohortError.self) { try heldOut.judgingEpisode(shots: 10, using: &random) }
  }

  @Test("standardising changes the inputs of episodes and nothing else")
  func standardised() throws {
    let raw = try clinic(50)
    let scaled = raw.standardised(by: Standardiser(FeatureSums(of: raw.trainingInputs)))
    var (one, other) = (RandomStream(seed: 3), RandomStream(seed: 3))
    let plain = try raw.trainingEpisode(support: 5, query: 5, using: &one)
    let episode = try scaled.trainingEpisode(support: 5, query: 5, using: &other)
    let standardiser = try #require(scaled.standardiser)
    #expect(episode.support.inputs == standardiser.applied(to: plain.support.inputs))
    #expect(episode.query.outcomes == plain.query.outcomes)
    #expect(scaled.trainingInputs == raw.trainingInputs)
  }
}

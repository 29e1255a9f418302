import Cohorts
import Tensors
import Testing

@Suite("Records of one patient, in the order of time")
struct TimedRecordTests {
  /// Records whose only feature is their number, at times with gaps and repetitions.
  private func records(seed: UInt64) -> Cohort {
    var random = RandomStream(seed: seed)
    let count = 20 + random.integer(below: 60)
    let delay = Double(random.integer(below: 8)) / 2
    var day = -2.0
    let times = (0..<count).map { _ in
      day += Double(random.integer(below: 4)) / 2
      return RecordTime(made: day, known: day + delay)
    }
    var cohort = Cohort(
      hospital: "p1", features: ["number"],
      inputs: Matrix(rows: count, columns: 1, scalars: (0..<count).map { Float($0) }),
      outcomes: (0..<count).map { 100 + 2 * Float($0) })
    cohort.times = times
    cohort.persistence = (0..<count).map { 100 + 4 * Float($0) }
    cohort.outcomeScale = OutcomeScale(centre: 100, unit: 2)
    return cohort
  }

  private func clinic(_ cohort: Cohort, heldOut: Bool, share: Double = 0.3) throws -> Clinic {
    try Clinic(
      cohort: cohort, testShare: share, heldOut: heldOut, standardiser: nil,
      random: RandomStream(seed: 1))
  }

  private func rows(_ examples: Examples) -> [Int] { examples.inputs.scalars.map { Int($0) } }

  private func expectInTime(_ episode: Episode, _ cohort: Cohort) throws {
    let times = try #require(cohort.times)
    for support in rows(episode.support) {
      for query in rows(episode.query) {
        #expect(times[support].made < times[query].made)
        #expect(times[support].known <= times[query].made)
      }
    }
  }

  @Test("nothing is learnt from a record that was made or known after one that is judged")
  func noLeak() throws {
    var drawn = 0
    for seed in 0..<400 as Range<UInt64> {
      let cohort = records(seed: seed)
      let clinic = try clinic(cohort, heldOut: seed % 2 == 0)
      var random = RandomStream(seed: seed)
      let shots = 1 + random.integer(below: 6)
      try expectInTime(clinic.judgingEpisode(shots: shots, using: &random), cohort)
      guard !clinic.heldOut,
        let episode = try? clinic.trainingEpisode(
          support: shots, query: 1 + random.integer(below: 6), using: &random)
      else { continue }
      drawn += 1
      try expectInTime(episode, cohort)
      let support = rows(episode.support)
      #expect(support == Array(support[0]..<support[0] + shots), "records that follow each other")
      #expect(rows(episode.query) == rows(episode.query).sorted())
      let judged = try clinic.judgingEpisode(shots: 1, using: &random).query
      #expect(Set(rows(judged)).isDisjoint(with: support + rows(episode.query)))
    }
    #expect(drawn > 150)
  }

  @Test("every record that leaves later ones may begin a window, and the first does too")
  func windows() throws {
    var cohort = records(seed: 3)
    cohort.times = cohort.outcomes.indices.map {
      RecordTime(made: Double($0), known: Double($0) + 2)
    }
    let count = cohort.outcomes.count
    let clinic = try clinic(cohort, heldOut: false)
    var random = RandomStream(seed: 8)
    let kept = try rows(clinic.judgingEpisode(shots: 1, using: &random).query)[0]
    #expect(kept == count - Int((0.3 * Double(count)).rounded()))
    var starts: Set<Int> = []
    for _ in 0..<2000 {
      starts.insert(
        rows(try clinic.trainingEpisode(support: 4, query: 3, using: &random).support)[0])
    }
    // Four, the next two steps later, three of these, and the last known before the first that is kept.
    #expect(starts == Set(0...kept - 9))
  }

  @Test(
    "a new patient's first records are adapted on, and the same last ones judged, for all shots")
  func firstRecords() throws {
    let clinic = try clinic(records(seed: 5), heldOut: true)
    var random = RandomStream(seed: 2)
    let judged = rows(try clinic.judgingEpisode(shots: 1, using: &random).query)
    for shots in 1...8 {
      let episode = try clinic.judgingEpisode(shots: shots, using: &random)
      #expect(rows(episode.support) == Array(0..<shots))
      #expect(rows(episode.query) == judged)
    }
  }

  @Test("outcomes are counted in the data set's units from its centre, and what stays too")
  func scale() throws {
    var random = RandomStream(seed: 2)
    let episode = try clinic(records(seed: 5), heldOut: true)
      .judgingEpisode(shots: 3, using: &random)
    #expect(episode.outcomeUnit == 2)
    #expect(episode.query.outcomes == episode.query.inputs.scalars)
    #expect(episode.query.persistence == episode.query.inputs.scalars.map { 2 * $0 })
  }

  @Test("records that leave no room in time are refused without their number")
  func noRoom() throws {
    var cohort = records(seed: 5)
    cohort.times = cohort.outcomes.indices.map { _ in RecordTime(made: 1, known: 1) }
    cohort.keptForJudging = nil
    let error = #expect(throws: CohortError.self) {
      try clinic(cohort, heldOut: false)
    }
    #expect(error?.found == "too few patients")
    var late = records(seed: 5)
    late.times = late.outcomes.indices.map {
      RecordTime(made: Double($0), known: Double($0 + late.outcomes.count / 2))
    }
    let lateClinic = try clinic(late, heldOut: false)
    let refused = #expect(throws: CohortError.self) {
      var random = RandomStream(seed: 1)
      return try lateClinic.trainingEpisode(support: 4, query: 4, using: &random)
    }
    #expect(refused?.found == "too few records that follow each other in time")
  }
}

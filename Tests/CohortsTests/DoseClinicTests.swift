import Cohorts
import Tensors
import Testing

@Suite("Dose clinic")
struct DoseClinicTests {
  private func clinic(
    records: Int = 30, doses: Int = 11, spread: Double = 1, noise: Double = 0.1, seed: UInt64 = 1
  ) -> DoseClinic {
    DoseClinic(
      records: records, doses: doses, spread: spread, noise: noise,
      random: RandomStream(seed: seed))
  }

  @Test("the same seed and name make the same patient, another name or seed another")
  func determinism() {
    #expect(clinic().cohort(of: "h1") == clinic().cohort(of: "h1"))
    #expect(clinic().cohort(of: "h1") != clinic().cohort(of: "h2"))
    #expect(clinic().cohort(of: "h1") != clinic(seed: 2).cohort(of: "h1"))
    let (few, many) = (clinic(records: 12).cohort(of: "h1"), clinic().cohort(of: "h1"))
    #expect(Array(many.outcomes.prefix(12)) == few.outcomes)
  }

  @Test("the best dose is where the truth over a fine grid is highest, at every visit")
  func bestDose() throws {
    for seed in 0..<60 as Range<UInt64> {
      let clinic = clinic(records: 12, doses: 101, spread: 1.5, seed: seed)
      let truths = try #require(clinic.cohort(of: "p").choice).trueOutcomes
      for (row, best) in clinic.bestDoses(of: "p").enumerated() {
        let highest = (0..<101).max { truths[row, $0] < truths[row, $1] } ?? 0
        #expect(abs(Double(highest) / 100 - best) <= 0.0051)
        #expect((0...1).contains(best))
      }
    }
  }

  @Test("what is measured lies about the truth of the dose that was given")
  func measured() throws {
    let cohort = clinic(records: 4000, noise: 0.2).cohort(of: "p")
    let choice = try #require(cohort.choice)
    let risks = try #require(cohort.trueRisks)
    var squares = 0.0
    for row in cohort.outcomes.indices {
      let given = try #require(choice.doses.firstIndex(of: cohort.inputs[row, choice.column]))
      #expect(abs(Double(choice.trueOutcomes[row, given]) - risks[row]) < 1e-5)
      squares +=
        (Double(cohort.outcomes[row]) - risks[row]) * (Double(cohort.outcomes[row]) - risks[row])
    }
    #expect(abs((squares / 4000).squareRoot() - 0.2) < 0.01)
    let exact = clinic(noise: 0).cohort(of: "p")
    #expect(exact.outcomes == exact.trueRisks?.map { Float($0) })
  }

  @Test("patients want different doses, by so much that one dose for all costs; alike ones do not")
  func differ() throws {
    func cost(spread: Double) throws -> Double {
      let clinic = clinic(doses: 21, spread: spread)
      let truths = try (1...80).map {
        try #require(clinic.cohort(of: "p\($0)").choice).trueOutcomes
      }
      func mean(_ choose: (Matrix, Int) -> Int) -> Double {
        truths.reduce(0.0) { sum, truth in
          sum + (0..<truth.rows).reduce(0.0) { $0 + Double(truth[$1, choose(truth, $1)]) }
            / Double(truth.rows)
        } / Double(truths.count)
      }
      let fixed = (0..<21).map { dose in mean { _, _ in dose } }.max() ?? 0
      let best = mean { truth, row in
        (0..<21).max { truth[row, $0] < truth[row, $1] } ?? 0
      }
      return best - fixed
    }
    let (apart, alike) = try (cost(spread: 1), cost(spread: 0))
    #expect(apart > 0.08)
    #expect(alike < apart / 2)
  }

  @Test("one dose for all is the one that serves the patients best, were all given the same")
  func bestForAll() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let clinic = clinic(records: 10, doses: 6, seed: seed)
      var sums = Array(repeating: 0.0, count: 6)
      for number in 1...1500 {
        let choice = try #require(clinic.cohort(of: "p\(number)").choice)
        #expect(choice.bestForAll == clinic.bestForAll)
        for place in 0..<6 {
          sums[place] += (0..<10).reduce(0) { $0 + Double(choice.trueOutcomes[$1, place]) }
        }
      }
      #expect(sums.indices.max { sums[$0] < sums[$1] } == clinic.bestForAll)
    }
  }

  @Test("an episode knows every dose on the scale of its inputs, and what it would have done")
  func episode() throws {
    let cohort = clinic().cohort(of: "p")
    let scale = Standardiser(FeatureSums(of: cohort.inputs))
    var random = RandomStream(seed: 4)
    let episode = try Clinic(
      cohort: cohort, testShare: 0.3, heldOut: true, standardiser: scale,
      random: RandomStream(seed: 1)
    ).judgingEpisode(shots: 5, using: &random)
    let choice = try #require(episode.query.choice)
    let risks = try #require(episode.query.trueRisks)
    #expect(choice.trueOutcomes.rows == episode.query.count)
    for row in 0..<episode.query.count {
      let given = try #require(
        choice.doses.firstIndex(of: episode.query.inputs[row, choice.column]))
      #expect(abs(Double(choice.trueOutcomes[row, given]) - risks[row]) < 1e-5)
    }
  }

  @Test("the number of patients or doses changes nothing of what a patient is")
  func independence() {
    #expect(clinic(doses: 5).bestDoses(of: "h1").count == 30)
    let (one, other) = (clinic(spread: 0).cohort(of: "a"), clinic(spread: 1).cohort(of: "a"))
    #expect(
      one.inputs.scalars == other.inputs.scalars, "what is measured before the dose is the same")
  }
}

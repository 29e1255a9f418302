import Cohorts
import Federation
import Scenarios
import Tensors
import Testing
import Transports

@Suite("A hostile hospital")
struct AttackTests {
  private func experiment(_ attack: String?, episodes: Int = 2) throws -> Experiment {
    let timeline = attack.map {
      "\ntimeline: [{ round: 2, hostile: { hospitals: h1, attack: \($0), rounds: 1 } }]\n"
    }
    return Experiment(
      try Scenario.read(
        smallScenario + (timeline ?? ""), file: "small.yaml",
        overrides: [Override("federation.episodes-per-round=\(episodes)")]))
  }

  private struct Sums: Equatable {
    var gradient: [Float]
    var losses: [Double]
  }

  /// What `hospital` sends in `round`.
  private func sent(
    _ experiment: Experiment, by hospital: String = "h1", round: Int = 2,
    cohorts: [String: Cohort]? = nil
  ) throws -> Sums {
    let worker =
      try cohorts.map { HospitalWorker(experiment, cohorts: $0) }
      ?? HospitalWorker(experiment, hospitals: [hospital], data: nil)
    let turn = Turn(run: Rehearsal.run, phase: .learn, round: round)
    let tensors = [tensor("meta-parameters", floats: experiment.initialParameters())]
    let answer = worker.perform(Job(turn: turn, hospital: hospital, tensors: tensors))
    guard case .contribution(_, let sums) = answer?.outcome else { throw NoContribution() }
    let gradient = try #require(sums.first { $0.meaning == "meta-gradient-sum" })
    let losses = try #require(sums.first { $0.meaning == "losses" })
    return Sums(gradient: gradient.frame.floats(), losses: losses.frame.doubles())
  }

  private struct NoContribution: Error {}

  private func expectClose(_ found: [Float], _ expected: [Double], _ tolerance: Double = 1e-6) {
    #expect(found.count == expected.count)
    let scale = expected.map(abs).max() ?? 0
    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * scale })
  }

  @Test("sends its sum the other way round, or scaled, and its true losses")
  func signsAndScales() throws {
    let honest = try sent(experiment(nil))
    let flipped = try sent(experiment("sign-flip"))
    #expect(flipped.gradient == honest.gradient.map { -$0 })
    #expect(flipped.losses == honest.losses)
    let scaled = try sent(experiment("scaling, strength: 4"))
    #expect(scaled.gradient == honest.gradient.map { 4 * $0 })
  }

  @Test("is honest in every other round, and every other hospital always is")
  func elsewhere() throws {
    let (calm, hostile) = try (experiment(nil), experiment("scaling"))
    #expect(try sent(hostile, round: 1) == sent(calm, round: 1))
    #expect(try sent(hostile, round: 3) == sent(calm, round: 3))
    #expect(try sent(hostile, by: "h2") == sent(calm, by: "h2"))
  }

  @Test("learns from patients with their classes exchanged")
  func labels() throws {
    let cohort = cohort { Float($0 % 3 == 0 ? 1 : 0) }
    let exchanged = self.cohort { Float($0 % 3 == 0 ? 0 : 1) }
    let hostile = try sent(experiment("label-flip"), cohorts: ["h1": cohort])
    let honest = try sent(experiment(nil), cohorts: ["h1": exchanged])
    #expect(hostile == honest)
    #expect(try sent(experiment(nil), cohorts: ["h1": cohort]) != honest)
  }

  private func cohort(outcome: (Int) -> Float) -> Cohort {
    var random = RandomStream(seed: 5)
    let inputs = (0..<40 * 4).map { _ in Float(random.normal()) }
    return Cohort(
      hospital: "h1", features: ["a", "b", "c", "d"],
      inputs: Matrix(rows: 40, columns: 4, scalars: inputs), outcomes: (0..<40).map(outcome))
  }

  @Test("sends mean less strength times spread over its episodes, number by number")
  func aLittle() throws {
    // The first of two episodes is the only one of one, and so the second is the difference.
    let first = try sent(experiment(nil, episodes: 1)).gradient.map(Double.init)
    let both = try sent(experiment(nil)).gradient.map(Double.init)
    let expected = zip(first, both).map { one, sum in
      let other = sum - one
      let spread = abs(one - other) / 2.0.squareRoot()
      return 2 * (sum / 2 - 0.7 * spread)
    }
    let hostile = try sent(experiment("a-little-is-enough, strength: 0.7"))
    expectClose(hostile.gradient, expected, 1e-5)
  }

  @Test("adds noise as large as its sum times the strength, new in each round and the same again")
  func noise() throws {
    let honest = try sent(experiment(nil)).gradient.map(Double.init)
    let noisy = try sent(experiment("noise, strength: 2"))
    let added = zip(noisy.gradient, honest).map { Double($0) - $1 }
    let norm = { (numbers: [Double]) in numbers.reduce(0) { $0 + $1 * $1 } }
    let ratio = norm(added) / (4 * norm(honest))
    // The mean square of so many standard normal numbers, within five standard deviations.
    #expect(abs(ratio - 1) < 5 * (2 / Double(added.count)).squareRoot())
    #expect(try sent(experiment("noise, strength: 2")) == noisy)
  }
}

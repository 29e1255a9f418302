import Federation
import Scenarios
import Testing

@Suite("A tree of regions")
struct RegionTreeTests {
  /// Trees over six hospitals; a region's hospitals are also those of its parent.
  static let trees: [[RegionalSea.Branch]] = [
    [],
    [(0, ["h1", "h2", "h3", "h4", "h5", "h6"])],
    [(0, ["h1", "h2", "h3"]), (0, ["h4", "h5", "h6"])],
    [(0, ["h2", "h5"])],
    [
      (0, ["h1", "h2", "h3", "h4"]), (1, ["h1", "h4"]), (1, ["h2"]), (0, ["h5"]),
    ],
    [
      (0, ["h1", "h2", "h3", "h4", "h5", "h6"]), (1, ["h1", "h2", "h3", "h4", "h5"]),
      (2, ["h1", "h2", "h3"]), (3, ["h3"]),
    ],
  ]

  private struct Course: Equatable {
    var outcome: Ending.Outcome?
    var parameters: [Float]?
    var rounds: [RoundRecord]
    var evaluations: [Evaluation]
  }

  private func sea(
    _ tree: [RegionalSea.Branch], _ weather: RoughSea.Weather = .init(), seed: UInt64 = 0,
    _ overrides: [String] = []
  ) throws -> RegionalSea {
    let settings = [
      "cohorts.hospitals=6", "cohorts.held-out=[h4]", "federation.rounds=6",
      "cohorts.standardise=across-hospitals", "evaluation.every=3",
    ]
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml",
      overrides: (settings + overrides).map { try Override($0) })
    return try RegionalSea(scenario, tree, weather: weather, seed: seed)
  }

  private func course(of sea: RegionalSea) -> Course {
    var sea = sea
    let ending = sea.play()
    return Course(
      outcome: ending?.outcome, parameters: ending?.parameters, rounds: sea.rounds,
      evaluations: sea.evaluations)
  }

  @Test("of any shape has the rounds and evaluations of the flat federation, bit for bit")
  func anyShape() throws {
    let flat = course(of: try sea([]))
    #expect(flat.outcome == .finished && flat.rounds.count == 7 && flat.evaluations.count == 2)
    for tree in Self.trees { #expect(course(of: try sea(tree)) == flat, "\(tree)") }
  }

  @Test("has as many answers at the coordinator as branches at its root")
  func oneAnswerATurn() throws {
    // A description, six rounds of five that train, two evaluations.
    for (tree, branches) in [(Self.trees[1], 1), (Self.trees[2], 2), (Self.trees[5], 1)] {
      var sea = try sea(tree)
      _ = sea.play()
      #expect(sea.answers == 9 * branches)
    }
  }

  @Test("loss, repetition, delay and deaths change no bit while everyone answers in time")
  func roughWeather() throws {
    let flat = course(of: try sea([]))
    let rough = RoughSea.Weather(loss: 0.1, repetition: 0.2, delay: 400, deaths: 0.05)
    let patient = ["federation.deadline=1h", "federation.assembly=1h"]
    for seed in 1...24 {
      let tree = Self.trees[seed % Self.trees.count]
      #expect(course(of: try sea(tree, rough, seed: UInt64(seed), patient)) == flat, "seed \(seed)")
    }
  }

  @Test("under a short deadline every run ends in a documented way, and the same a second time")
  func shortDeadlines() throws {
    let storm = RoughSea.Weather(loss: 0.05, repetition: 0.2, delay: 500, deaths: 0.04)
    let short = ["federation.deadline=3s", "federation.assembly=8s"]
    var missing = 0
    for seed in 1...36 {
      let tree = Self.trees[seed % Self.trees.count]
      let first = course(of: try sea(tree, storm, seed: UInt64(seed), short))
      #expect(course(of: try sea(tree, storm, seed: UInt64(seed), short)) == first, "seed \(seed)")
      #expect(first.outcome == .finished || first.outcome == .quorumLost, "seed \(seed)")
      // Nobody is counted and missed at once, and everyone invited is one of the two.
      for round in first.rounds where round.updated {
        #expect(Set(round.answered).isDisjoint(with: round.missing))
        #expect(round.answered.count + round.missing.count == 5)
        missing += round.missing.count
      }
    }
    #expect(missing > 0)
  }
}

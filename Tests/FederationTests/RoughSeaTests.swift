import Federation
import Scenarios
import Testing

@Suite("A federation in rough weather")
struct RoughSeaTests {
  private func sail(
    _ weather: RoughSea.Weather, seed: UInt64, overrides: [String] = []
  ) throws -> (ending: Ending?, rounds: [RoundRecord], restarts: Int) {
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml",
      overrides: (["federation.rounds=12", "cohorts.standardise=across-hospitals"] + overrides).map
      {
        try Override($0)
      })
    var sea = try RoughSea(scenario, weather: weather, seed: seed)
    return (sea.play(), sea.rounds, sea.restarts)
  }

  @Test("loss, repetition, delay and deaths change no bit while everyone answers in time")
  func sameBits() throws {
    let calm = try sail(.init(), seed: 0)
    #expect(calm.ending?.outcome == .finished)
    let rough = RoughSea.Weather(loss: 0.15, repetition: 0.2, delay: 400, deaths: 0.1)
    for seed in 1...40 {
      let (ending, rounds, _) = try sail(
        rough, seed: UInt64(seed), overrides: ["federation.deadline=1h", "federation.assembly=1h"])
      #expect(ending?.outcome == .finished, "seed \(seed)")
      #expect(ending?.parameters == calm.ending?.parameters, "seed \(seed)")
      #expect(rounds == calm.rounds, "seed \(seed)")
    }
  }

  @Test("a coordinator that dies again and again changes no bit while everyone answers in time")
  func restarts() throws {
    let calm = try sail(.init(), seed: 0)
    let rough = RoughSea.Weather(
      loss: 0.1, repetition: 0.1, delay: 300, deaths: 0.05, restarts: 0.04)
    var restarts = 0
    for seed in 1...40 {
      let run = try sail(
        rough, seed: UInt64(seed), overrides: ["federation.deadline=1h", "federation.assembly=1h"])
      #expect(run.ending == calm.ending, "seed \(seed)")
      #expect(run.rounds == calm.rounds, "seed \(seed)")
      restarts += run.restarts
    }
    #expect(restarts > 40)
  }

  @Test("under a short deadline every run ends in a documented way, and the same a second time")
  func ends() throws {
    let storm = RoughSea.Weather(loss: 0.06, repetition: 0.2, delay: 800, deaths: 0.05)
    var outcomes: Set<String> = []
    for seed in 1...60 {
      let short = ["federation.deadline=2s", "federation.assembly=6s"]
      let first = try sail(storm, seed: UInt64(seed), overrides: short)
      let second = try sail(storm, seed: UInt64(seed), overrides: short)
      let ending = try #require(first.ending, "seed \(seed) did not end")
      #expect(first.rounds == second.rounds, "seed \(seed)")
      outcomes.insert(ending.outcome.rawValue)
      // Nobody is counted and missed at once, and everyone invited is one of the two.
      for round in first.rounds where round.updated {
        #expect(Set(round.answered).isDisjoint(with: round.missing))
        #expect(round.answered.count + round.missing.count == 3)
        #expect(round.answered.count >= 2)
      }
    }
    #expect(outcomes == ["finished", "quorum-lost"])
  }
}

import Federation
import Foundation
import Scenarios
import Testing

@Suite("Every round policy in rough weather")
struct PolicySeaTests {
  /// What is said of the rounds beyond the small scenario.
  static let policies = [
    "over-selection":
      "federation.policy=over-selection federation.over-selection=2 federation.participation=0.5",
    "buffered": "federation.policy=buffered federation.buffer=2 federation.concurrency=3",
    "late answers": "federation.late=use federation.participation=0.7",
    "the available": "federation.participation-by=available federation.participation=0.7",
    "by patients": "federation.participation-by=patients federation.participation=0.7",
    "buffered by patients with late answers":
      "federation.policy=buffered federation.buffer=3 federation.participation-by=patients"
      + " federation.late=use federation.staleness.limit=1",
  ]

  /// The storms that each policy has to weather; more are a variable away.
  private static let seeds =
    ProcessInfo.processInfo.environment["CONSILIUM_STORMS"].flatMap { Int($0) } ?? 200

  /// The least that a federation can learn: what is tested is who is heard, and not what is learnt.
  private static let least =
    "federation.rounds=8 federation.quorum=1 federation.episodes-per-round=1 evaluation.every=3"
    + " evaluation.episodes=1 evaluation.steps=[0] evaluation.alone.steps=0 task.support=2"
    + " task.query=2 evaluation.shots=[2] algorithm.order=first model.layers=[]"

  private struct Fleet {
    let scenario: Scenario
    let worker: HospitalWorker

    init(_ policy: String, _ more: String = "") throws {
      let words = "\(least) \(policies[policy] ?? "") \(more)".split(separator: " ")
      scenario = try Scenario.read(
        smallScenario, file: "small.yaml", overrides: words.map { try Override(String($0)) })
      worker = try HospitalWorker(
        Experiment(scenario), hospitals: scenario.cohorts.hospitals, data: nil)
    }

    func sail(
      _ weather: RoughSea.Weather, seed: UInt64
    ) -> (ending: Ending?, rounds: [RoundRecord]) {
      var sea = RoughSea(worker, of: scenario, weather: weather, seed: seed)
      return (sea.play(atMost: 20_000), sea.rounds)
    }
  }

  @Test("in calm weather every round is held", arguments: policies.keys.sorted())
  func calm(policy: String) throws {
    let (ending, rounds) = try Fleet(policy).sail(.init(delay: 200), seed: 1)
    #expect(ending?.outcome == .finished)
    #expect(rounds.map(\.round) == Array(0...8))
    #expect(rounds.map(\.updated) == [false] + Array(repeating: true, count: 8))
  }

  @Test(
    "loss, repetition, delay and deaths end every run in a documented way, and the same a second time",
    arguments: policies.keys.sorted())
  func storm(policy: String) throws {
    let storm = RoughSea.Weather(loss: 0.08, repetition: 0.2, delay: 900, deaths: 0.05)
    var outcomes: Set<String> = []
    let fleet = try Fleet(policy, "federation.deadline=2s federation.assembly=6s")
    for seed in 1...Self.seeds {
      let first = fleet.sail(storm, seed: UInt64(seed))
      let ending = try #require(first.ending, "seed \(seed) did not end")
      outcomes.insert(ending.outcome.rawValue)
      // Nothing is counted twice, and every round that counts has its answers.
      #expect(first.rounds.map(\.round) == Array(0..<first.rounds.count), "seed \(seed)")
      for round in first.rounds where round.updated {
        #expect(!round.answered.isEmpty)
        #expect(round.episodes == round.answered.count + extra(round, policy), "seed \(seed)")
      }
      guard seed % 7 == 0 else { continue }
      let second = fleet.sail(storm, seed: UInt64(seed))
      #expect(first.rounds == second.rounds, "seed \(seed)")
      #expect(ending == second.ending, "seed \(seed)")
    }
    #expect(outcomes.contains("finished"))
    #expect(outcomes.isSubset(of: ["finished", "quorum-lost"]))
  }

  /// The late answers that were folded in beside those of the round; a buffer names them among its own.
  private func extra(_ round: RoundRecord, _ policy: String) -> Int {
    policy.hasPrefix("buffered") ? 0 : round.late?.used ?? 0
  }
}

import Federation
import MetaLearning
import Scenarios
import Testing
import Transports

/// Keeps every event of a run.
final class Diary: RunObserver {
  private(set) var events: [RunEvent] = []

  func observe(_ event: RunEvent) { events.append(event) }

  var rounds: [RoundRecord] {
    events.compactMap { if case .roundClosed(let record) = $0 { record } else { nil } }
  }

  var evaluation: Evaluation? {
    events.compactMap { if case .evaluated(let evaluation) = $0 { evaluation } else { nil } }.last
  }
}

@Suite("The simulated engine")
struct SimulationTests {
  private func play(
    _ yaml: String = smallScenario, processes: Int? = nil, overrides: [String] = []
  ) throws -> (ending: Ending, diary: Diary) {
    let scenario = try Scenario.read(
      yaml, file: "small.yaml", overrides: overrides.map { try Override($0) })
    let diary = Diary()
    let ending = try simulate(
      Experiment(scenario), data: nil, processes: processes, observer: diary)
    return (ending, diary)
  }

  @Test("plays a scenario to its end, and every round has the quorum")
  func plays() throws {
    let (ending, diary) = try play()
    #expect(ending.outcome == .finished)
    #expect(diary.rounds.map(\.round) == [0, 1, 2, 3])
    #expect(diary.rounds.dropFirst().allSatisfy { $0.answered == ["h1", "h2", "h3"] })
    #expect(diary.evaluation?.hospitals.count == 4)
  }

  @Test("ends with the same bits a second time, and however hospitals share nodes")
  func reproducible() throws {
    let reference = try play().diary.rounds
    for processes in [1, 2, 3, 4] {
      #expect(try play(processes: processes).diary.rounds == reference)
    }
  }

  @Test("ends with other bits for another seed")
  func seed() throws {
    let one = try play().ending.parameters
    #expect(try play(overrides: ["seed=4"]).ending.parameters != one)
  }

  @Test("standardises by sums that only training hospitals send")
  func standardised() throws {
    let (ending, diary) = try play(overrides: ["cohorts.standardise=across-hospitals"])
    #expect(ending.outcome == .finished)
    #expect(diary.rounds.first?.answered == ["h1", "h2", "h3"])
    #expect(try play().ending.parameters != ending.parameters)
  }

  @Test("lets no sum over too few patients leave a hospital")
  func disclosure() throws {
    // A scenario file that says so is refused; a hospital holds to the rule by itself as well.
    var scenario = try Scenario.read(smallScenario, file: "small.yaml")
    scenario.privacy.minimumPatients = 5
    let diary = Diary()
    let ending = try simulate(Experiment(scenario), data: nil, observer: diary)
    #expect(ending.outcome == .quorumLost)
    #expect(diary.rounds.last?.declined.count == 3)
    #expect(diary.rounds.last?.answered.isEmpty == true)
    // Nobody is missing: there is no node to start.
    #expect(
      ending.reason.hasPrefix("round 1 had 0 answers and the quorum is ")
        && ending.reason.hasSuffix("; mend why hospitals declined, or lower federation.quorum"))
  }

  @Test("a support set larger than a hospital leaves the other sizes judged")
  func manyShots() throws {
    var scenario = try Scenario.read(smallScenario, file: "small.yaml")
    scenario.evaluation.shots = [4, 60]
    let diary = Diary()
    let ending = try simulate(Experiment(scenario), data: nil, observer: diary)
    #expect(ending.outcome == .finished)
    let hospitals = try #require(diary.evaluation).hospitals
    #expect(hospitals.allSatisfy { $0.declined == nil && $0.results[0][0].judged > 0 })
    #expect(hospitals.contains { $0.results[1].allSatisfy { $0.judged == 0 } })
  }

  @Test("a contender that diverges does not hide the others")
  func divergingContender() throws {
    var scenario = try Scenario.read(smallScenario, file: "small.yaml")
    scenario.federation.rounds = 1
    scenario.algorithm.outer.rate = 0
    scenario.model.layers[0] = .dense(units: 3, activation: .identity)
    scenario.evaluation.alone = InnerPlan(steps: 50, rate: 1e20)
    let diary = Diary()
    _ = try simulate(Experiment(scenario), data: nil, observer: diary)
    let results = try #require(diary.evaluation?.hospitals.first).results[0]
    #expect(results[0].logLoss.isFinite)
    #expect(results.contains { !$0.logLoss.isFinite })
  }

  @Test("ends as diverged when hospitals find no finite meta-gradient")
  func diverged() throws {
    var scenario = try Scenario.read(smallScenario, file: "small.yaml")
    scenario.model.layers[0] = .dense(units: 3, activation: .relu)
    scenario.algorithm.outer.rate = 1e300
    let ending = try simulate(Experiment(scenario), data: nil, observer: Diary())
    #expect(ending.outcome == .diverged)
    #expect(ending.reason.contains("algorithm.outer.rate"))
  }

  @Test("gives up a long job when it is interrupted")
  func interruptedJob() throws {
    var scenario = try Scenario.read(smallScenario, file: "small.yaml")
    scenario.federation.episodesPerRound = 1_000_000_000
    var asked = 0
    let ending = try simulate(Experiment(scenario), data: nil, observer: Diary()) {
      asked += 1
      return asked > 20
    }
    #expect(ending.outcome == .interrupted)
    #expect(ending.round == 0)
  }

  @Test("first order, second order and fomaml are what their names say")
  func orders() throws {
    let second = try play().ending.parameters
    let first = try play(overrides: ["algorithm.order=first"]).ending.parameters
    let named = try play(overrides: ["algorithm.name=fomaml", "algorithm.order=first"])
    #expect(first != second)
    #expect(named.ending.parameters == first)
  }

  @Test("invites the scenario's share of the hospitals, other ones from round to round")
  func participation() throws {
    let (_, diary) = try play(
      overrides: [
        "federation.participation=0.67", "federation.rounds=20", "cohorts.hospitals=13",
        "cohorts.held-out=1", "federation.episodes-per-round=1",
      ])
    let invited = diary.rounds.dropFirst().map(\.answered)
    #expect(invited.allSatisfy { $0.count == 8 })
    #expect(Set(invited).count > 1)
  }

  @Test("ends when it is interrupted, with what was learnt")
  func interrupted() throws {
    let scenario = try Scenario.read(smallScenario, file: "small.yaml")
    let diary = Diary()
    let ending = try simulate(Experiment(scenario), data: nil, observer: diary) {
      diary.rounds.count > 1
    }
    #expect(ending.outcome == .interrupted)
    #expect(ending.round >= 1)
  }
}

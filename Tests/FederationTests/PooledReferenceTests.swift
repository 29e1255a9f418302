import Federation
import MetaLearning
import Scenarios
import Testing
import Transports

@Suite("A reference trained on all patients together")
struct PooledReferenceTests {
  private func experiment(_ overrides: String...) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) }))
  }

  private func play(_ experiment: Experiment) throws -> Diary {
    let diary = Diary()
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    #expect(try simulation.play().outcome == .finished)
    return diary
  }

  private static let pooled = "evaluation.pooled={ steps: 40, batch: 8, rate: 0.01 }"

  @Test(
    "is judged at every hospital, changes no bit of what is learnt, and is none where not asked for",
    arguments: Standardisation.allCases)
  func judged(standardisation: Standardisation) throws {
    let scale = "cohorts.standardise=\(standardisation.rawValue)"
    let (with, without) = (try experiment(scale, Self.pooled), try experiment(scale))
    #expect(!without.contenders.contains(.pooled))
    let place = try #require(with.contenders.firstIndex(of: .pooled))
    let diary = try play(with)
    #expect(diary.rounds == (try play(without).rounds))
    let hospitals = try #require(diary.evaluation).hospitals
    #expect(hospitals.count == 4)
    for hospital in hospitals {
      let row = try #require(hospital.results.first)
      #expect(row[place].judged > 0 && row[place].logLoss.isFinite, "\(hospital.hospital)")
    }
    #expect(try play(with).evaluation == diary.evaluation)
  }

  @Test("of one hospital with all its steps it does what training there does: it learns")
  func learns() throws {
    let losses = try ["steps: 0", "steps: 2000"].map { steps in
      let experiment = try experiment(
        "cohorts.standardise=across-hospitals", "evaluation.pooled={ \(steps), rate: 0.01 }",
        "cohorts.synthetic.patients=400")
      let place = try #require(experiment.contenders.firstIndex(of: .pooled))
      return try #require(try play(experiment).evaluation).hospitals.compactMap {
        $0.results.first?[place].meanLogLoss
      }
    }
    #expect(losses[0].count == 4 && losses[1].count == 4)
    #expect(losses[1].reduce(0, +) < losses[0].reduce(0, +))
  }

  @Test("a node that has not the patients of all hospitals declines, and says where it can be had")
  func elsewhere() throws {
    let experiment = try experiment(Self.pooled)
    let worker = try HospitalWorker(experiment, hospitals: ["h1", "h4"], data: nil)
    let answer = worker.perform(
      Job(
        turn: Turn(run: Array(repeating: 1, count: 16), phase: .evaluate, round: 1),
        hospital: "h1",
        tensors: [tensor("meta-parameters", floats: experiment.initialParameters())]))
    guard case .declined(let reason)? = answer?.outcome else {
      Issue.record("it has answered")
      return
    }
    #expect(reason.contains("simulated engine"))
  }
}

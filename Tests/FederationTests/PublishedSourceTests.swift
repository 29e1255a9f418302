import Cohorts
import MetaLearning
import Models
import Scenarios
import Tensors
import Testing

@testable import Federation

@Suite("Sources of patients' records, as scenarios name them")
struct PublishedSourceTests {
  private func experiment(_ cohorts: String) throws -> Experiment {
    Experiment(
      try Scenario.read(
        """
        scenario: source
        summary: A source of patients.
        cohorts: \(cohorts)
        task: { support: 4, query: 4 }
        model: { layers: [] }
        algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
        federation: { rounds: 1 }
        """, file: "source.yaml"))
  }

  @Test(
    "names and numbers of features are those of the readers",
    arguments: PublishedPlan.DataSet.allCases)
  func names(dataSet: PublishedPlan.DataSet) throws {
    let plan = PublishedPlan(dataSet)
    #expect(plan.featureNames.count == dataSet.features)
    #expect(Set(plan.featureNames).count == dataSet.features)
    if let hospitals = dataSet.hospitals {
      #expect(try plan.hospitals(in: "/nowhere") == hospitals)
    }
  }

  @Test("that nothing changes is judged of records in time, and the truth of doses is known")
  func contenders() throws {
    let glucose = try experiment("{ dataset: hupa-ucm-cgm, held-out: 4 }")
    #expect(glucose.contenders.contains(.lastValue))
    #expect(glucose.network.inputs == 10)
    let doses = try experiment("{ doses: {}, hospitals: 8, held-out: 2 }")
    #expect(doses.contenders.contains(.bestReachable))
    #expect(doses.contenders.contains(.fixedDose))
    #expect(!doses.contenders.contains(.lastValue))
    #expect(!glucose.contenders.contains(.fixedDose))
    let trial = try experiment("{ dataset: rhdnase, held-out: 25% }")
    #expect(trial.scenario.cohorts.hospitals.count == 51)
    #expect(!trial.contenders.contains(.lastValue))
  }

  @Test("a patient of the dose clinic is judged by the last visits, after the first ones")
  func doses() throws {
    let experiment = try experiment("{ doses: { records: 20 }, hospitals: 4, held-out: 1 }")
    let wards = try Wards(experiment, hospitals: ["h1", "h2"], data: nil, capacity: 1 << 20)
    let source = try wards.source(of: "h2", in: 1, standardiser: nil)
    var random = RandomStream(seed: 1)
    let episode = try source.judgingEpisode(shots: 5, using: &random)
    #expect(episode.query.count == 6)
    #expect(episode.query.choice?.doses.count == 11)
    let cohort = try wards.cohort(of: "h2", in: 1)
    #expect(episode.support.outcomes == Array(cohort.outcomes.prefix(5)))
    #expect(episode.query.outcomes == Array(cohort.outcomes.suffix(6)))
  }

  @Test(
    "data that are not there are told of, and nobody guesses",
    arguments: [
      "{ dataset: remifentanil, held-out: 9 }",
      "{ dataset: eicu-demo, by: condition, hospitals: [73-sepsis, 73-cardiac], held-out: 1 }",
    ])
  func absent(cohorts: String) throws {
    let experiment = try experiment(cohorts)
    let error = #expect(throws: CohortError.self) {
      try Wards(
        experiment, hospitals: experiment.scenario.cohorts.hospitals, data: "/no/such/directory",
        capacity: 1 << 20)
    }
    #expect(error?.found == "no such directory")
  }
}

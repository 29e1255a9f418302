import Scenarios
import Testing

@Suite("What the reader makes of a scenario")
struct ReadingTests {
  private static let minimal = """
    scenario: minimal
    summary: As little as a scenario can say.
    cohorts: { synthetic: {}, hospitals: 10, held-out: 2 }
    task: { support: 4, query: 6 }
    model: { layers: [{ dense: 4 }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 10 }

    """

  private func read(_ overrides: String...) throws -> Scenario {
    try Scenario.read(Self.minimal, file: "", overrides: overrides.map { try Override($0) })
  }

  @Test("what is not said follows from what is said")
  func derivedDefaults() throws {
    let scenario = try read()
    #expect(scenario.seed == 1)
    #expect(scenario.task.kind == .classification)
    #expect(scenario.model.loss == .softmaxCrossEntropy)
    #expect(scenario.algorithm.order == .second)
    #expect(scenario.federation.quorum == 4)
    #expect(scenario.evaluation.shots == [4])
    #expect(scenario.evaluation.alone == InnerPlan(steps: 50, rate: 0.1))
    #expect(scenario.cohorts.standardisation == .acrossHospitals)
  }

  @Test("a partition of patients makes hospitals: what it merges, or as many as are asked for")
  func hospitalsOfPatients() throws {
    func cohorts(_ cohorts: String) throws -> CohortPlan {
      let scenario = try read("cohorts=\(cohorts)", "privacy.minimum-patients=1")
      let written = try Scenario.read(scenario.yaml, file: "")
      #expect(written == scenario)
      return scenario.cohorts
    }
    let plain = try cohorts("{ dataset: remifentanil }")
    #expect(plain.by == .patient && plain.hospitals.count == 65)
    let dealt = try cohorts("{ dataset: remifentanil, hospitals: 8, partition: { of: pooled } }")
    #expect(dealt.by == .hospital && dealt.hospitals.count == 8)
    let merged = try cohorts(
      "{ dataset: remifentanil, partition: { of: hospitals, merge: { b: [p1..p9], a: [p10, p12] } } }"
    )
    #expect(merged.by == .hospital && merged.hospitals == ["a", "b"])
    let doses = try cohorts(
      "{ doses: {}, by: hospital, hospitals: 3, partition: { from: [q1..q30] } }")
    #expect(doses.by == .hospital && doses.source.isOfRecords)
    let conditions = try cohorts(
      "{ dataset: eicu-demo, by: condition, hospitals: 3, partition: { from: [73-sepsis, 73-cardiac] } }"
    )
    #expect(conditions.by == .condition && !conditions.source.isOfRecords)
  }

  @Test(
    "a minimum that hospitals of patients cannot reach is told of, and one that some may is not",
    arguments: [
      ("{ of: pooled }", "maml", 2, true), ("{ of: pooled }", "maml", 3, false),
      ("{ of: pooled, quantity-skew: { zipf: 1 } }", "maml", 3, true),
      ("{ of: hospitals, merge: { h1: [p1..p14], h2: [p15, p16] } }", "maml", 4, true),
      ("{ of: hospitals, merge: { h1: [p1..p14], h2: [p15, p16] } }", "maml", 5, false),
      ("{ of: pooled, from: [p1..p12] }", "fedavg", 1, true),
      ("{ of: pooled, from: [p1..p12] }", "maml", 1, false),
    ])
  func minimum(partition: String, algorithm: String, minimum: Int, isSound: Bool) throws {
    let hospitals = partition.contains("merge") ? "" : "hospitals: 6, "
    let local = algorithm == "fedavg" ? ["algorithm.local={ steps: 1, batch: 9, rate: 0.1 }"] : []
    let overrides =
      [
        "cohorts={ dataset: parkinsons-telemonitoring, \(hospitals)partition: \(partition) }",
        "privacy.minimum-patients=\(minimum)", "algorithm.name=\(algorithm)", "task.query=8",
        "task.support=8",
      ] + local
    let reading = Result {
      try Scenario.read(Self.minimal, file: "", overrides: overrides.map { try Override($0) })
    }
    switch reading {
    case .success: #expect(isSound)
    case .failure(let error):
      #expect(!isSound, "\(error)")
      #expect((error as? ScenarioProblems)?.problems.count == 1)
    }
  }

  @Test("the loss and the kind follow the source, the order follows the algorithm")
  func followers() throws {
    let days = try read("cohorts.synthetic.outcome=length-of-stay")
    #expect(days.task.kind == .regression)
    #expect(days.model.loss == .meanSquaredError)
    let waves = try read("cohorts={ sinusoid: {}, hospitals: 3 }")
    #expect(waves.task.kind == .regression)
    #expect(waves.cohorts.standardisation == .none)
    #expect(try read("algorithm.name=fomaml").algorithm.order == .first)
    #expect(try read("algorithm.order=first").algorithm.name == .maml)
    #expect(try read("federation.participation=0.5").federation.quorum == 2)
  }

  @Test("the heart-disease hospitals need not be named")
  func heartDisease() throws {
    let scenario = try read("cohorts={ dataset: heart-disease }")
    #expect(scenario.cohorts.source == .heartDisease)
    #expect(scenario.trainingHospitals == ["cleveland", "hungarian", "switzerland", "va"])
  }

  @Test("mean squared error is accepted for classification, and no hidden layer for any task")
  func unusual() throws {
    #expect(try read("model.loss=mean-squared-error").model.loss == .meanSquaredError)
    #expect(try read("model.layers=[]").model.layers.isEmpty)
  }

  @Test("names are text, whatever they look like")
  func names() throws {
    let names = ["12", "no", "1.5", "0x1F", "true", "2026-01-01", "1:30", "h9"]
    let scenario = try read("cohorts.hospitals=[\(names.joined(separator: ", "))]")
    #expect(Array(scenario.cohorts.hospitals) == names)
    #expect(try Scenario.read(scenario.yaml, file: "") == scenario)
  }

  @Test("lines may end as on Windows, and the text may begin with a mark of byte order")
  func lineEndings() throws {
    let plain = try read()
    let windows = Self.minimal.split(separator: "\n").joined(separator: "\r\n")
    #expect(try Scenario.read(windows, file: "") == plain)
    #expect(try Scenario.read("\u{FEFF}" + Self.minimal, file: "") == plain)
  }

  @Test("an alias stands for its value")
  func aliases() throws {
    let text = Self.minimal.replacing(
      "rate: 0.1 }, outer: { rate: 0.1 }", with: "rate: &r 0.2 }, outer: { rate: *r }")
    let scenario = try Scenario.read(text, file: "")
    #expect(scenario.algorithm.outer.rate == 0.2)
    #expect(scenario.algorithm.inner.rate == 0.2)
  }

  @Test("a key given twice, on lines that end as on Windows, is still one problem among others")
  func repeatedKeys() throws {
    let text = "seed: 1\r\nseed: 2\r\n" + Self.minimal.replacing("rounds: 10", with: "rounds: -1")
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(text, file: "f.yaml")
    }.problems
    #expect(problems.map(\.path) == ["seed", "federation.rounds"])
    #expect(
      problems.first?.description
        == "f.yaml:2:1: seed: key given twice, first at 1:1; accepted: each key once")
  }
}

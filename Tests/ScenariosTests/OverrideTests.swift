import Scenarios
import Testing

@Suite("Overrides from the command line")
struct OverrideTests {
  private func read(_ overrides: String..., seed: UInt64? = nil) throws -> Scenario {
    try Scenario.read(
      Scenario.bundledDefault, file: "default.yaml", overrides: overrides.map { try Override($0) },
      seed: seed)
  }

  private func problems(_ overrides: String...) throws -> [String] {
    let overrides = try overrides.map { try Override($0) }
    return try #require(throws: ScenarioProblems.self) {
      try Scenario.read(Scenario.bundledDefault, file: "default.yaml", overrides: overrides)
    }.problems.map(\.description)
  }

  @Test("an override replaces a value, a list, a member of a list or a section")
  func replaces() throws {
    #expect(try read("algorithm.inner.steps=3").algorithm.inner.steps == 3)
    #expect(try read("evaluation.steps=[1, 5]").evaluation.steps == [1, 5])
    #expect(
      try read("model.layers.0.dense=8").model.layers == [.dense(units: 8, activation: .tanh)])
    #expect(try read("task={ support: 4, query: 6 }").task.query == 6)
    #expect(try read("summary=a = b").summary == "a = b")
  }

  @Test("an override may give what the file does not, with the sections around it")
  func adds() throws {
    #expect(try read("privacy.minimum-patients=9").privacy.minimumPatients == 9)
    #expect(try read("evaluation.every=25").evaluation.every == 25)
  }

  @Test("the last override of a key counts, and the seed counts before all")
  func order() throws {
    #expect(try read("seed=1", "seed=2").seed == 2)
    #expect(try read("seed=1", seed: 3).seed == 3)
    #expect(try read(seed: UInt64.max).seed == UInt64.max)
  }

  @Test("an override mends what is wrong in the file")
  func mends() throws {
    let broken = Scenario.bundledDefault.replacing("order: second", with: "order: third")
    #expect(throws: ScenarioProblems.self) { try Scenario.read(broken, file: "") }
    let mended = try Scenario.read(
      broken, file: "", overrides: [Override("algorithm.order=second")])
    #expect(mended.algorithm.order == .second)
  }

  @Test("a problem in an override names the override")
  func place() throws {
    #expect(
      try problems("algorithm.inner.steps=x", "algorithm.inner.stepz=1") == [
        "--set algorithm.inner.steps=x: algorithm.inner.steps: found x; accepted: a whole number"
          + " from 1 to 1000",
        "--set algorithm.inner.stepz=1: algorithm.inner.stepz: unknown key; accepted: steps, rate;"
          + " did you mean steps?",
      ])
    #expect(
      try problems("seed.deep=1").first
        == "--set seed.deep=1: seed.deep: seed holds a value and no keys; accepted: the path of a"
        + " key in a section")
    #expect(
      try problems("model.layers.4.dense=1").first
        == "--set model.layers.4.dense=1: model.layers.4: no such member of a list; accepted: 0 to"
        + " 0")
    #expect(try problems("federation.quorum=9").count == 1)
  }

  @Test(
    "a text that is no override is refused with what is accepted",
    arguments: ["seed", "=7", "a..b=1", ".seed=1", "seed=[1, 2", "seed={a: 1, a: 2}", "x=*alias"])
  func malformed(text: String) throws {
    let problem = try #require(throws: (any Error).self) {
      let override = try Override(text)
      _ = try Scenario.read(Scenario.bundledDefault, file: "", overrides: [override])
    }
    let problems = try #require(problem as? ScenarioProblems).problems
    #expect(problems.allSatisfy { $0.place == .override("--set \(text)") })
    #expect(problems.allSatisfy { $0.description.hasPrefix("--set \(text): ") })
  }
}

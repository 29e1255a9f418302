import Foundation
import Scenarios
import Testing

@Suite("What a sweep varies")
struct VariationTests {
  private static let path = Repository.scenarios.appending(path: "default.yaml").path

  private func cells(_ variations: String..., seeds: [UInt64?] = [nil]) throws -> [SweepCell] {
    try SweepCell.all(
      of: Self.path, overrides: [Override("federation.rounds=5")],
      variations: variations.map { try Variation($0) }, seeds: seeds)
  }

  @Test("commas tell values apart, but not within brackets, braces and quotes")
  func values() throws {
    let variation = try Variation(#"a.b=1, [2, 3],{ c: [4, 5], d: 6 },"7, 8",'9, [' ,"#)
    #expect(variation.key == "a.b")
    #expect(
      variation.overrides.map(\.text) == [
        "a.b=1", "a.b=[2, 3]", "a.b={ c: [4, 5], d: 6 }", #"a.b="7, 8""#, "a.b='9, [' ", "a.b=",
      ])
    #expect(variation.overrides[1].valueText == "[2, 3]")
  }

  @Test(
    "a variation without values, or of no key, is a problem", arguments: ["seed", "=1,2", "a..b=1"])
  func wrong(text: String) {
    #expect(throws: ScenarioProblems.self) { try Variation(text) }
  }

  @Test("every combination is made once, the last key and the seed varying fastest")
  func product() throws {
    let cells = try cells(
      "algorithm.inner.steps=1,2", "evaluation.steps=[0, 1],[0, 5],[0]", seeds: [1, 2])
    #expect(cells.count == 12)
    #expect(cells.map(\.scenario.seed) == Array(repeating: [1, 2], count: 6).flatMap(\.self))
    #expect(cells.map(\.scenario.algorithm.inner.steps) == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    #expect(cells[2].scenario.evaluation.steps == [0, 5])
    #expect(cells.allSatisfy { $0.scenario.federation.rounds == 5 })
    #expect(Set(cells.map(\.scenario.canonical)).count == 12)
  }

  @Test("without a key there is one cell for each seed")
  func seeds() throws {
    #expect(try cells(seeds: [3, 4]).map(\.scenario.seed) == [3, 4])
    #expect(try cells().map(\.scenario.seed) == [7])
  }

  @Test("what is wrong with any cell is said of all cells, each problem once")
  func problems() throws {
    let problems = try #require(throws: ScenarioProblems.self) {
      try cells("algorithm.inner.steps=0,3,many", "task.suport=4", seeds: [1, 2, 3])
    }.problems
    #expect(
      problems.map(\.description) == [
        "--vary task.suport=4: task.suport: unknown key; accepted: kind, support, query; did you mean"
          + " support?",
        "--vary algorithm.inner.steps=0: algorithm.inner.steps: found 0; accepted: a whole number from"
          + " 1 to 1000",
        "--vary algorithm.inner.steps=many: algorithm.inner.steps: found many; accepted: a whole"
          + " number from 1 to 1000",
      ])
  }

  @Test("settings that come to the same scenario are refused, each pair once and with both")
  func coincidence() throws {
    let words =
      "--vary algorithm.inner.rate=1e-1: algorithm.inner.rate: comes to the same scenario as"
    let rates = try #require(throws: ScenarioProblems.self) {
      try cells("algorithm.inner.rate=0.1,1e-1,0.2,0.10", "task.query=4,5", seeds: [1, 2])
    }.problems.map(\.description)
    #expect(rates.count == 2)
    #expect(rates[0].hasPrefix("\(words) --vary algorithm.inner.rate=0.1; accepted: "))
    #expect(rates[1].hasPrefix("--vary algorithm.inner.rate=0.10: "))
    for (variations, seeds) in [
      (["seed=1,2"], [2]),
      (["algorithm.inner.steps=1,2", "algorithm.inner={ steps: 3, rate: 0.2 }"], [nil]),
      (["methods.a.algorithm.name=maml,reptile"], [nil]),
    ] as [([String], [UInt64?])] {
      let problems = try #require(throws: ScenarioProblems.self, "\(variations)") {
        try SweepCell.all(
          of: Self.path, overrides: [], variations: variations.map { try Variation($0) },
          seeds: seeds)
      }.problems
      #expect(problems.count == 1 && problems[0].found.contains("the same scenario"))
    }
  }

  @Test("methods that come to the same scenario under different names are compared all the same")
  func sameMethods() throws {
    let cells = try SweepCell.all(
      of: Self.path, overrides: [],
      settings: [("maml", [], [], nil), (nil, [], [], nil), (nil, [], [], 7)])
    #expect(cells.count == 3 && cells[1].scenario == cells[2].scenario)
  }
}

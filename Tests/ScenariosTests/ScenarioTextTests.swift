import Foundation
import Scenarios
import Testing

@Suite("A scenario as text")
struct ScenarioTextTests {
  /// Scenarios of many shapes, the same ones in every run.
  private static func scenarios(_ count: UInt64) -> [Scenario] {
    (0..<count).map { seed in
      var random = RandomScenario(seed: seed)
      return random.scenario()
    }
  }

  @Test("reading what was written gives the same scenario")
  func roundTrip() throws {
    for scenario in Self.scenarios(1000) {
      let again = try Scenario.read(scenario.yaml, file: "again.yaml")
      #expect(again == scenario, "\(scenario.yaml)")
    }
  }

  @Test("a scenario that names 100,000 hospitals is written short enough to be read again")
  func manyHospitals() throws {
    let scenario = try Scenario.read(
      """
      scenario: many
      summary: Rules, acts and regions of 100,000 hospitals.
      cohorts: { synthetic: {}, hospitals: [g0, h1..h99999], held-out: [h200..h400, h7, h90001..h99999] }
      task: { support: 4, query: 4 }
      model: { layers: [] }
      algorithm: { name: fomaml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 5 }
      regions: { north: [h1..h50000], south: { east: [h50001..h99990], west: [g0, h99991..h99999] } }
      heterogeneity:
        - label-noise: { rate: { h1..h50000: 0.1, h50001..h60000: 0.2, h60001: 0.1 }, hospitals: [h1..h60001] }
        - quantity-skew: { counts: { h1..h99999: 80 } }
      timeline: [{ round: 2, slow: { hospitals: [north, south], factor: 2 } }, { round: 3, kill: h5..h99000 }]
      faults: { join: { rate: 1, hospitals: [h99001..h99999] } }
      time: { speed: { others: 1, h3..h70000: 2, g0: 3 } }
      """, file: "many.yaml")
    let yaml = scenario.yaml
    #expect(yaml.utf8.count < 1 << 13)
    #expect(yaml.contains("held-out: [h200..h400, h7, h90001..h99999]"))
    let again = try Scenario.read(yaml, file: "again.yaml")
    #expect(again == scenario && again.canonical == scenario.canonical)
  }

  @Test("fewer than a hundred names that follow each other are written one by one")
  func fewHospitals() throws {
    func written(_ count: Int) throws -> Scenario {
      try Scenario.read(
        Scenario.bundledDefault, file: "",
        overrides: [
          Override("cohorts.hospitals=300"), Override("cohorts.held-out=[h9..h\(8 + count)]"),
        ])
    }
    let (few, many) = (try written(99), try written(100))
    #expect(few.yaml.contains("held-out: [h9, h10, ") && few.yaml.contains(", h107]"))
    #expect(many.yaml.contains("held-out: [h9..h108]"))
    // What names a scenario does not depend on how it is written.
    for scenario in [few, many] {
      let canonical = String(decoding: scenario.canonical, as: UTF8.self)
      #expect(canonical.contains("\"h9\",\"h10\",") && !canonical.contains("h9.."))
    }
  }

  @Test("readers of YAML 1.1 take every number for one")
  func exponents() throws {
    let overrides = try [Override("algorithm.outer.epsilon=1e-8")]
    let scenario = try Scenario.read(Scenario.bundledDefault, file: "", overrides: overrides)
    #expect(scenario.yaml.contains("epsilon: 1.0e-08"))
    for scenario in Self.scenarios(300) {
      #expect(scenario.yaml.firstMatch(of: /[ \[]-?[0-9]+e[-+]/) == nil, "\(scenario.yaml)")
    }
  }

  @Test("scenarios have equal canonical bytes exactly when they are equal")
  func canonicalBytes() {
    let scenarios = Self.scenarios(400) + Self.scenarios(200)
    var seen: [[UInt8]: Scenario] = [:]
    for scenario in scenarios {
      let first = seen[scenario.canonical]
      #expect(first == nil || first == scenario)
      seen[scenario.canonical] = scenario
    }
    let distinct = scenarios.reduce(into: [Scenario]()) { distinct, scenario in
      if !distinct.contains(scenario) { distinct.append(scenario) }
    }
    #expect(seen.count == distinct.count)
  }

  @Test("a change of any one setting changes the canonical bytes")
  func everySettingCounts() throws {
    let text = try String(
      contentsOf: Repository.scenarios.appending(path: "default.yaml"), encoding: .utf8)
    let plain = try Scenario.read(text, file: "default.yaml")
    let changes = [
      "scenario=other", "summary=Other.", "seed=8", "cohorts.synthetic.patients=401",
      "cohorts.synthetic.features=12", "cohorts.synthetic.case-mix=0.25",
      "cohorts.synthetic.effect-spread=0.25", "cohorts.synthetic.prevalence=0.25",
      "cohorts.hospitals=11", "cohorts.held-out=2", "cohorts.standardise=none",
      "cohorts.test-share=0.25", "task.support=17", "task.query=17", "model.layers.0.dense=31",
      "model.layers.0.activation=gelu", "model.loss=binary-cross-entropy", "model.l2=0.1",
      "model.initialiser=he", "algorithm.name=fomaml", "algorithm.order=first",
      "algorithm.inner.steps=4", "algorithm.inner.rate=0.04", "algorithm.outer.rate=0.1",
      "algorithm.outer.optimizer=sgd", "algorithm.outer.beta1=0.8", "algorithm.outer.beta2=0.8",
      "algorithm.outer.epsilon=0.1", "federation.rounds=1", "federation.episodes-per-round=1",
      "federation.participation=0.75", "federation.deadline=11s", "federation.quorum=3",
      "federation.assembly=1s", "privacy.minimum-patients=6", "evaluation.every=1",
      "evaluation.shots=[8]", "evaluation.steps=[0]", "evaluation.episodes=1",
      "evaluation.alone.steps=1", "evaluation.alone.rate=1", "evaluation.hospitals=3",
    ]
    var all: Set<[UInt8]> = [plain.canonical]
    for change in changes {
      var overrides = [try Override(change)]
      if change.hasSuffix("fomaml") { overrides.append(try Override("algorithm.order=first")) }
      all.insert(
        try Scenario.read(text, file: "default.yaml", overrides: overrides).canonical)
    }
    #expect(all.count == changes.count + 1)
  }

  @Test("canonical bytes are JSON with sorted keys and no white space between them")
  func canonicalForm() throws {
    for scenario in Self.scenarios(50) {
      let value = try JSONSerialization.jsonObject(with: Data(scenario.canonical))
      let sections = try #require(value as? [String: Any])
      #expect(sections["scenario"] as? String == scenario.name)
      #expect(sections["summary"] as? String == scenario.summary)
    }
    let text = try String(
      contentsOf: Repository.scenarios.appending(path: "default.yaml"), encoding: .utf8)
    let inner = try Override("algorithm.inner={ steps: 5, rate: 0.05 }")
    let canonical = try Scenario.read(text, file: "default.yaml", overrides: [inner]).canonical
    #expect(
      String(decoding: canonical, as: UTF8.self).hasPrefix(
        #"{"algorithm":{"inner":{"rate":0.05,"steps":5},"name":"maml","order":"second","outer":"#))
  }

  @Test("spellings that mean the same give the same bytes")
  func spellings() throws {
    let text = try String(
      contentsOf: Repository.scenarios.appending(path: "default.yaml"), encoding: .utf8)
    let pairs = [
      ("cohorts.hospitals=10", "cohorts.hospitals=h1..h10"),
      ("cohorts.held-out=25%", "cohorts.held-out=3"),
      ("federation.deadline=0.5s", "federation.deadline=500ms"),
      ("federation.deadline=120s", "federation.deadline=2m"),
      ("evaluation.steps=[5, 0, 1]", "evaluation.steps=[0, 1, 5]"),
      ("algorithm.inner.rate=5e-2", "algorithm.inner.rate=0.050"),
      ("model.l2=-0.0", "model.l2=0"),
    ]
    for (one, other) in pairs {
      let first = try Scenario.read(text, file: "", overrides: [Override(one)])
      let second = try Scenario.read(text, file: "", overrides: [Override(other)])
      #expect(first == second)
      #expect(first.canonical == second.canonical)
    }
  }
}

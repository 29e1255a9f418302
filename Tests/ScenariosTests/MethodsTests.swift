import Foundation
import Scenarios
import Testing

@Suite("The methods of a scenario")
struct MethodsTests {
  private static let base = """
    scenario: base
    summary: What methods are laid over.
    cohorts: { synthetic: { patients: 300, features: 4 }, hospitals: 10, held-out: 2 }
    task: { support: 4, query: 6 }
    model: { layers: [{ dense: 4 }] }
    algorithm:
      name: maml
      order: first
      inner: { steps: 2, rate: 0.1 }
      outer: { optimizer: adam, rate: 0.1, beta1: 0.5 }
    federation: { rounds: 10, episodes-per-round: 3 }

    """

  /// The scenario with these methods and settings, as one of the methods has it.
  private func read(
    _ method: String?, of methods: String = "", _ overrides: String...
  ) throws -> Scenario {
    try Scenario.read(
      Self.base + methods, file: "base.yaml", overrides: overrides.map { try Override($0) },
      method: method)
  }

  private func problems(_ methods: String, _ method: String? = nil) -> String {
    do {
      _ = try read(method, of: methods)
      return ""
    } catch { return "\(error)" }
  }

  @Test("a scenario is the same with methods as without, until one is asked for")
  func absent() throws {
    #expect(
      try read(nil, of: "methods: { wide: { model: { layers: [{ dense: 9 }] } } }") == read(nil))
  }

  @Test("the settings of a method are laid over the scenario's, and overrides over both")
  func declared() throws {
    let methods = """
      methods:
        quick: { algorithm: { inner: { steps: 1 } }, federation: { rounds: 7 } }
        wide: { model: { layers: [{ dense: 9 }] } }
      """
    let quick = try read("quick", of: methods)
    #expect(try quick == read(nil, of: "", "algorithm.inner.steps=1", "federation.rounds=7"))
    #expect(try read("quick", of: methods, "federation.rounds=3").federation.rounds == 3)
    #expect(
      try read("wide", of: methods, "methods.wide.model.layers.0.dense=5").model.layers
        == [.dense(units: 5, activation: .relu)])
    #expect(try read("wide", of: methods).algorithm == read(nil).algorithm)
  }

  @Test(
    "an algorithm's own name is the algorithm, declared or not",
    arguments: AlgorithmPlan.Name.allCases)
  func algorithms(name: AlgorithmPlan.Name) throws {
    let scenario = try read(name.rawValue)
    #expect(scenario.algorithm.name == name)
    #expect(scenario.algorithm.inner == InnerPlan(steps: 2, rate: 0.1))
    #expect(try scenario == read(name.rawValue, of: "methods: { \(name.rawValue): }"))
    #expect(
      try scenario == read("m", of: "methods: { m: { algorithm: { name: \(name.rawValue) } } }"))
    // Who is asked, what is predicted and how it is judged stay as they are.
    let own = try read(nil)
    #expect(scenario.cohorts == own.cohorts && scenario.task == own.task)
    #expect(scenario.evaluation == own.evaluation && scenario.seed == own.seed)
  }

  @Test("the scenario's own algorithm by name is the scenario itself")
  func itself() throws {
    #expect(try read("maml") == read(nil))
  }

  @Test("one that trains on batches sees as many patients a round as one that learns by episodes")
  func local() throws {
    let scenario = try read("fedavg")
    #expect(scenario.algorithm.local == LocalPlan(steps: 3, batch: 10, rate: 0.1))
    #expect(scenario.federation.episodesPerRound == 1)
    #expect(scenario.algorithm.outer.optimiser == .sgd && scenario.algorithm.outer.rate == 1)
    let own = try read("fedavg", of: "methods: { fedavg: { algorithm: { local: { rate: 0.5 } } } }")
    #expect(own.algorithm.local == LocalPlan(steps: 3, batch: 10, rate: 0.5))
  }

  @Test("an optimiser keeps what it shares with the one before")
  func optimiser() throws {
    let methods = """
      methods:
        plain: { algorithm: { outer: { optimizer: sgd } } }
        yogi: { algorithm: { outer: { optimizer: yogi, epsilon: 0.001 } } }
      """
    #expect(try read("plain", of: methods).algorithm.outer.rate == 0.1)
    let yogi = try read("yogi", of: methods).algorithm.outer
    #expect(yogi.beta1 == 0.5 && yogi.epsilon == 0.001)
  }

  @Test("all algorithms follow each other in any order", arguments: AlgorithmPlan.Name.allCases)
  func succession(name: AlgorithmPlan.Name) throws {
    let first = try read(name.rawValue).yaml
    for next in AlgorithmPlan.Name.allCases {
      let scenario = try Scenario.read(first, file: "first.yaml", method: next.rawValue)
      #expect(scenario.algorithm.name == next)
    }
  }

  @Test("what is wrong with a method is said where it stands")
  func problems() {
    #expect(
      problems("", "reptil")
        .hasPrefix(
          "--method reptil: methods: no such method; accepted: the name of an algorithm: maml,"))
    #expect(problems("", "reptil").hasSuffix("did you mean reptile?"))
    #expect(
      problems("methods: { wide: {} }", "wode").contains("accepted: wide, or an algorithm: maml"))
    // A name alone declares an algorithm, and no other name says anything by itself.
    #expect(
      problems("methods: { wide: }", "wide")
        .hasPrefix(
          "base.yaml:12:18: methods.wide: found nothing; accepted: a mapping of algorithm,"))
    #expect(problems("", "pooled").contains("is no method but a reference, evaluation.pooled"))
    #expect(
      problems("methods: { a: { algorithm: { inner: { step: 1 } } } }", "a")
        .hasPrefix("base.yaml:12:39: algorithm.inner.step: unknown key"))
    #expect(
      problems("methods: { a: { task: { support: 1 } } }").contains(
        "methods.a.task: a method cannot set task"))
    #expect(problems("methods: { 1a: {} }").contains("methods.1a: found the name 1a"))
    #expect(problems("methods: { a: 3 }").contains("methods.a: found 3"))
    #expect(problems("methods: []").contains("accepted: a mapping of names to settings"))
    #expect(problems("methods: { a: {}, a: {} }").contains("methods.a: key given twice"))
  }

  @Test("a method that is asked for without a declaration is named where its settings do not fit")
  func undeclared() throws {
    let text = Self.base.replacing(
      "model: { layers: [{ dense: 4 }] }", with: "model: { layers: [] }")
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(text, file: "base.yaml", method: "fedrep")
    }
    #expect(problems.description.contains("fedrep with a model of one layer"))
  }

  @Test("methods come with the file that is extended, and merge with it")
  func extending() throws {
    let directory = try Files()
    try directory.write(
      Self.base + "methods: { quick: { algorithm: { inner: { steps: 1 } } } }", to: "base.yaml")
    try directory.write(
      """
      extends: base.yaml
      scenario: derived
      methods: { quick: { algorithm: { inner: { rate: 0.5 } } }, fedavg: }
      """, to: "derived.yaml")
    let path = directory.path("derived.yaml")
    #expect(try Scenario.methods(path: path) == ["quick", "fedavg"])
    let inner = try Scenario.read(path: path, method: "quick").algorithm.inner
    #expect(inner == InnerPlan(steps: 1, rate: 0.5))
  }
}

import Foundation
import Scenarios
import Testing

@Suite("A selection among methods")
struct SelectionTests {
  private static func text(_ algorithm: String, _ methods: String, _ more: String = "") -> String {
    """
    scenario: chosen
    summary: Each hospital chooses for itself.
    cohorts: { synthetic: { patients: 300, features: 4 }, hospitals: 10, held-out: 2 }
    task: { support: 4, query: 6 }
    model: { layers: [{ dense: 4 }] }
    algorithm: \(algorithm)
    federation: { rounds: 10, episodes-per-round: 3 }
    \(methods)
    \(more)
    """
  }

  private static let whole =
    "{ inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.1 } }"
  private static let shared = "{ name: auto, inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.1 } }"
  private static let methods = """
    methods:
      maml:
      quick: { algorithm: { inner: { steps: 1 } }, federation: { rounds: 7 } }
      fedavg:
      wide: { model: { layers: [{ dense: 9 }] } }
    """

  private func read(
    _ text: String, _ overrides: String..., method: String? = nil, seed: UInt64? = nil
  ) throws -> Selection? {
    try Selection.read(
      text, file: "chosen.yaml", overrides: overrides.map { try Override($0) }, method: method,
      seed: seed)
  }

  private func problems(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test("has a scenario for each method, which is what the method alone comes to, with validation")
  func scenarios() throws {
    let text = Self.text(Self.shared, Self.methods)
    let selection = try #require(try read(text))
    #expect(selection.methods.map(\.name) == ["maml", "quick", "fedavg", "wide"])
    let plain = Self.text(Self.shared.replacing("auto", with: "maml"), Self.methods)
    for method in selection.methods {
      let alone = try Scenario.read(
        plain, file: "", overrides: [try Override("evaluation.validation=4")], method: method.name)
      #expect(method.scenario == alone)
      // A run of one method by itself is the run that it is among the others.
      #expect(try Scenario.read(text, file: "", method: method.name) == alone)
    }
  }

  @Test("is asked for by a word in the file, an override or --method")
  func forms() throws {
    let expected = try read(Self.text(Self.shared, Self.methods))
    let plain = Self.text(Self.shared.replacing("auto", with: "maml"), Self.methods)
    #expect(try read(plain) == nil)
    #expect(try read(plain, method: "maml") == nil)
    #expect(try read(plain, method: "auto") == expected)
    #expect(try read(plain, "algorithm.name=auto") == expected)
    #expect(try read(plain, "algorithm=auto") == expected)
    let standing = """
      methods:
        maml: { algorithm: \(Self.whole) }
        reptile: { algorithm: \(Self.whole) }
      """
    let scalar = try #require(try read(Self.text("auto", standing)))
    #expect(scalar.methods.map(\.scenario.algorithm.name) == [.maml, .reptile])
    #expect(scalar.methods.allSatisfy { $0.scenario.evaluation.validation == 4 })
  }

  @Test("overrides and the seed hold for every method")
  func overrides() throws {
    let selection = try #require(
      try read(
        Self.text(Self.shared, Self.methods), "federation.rounds=3", "evaluation.validation=2",
        seed: 9))
    for method in selection.methods {
      #expect(method.scenario.federation.rounds == 3 && method.scenario.seed == 9)
      #expect(method.scenario.evaluation.validation == 2)
    }
  }

  @Test("written down and read again it is the same")
  func document() throws {
    for more in ["", "evaluation: { pooled: { steps: 10 }, validation: 3 }"] {
      let selection = try #require(try read(Self.text(Self.shared, Self.methods, more)))
      #expect(try read(selection.yaml) == selection)
      #expect(selection.yaml.contains("\nalgorithm: auto\nmethods:\n  maml:\n"))
    }
  }

  @Test("where one scenario is to be had, the word is an error that says what to do")
  func refused() throws {
    let text = Self.text(Self.shared, Self.methods)
    let found = problems { _ = try Scenario.read(text, file: "chosen.yaml") }
    #expect(found.hasPrefix("chosen.yaml:6:20: algorithm: found auto, with which every method is"))
    #expect(found.contains("--method; replay plays them all"))
    let plain = Self.text(Self.shared.replacing("auto", with: "maml"), Self.methods)
    #expect(
      problems { _ = try Scenario.read(plain, file: "", method: "auto") }
        .hasPrefix("--method auto: algorithm: found auto"))
  }

  @Test("everything that is wrong with any method is said at once, each problem once")
  func broken() throws {
    let methods = """
      methods:
        maml: { algorithm: { inner: { stepz: 1 } } }
        reptile: { algorithm: { outer: { rate: -1 } } }
      """
    let found = problems {
      _ = try read(Self.text(Self.shared, methods, "evaluation: { epizodes: 1 }"))
    }
    #expect(found.split(separator: "\n").count == 3)
    #expect(found.contains("stepz") && found.contains("outer.rate") && found.contains("epizodes"))
  }

  @Test(
    "what cannot be chosen among is refused",
    arguments: [
      ("", "with no methods to choose among"),
      ("methods: { maml: }", "with one method to choose among"),
      ("methods: { maml: , auto: }", "found the name auto"),
      ("methods: { maml: , deep: { algorithm: { name: auto } } }", "found auto in a method"),
      ("methods: { maml: , fedavg: }\nevaluation: { validation: 0 }", "0 parts with auto"),
      ("methods: { maml: , pooled: }", "a reference, evaluation.pooled"),
    ])
  func nothing(methods: String, expected: String) {
    let found = problems { _ = try read(Self.text(Self.shared, methods)) }
    #expect(found.contains(expected), "\(found)")
  }
}

import Foundation
import Scenarios
import Testing

@Suite("A scenario that extends another")
struct ExtendingTests {
  private static let base = """
    scenario: base
    summary: What the others extend.
    seed: 3
    cohorts: { synthetic: { patients: 300, features: 4 }, hospitals: 10, held-out: 2 }
    task: { support: 4, query: 6 }
    model: { layers: [{ dense: 4 }, { dense: 5 }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1, beta1: 0.5 } }
    federation: { rounds: 10 }

    """

  private let directory: Files

  init() throws {
    directory = try Files()
    try directory.write(Self.base, to: "base.yaml")
  }

  private func scenario(_ text: String) throws -> Scenario {
    try directory.write(text, to: "scenario.yaml")
    return try Scenario.read(path: directory.path("scenario.yaml"))
  }

  private func problem(_ text: String) throws -> String {
    let problems = try #require(throws: ScenarioProblems.self) { try scenario(text) }
    return problems.description.replacing(directory.path(""), with: "")
  }

  @Test("sections merge key by key, values and lists replace, and what is not said stays")
  func merging() throws {
    let scenario = try scenario(
      """
      extends: base.yaml
      scenario: derived
      cohorts: { synthetic: { patients: 200 } }
      model: { layers: [{ dense: 7 }] }
      algorithm: { inner: { steps: 2 } }
      """)
    var expected = try Scenario.read(Self.base, file: "")
    expected.name = "derived"
    guard case .synthetic(var plan) = expected.cohorts.source else {
      throw CocoaError(.featureUnsupported)
    }
    plan.patients = 200
    expected.cohorts.source = .synthetic(plan)
    expected.model.layers = [.init(units: 7, activation: .relu)]
    expected.algorithm.inner.steps = 2
    #expect(scenario == expected)
  }

  @Test("a trace is read from beside the file that names it, also where another extends that")
  func traces() throws {
    try FileManager.default.createDirectory(
      atPath: directory.path("below"), withIntermediateDirectories: true)
    try directory.write("hospital,from,until\nh1,0,60\n", to: "below/there.csv")
    try directory.write(
      Self.base + "time: { availability: { file: there.csv } }\n", to: "below/timed.yaml")
    let scenario = try scenario("extends: below/timed.yaml\nscenario: derived\n")
    #expect(scenario.time?.availability == .intervals(["h1": [0...60]]))
    #expect(
      try problem("extends: base.yaml\ntime: { availability: { file: there.csv } }\n")
        .contains("the path starts at the file that names it"))
  }

  @Test("extending by nothing changes nothing")
  func identity() throws {
    let plain = try Scenario.read(Self.base, file: "")
    #expect(try scenario("extends: base.yaml") == plain)
    #expect(try scenario("extends: \(directory.path("base.yaml"))\nwithout: []") == plain)
  }

  @Test("a file that says everything is what it says, whatever it extends without its sections")
  func whole() throws {
    for seed in 0..<200 as Range<UInt64> {
      var (base, over) = (RandomScenario(seed: seed), RandomScenario(seed: seed + 1000))
      let whole = over.scenario()
      let other = base.scenario()
      try directory.write(other.yaml, to: "other.yaml")
      let optional = ["regions", "heterogeneity", "time", "timeline", "faults"].filter {
        other.yaml.contains("\n\($0):")
      }
      let sections = ["cohorts", "model", "algorithm", "federation", "evaluation"] + optional
      let without = sections.joined(separator: ", ")
      let read = try scenario("extends: other.yaml\nwithout: [\(without)]\n" + whole.yaml)
      #expect(read == whole, "\(seed)")
    }
  }

  @Test("the nearest of a chain has the last word, and each path starts at its own file")
  func chain() throws {
    try directory.write(
      "extends: ../base.yaml\nseed: 4\nfederation: { rounds: 20, quorum: 2 }", to: "below/b.yaml")
    try directory.write("extends: b.yaml\nfederation: { rounds: 30 }", to: "below/c.yaml")
    let scenario = try scenario("extends: below/c.yaml\nsummary: The last of four.")
    #expect(scenario.name == "base")
    #expect(scenario.summary == "The last of four.")
    #expect(scenario.seed == 4)
    #expect(scenario.federation.rounds == 30)
    #expect(scenario.federation.quorum == 2)
  }

  @Test("what is left out has its default again, or may be given in another way")
  func without() throws {
    let scenario = try scenario(
      """
      extends: base.yaml
      without: [cohorts.synthetic, cohorts.held-out, algorithm.outer.beta1, seed]
      cohorts: { sinusoid: {} }
      algorithm: { outer: { optimizer: sgd } }
      """)
    #expect(scenario.seed == 1)
    #expect(scenario.cohorts.heldOut == .count(0))
    #expect(scenario.task.kind == .regression)
    #expect(scenario.algorithm.outer.optimiser == .sgd)
  }

  @Test("overrides come after what is extended, and cannot extend")
  func overrides() throws {
    try directory.write("extends: base.yaml\nseed: 8", to: "scenario.yaml")
    let path = directory.path("scenario.yaml")
    let overrides = try [Override("seed=9"), Override("algorithm.inner.steps=4")]
    let scenario = try Scenario.read(path: path, overrides: overrides)
    #expect(scenario.seed == 9)
    #expect(scenario.algorithm.inner.steps == 4)
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(path: path, overrides: [Override("extends=base.yaml")])
    }
    #expect(
      problems.description == "--set extends=base.yaml: extends: the key has no effect in an"
        + " override; accepted: extends in a scenario file")
  }

  @Test(
    "a file that leads back to itself is refused with the chain, by whatever name it is reached")
  func cycles() throws {
    #expect(
      try problem("extends: scenario.yaml") == "scenario.yaml:1:10: extends: a cycle: scenario.yaml"
        + " extends scenario.yaml; accepted: a scenario file that does not lead back here")
    try directory.link("base-by-another-name.yaml", to: "base.yaml")
    try directory.write(
      "seed: 1\nextends: base-by-another-name.yaml\n" + Self.base, to: "base.yaml")
    #expect(
      try problem("extends: base.yaml") == "base.yaml:2:10: extends: a cycle: base.yaml extends"
        + " base-by-another-name.yaml; accepted: a scenario file that does not lead back here")
  }

  @Test("a chain without an end is given up")
  func long() throws {
    for number in 0..<40 {
      try directory.write("extends: \(number + 1).yaml", to: "\(number).yaml")
    }
    let problem = try problem("extends: 0.yaml")
    #expect(
      problem == "30.yaml:1:10: extends: 32 files that extend each other, and 31.yaml; accepted:"
        + " a chain of at most 32 files")
  }

  @Test("a file that is missing is missed where it was wanted")
  func missing() throws {
    try directory.write("seed: 4\nextends: below/x.yaml", to: "b.yaml")
    #expect(
      try problem("extends: b.yaml") == "b.yaml:2:10: extends: cannot extend below/x.yaml: no such"
        + " file; accepted: the path of a scenario file, relative to this file")
  }
}

/// A directory of files that goes when the test is over.
final class Files {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.path + "/" + name }

  func write(_ text: String, to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  func link(_ name: String, to existing: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path(name), withDestinationPath: path(existing))
  }
}

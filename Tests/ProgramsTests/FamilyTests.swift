import Foundation
import Testing

@Suite("Scenarios that extend others, in the programs", .serialized)
struct FamilyTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try """
    extends: \(Place.scenario("default"))
    scenario: child
    federation: { rounds: 2, quorum: 2 }
    evaluation: { episodes: 1 }
    cohorts: { hospitals: 3, held-out: [h3] }
    """.write(toFile: directory.file("child.yaml"), atomically: true, encoding: .utf8)
  }

  @Test("check --resolved prints the scenario that a run leaves behind, and that plays the same")
  func resolved() throws {
    let settings = ["--seed", "5", "--set", "federation.rounds=1"]
    let outcome = try Program(
      "replay", ["check", "--resolved", directory.file("child.yaml")] + settings
    ).end()
    #expect(outcome.status == 0)
    try outcome.output.write(
      toFile: directory.file("resolved.yaml"), atomically: true, encoding: .utf8)
    let extending = try play([directory.file("child.yaml")] + settings, in: directory.file("one"))
    let resolved = try play([directory.file("resolved.yaml")], in: directory.file("two"))
    #expect(extending.scenario == outcome.output)
    #expect(resolved.scenario == outcome.output)
    #expect(extending.journal == resolved.journal)
  }

  @Test("coordinator and nodes of a hand-started federation may read the extending file")
  func byHand() throws {
    let federation = try HandStarted(
      directory.file("child.yaml"), run: directory.file("run"),
      endpoint: "ipc://\(directory.file("socket"))")
    let node = try federation.node("h1", "h2", "h3")
    #expect(federation.coordinator.end().status == 0)
    #expect(node.end().status == 0)
  }

  @Test("problems go to standard error where standard output is for the scenario")
  func problems() throws {
    try "extends: child.yaml\nseed: -1".write(
      toFile: directory.file("grandchild.yaml"), atomically: true, encoding: .utf8)
    let outcome = try Program.run(
      "replay", "check", "--resolved", directory.file("grandchild.yaml"))
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("grandchild.yaml:2:7: seed: found -1"))
    let both = try Program.run("replay", "check", "--resolved", "a.yaml", "b.yaml")
    #expect(both.status == 64)
  }

  private func play(
    _ arguments: [String], in run: String
  ) throws -> (scenario: String, journal: String) {
    let outcome = try Program(
      "replay", arguments + ["--engine", "simulated", "--quiet", "--run", run]
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (
      try String(contentsOfFile: run + "/scenario.yaml", encoding: .utf8),
      try String(contentsOfFile: run + "/journal.jsonl", encoding: .utf8)
    )
  }
}

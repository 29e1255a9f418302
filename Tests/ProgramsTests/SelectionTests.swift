import Foundation
import Testing

@Suite("Hospitals that choose among methods", .serialized)
struct SelectionTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try """
    extends: \(Place.scenario("default"))
    scenario: choosing
    cohorts: { hospitals: 5, held-out: [h4, h5] }
    model: { layers: [{ dense: 4 }] }
    algorithm: { name: auto }
    federation: { rounds: 6, quorum: 2, episodes-per-round: 1 }
    evaluation: { episodes: 2, steps: [0, 1, 3], shots: [8, 16], validation: 2 }
    methods:
      maml:
      fedavg: { algorithm: { local: { steps: 5, batch: 16, rate: 0.05 } } }
      scaffold: { algorithm: { local: { steps: 5, batch: 16, rate: 0.05 } } }
    """.write(toFile: file, atomically: true, encoding: .utf8)
  }

  private var file: String { directory.file("choosing.yaml") }

  @discardableResult
  private func play(_ run: String, _ arguments: String...) throws -> Program.Outcome {
    try Program(
      "replay", [file, "--run", directory.file(run), "--quiet"] + arguments
    ).end()
  }

  private func text(_ path: String) -> String {
    (try? String(contentsOfFile: directory.file(path), encoding: .utf8)) ?? "nothing at \(path)"
  }

  @Test("both engines leave the same runs and choices, and prove each other's")
  func engines() throws {
    for engine in ["simulated", "processes"] {
      let outcome = try play(engine, "--engine", engine)
      #expect(outcome.status == 0, "\(outcome.errors)")
      // The sentence of the choice, and none of any method.
      #expect(
        outcome.output.hasPrefix("Held-out hospitals that choose for themselves: 16 patients"))
      #expect(outcome.output.split(separator: "\n").count == 1)
    }
    let files =
      ["scenario.yaml", "choices.json", "choices.csv", "choices.txt"]
      + ["maml", "fedavg", "scaffold"].flatMap { name in
        ["journal.jsonl", "results.json", "meta.safetensors"].map { "methods/\(name)/\($0)" }
      }
    for name in files {
      let bytes = ["simulated", "processes"].map {
        FileManager.default.contents(atPath: directory.file("\($0)/\(name)"))
      }
      #expect(bytes[0] != nil && bytes[0] == bytes[1], "\(name)")
    }
    for (run, engine) in [("processes", "simulated"), ("simulated", "processes")] {
      let proof = try Program.run(
        "replay", "verify", directory.file(run), "--engine", engine, "--quiet")
      #expect(proof.status == 0, "\(proof.output)\(proof.errors)")
      #expect(proof.output.components(separatedBy: ": proven: 6 rounds and").count == 4)
      #expect(proof.output.contains("chose and gained what choices.json says"))
    }
    // Another choice than that of the hospitals is found out.
    let told = text("simulated/choices.json")
    let other = told.replacing(#""contender": "adapted-3""#, with: #""contender": "adapted-1""#)
    try #require(other != told)
    try other.write(
      toFile: directory.file("simulated/choices.json"), atomically: true, encoding: .utf8)
    let proof = try Program.run("replay", "verify", directory.file("simulated"), "--quiet")
    #expect(proof.status == 10 && proof.output.contains("chose otherwise"))
  }

  @Test("a method among others is played as it is by itself")
  func alone() throws {
    try play("all", "--engine", "simulated", "--seed", "3")
    try play("one", "--engine", "simulated", "--seed", "3", "--method", "fedavg")
    for name in ["journal.jsonl", "results.json", "scenario.yaml"] {
      #expect(text("all/methods/fedavg/\(name)") == text("one/\(name)"))
    }
  }

  @Test(
    "goes on where it was after Ctrl-C or kill, with what was played before",
    arguments: [(SIGINT, "simulated"), (SIGKILL, "simulated"), (SIGINT, "processes")])
  func resumption(signal: Int32, engine: String) throws {
    let long = ["--set", "federation.rounds=150"]
    let whole = try Program(
      "replay", [file, "--run", directory.file("whole"), "--engine", "simulated", "--quiet"] + long
    ).end()
    #expect(whole.status == 0, "\(whole.errors)")
    let run = directory.file("run")
    let replay = try Program("replay", [file, "--run", run, "--engine", engine] + long)
    #expect(replay.line(containing: "method fedavg, 2 of 3") != nil)
    replay.signal(signal)
    #expect(replay.end().status == (signal == SIGINT ? 130 : 137))
    #expect(!RunFiles(directory: run).has("choices.json"))
    let journal = text("run/methods/maml/journal.jsonl")
    let outcome = try Program("replay", ["--resume", run, "--engine", "simulated"]).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      !outcome.errors.contains("method maml") && journal == text("run/methods/maml/journal.jsonl"))
    for name in ["choices.json", "methods/fedavg/journal.jsonl", "methods/scaffold/results.json"] {
      #expect(text("run/\(name)") == text("whole/\(name)"), "\(name)")
    }
    // Once all have come to their end, nothing is played, and the choice is told again.
    let again = try Program("replay", ["--resume", run, "--json"]).end()
    #expect(again.status == 0 && again.output == text("whole/choices.json"))
  }

  @Test("a method that diverges is left out and named; with fewer than two there is no choice")
  func diverged() throws {
    let wild = ["--set", "methods.fedavg.algorithm.local.rate=1000", "--engine", "simulated"]
    let rates = ["--set", "methods.fedavg.algorithm.outer={ optimizer: sgd, rate: 1000 }"]
    let rounds = ["--set", "methods.fedavg.federation.rounds=60"]
    let outcome = try Program(
      "replay", [file, "--run", directory.file("wild")] + wild + rates + rounds
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("left out: fedavg, diverged: "))
    #expect(!outcome.output.contains("all with fedavg"))
    let few = try Program(
      "replay",
      [
        file, "--run", directory.file("few"), "--set",
        "methods={ maml: , fedavg: { algorithm: {} } }",
      ]
        + wild + rates + rounds
    ).end()
    #expect(few.status == 1, "\(few.errors)")
    #expect(few.errors.contains("nothing to choose between"))
    #expect(few.errors.contains("fedavg: diverged: "))
  }

  @Test(
    "pooled training stands beside the methods, is never chosen, and stays out of real processes")
  func pooled() throws {
    let pooled = ["--set", "evaluation.pooled={ steps: 20 }"]
    let outcome = try Program(
      "replay",
      [file, "--run", directory.file("pooled"), "--engine", "simulated", "--quiet"] + pooled
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["maml", "fedavg", "scaffold"] {
      #expect(text("pooled/methods/\(name)/results.json").contains(#""contender": "pooled""#))
    }
    #expect(!text("pooled/choices.json").contains(#""pooled""#))
    let refused = try Program(
      "replay", [file, "--run", directory.file("refused")] + pooled
    ).end()
    #expect(refused.status == 64 && refused.errors.contains("replay --engine simulated"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("refused")))
    let method = try Program.run("replay", file, "--set", "methods.pooled=")
    #expect(method.status == 2 && method.errors.contains("a reference, evaluation.pooled"))
  }

  @Test("programs that play one scenario say what to do instead")
  func others() throws {
    let socket = "ipc://" + directory.file("socket")
    let commands = [
      ["coordinator", "--scenario", file, "--bind", socket],
      ["hospital-node", "--scenario", file, "--connect", socket, "--hospital", "h1"],
      ["replay", "sweep", file, "--vary", "federation.rounds=1,2"],
      ["replay", "tune", file, "--range", "algorithm.inner.rate=0.1..1"],
    ]
    for command in commands {
      let outcome = try Program(command[0], Array(command.dropFirst())).end()
      #expect(outcome.status == 2, "\(command)")
      #expect(outcome.errors.contains("found auto, with which every method is trained"))
    }
    #expect(try Program.run("replay", "check", file).status == 0)
    let resolved = try Program.run("replay", "check", "--resolved", file)
    #expect(resolved.output.contains("\nalgorithm: auto\nmethods:\n  maml:\n"))
    let described = try Program.run("replay", "describe", file)
    for name in ["maml", "fedavg", "scaffold"] {
      #expect(described.output.contains("What travels in a round of \(name), "))
    }
  }

  @Test("a comparison of it has the choice among its rows")
  func compared() throws {
    let outcome = try Program(
      "replay", ["compare", file, "--run", directory.file("comparison"), "--seeds", "2"]
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\nauto "))
    #expect(outcome.output.contains("chosen by validation, of so many"))
  }
}

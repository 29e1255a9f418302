import Foundation
import Testing

@Suite("Algorithms end alike in both engines", .serialized)
struct MethodEnginesTests {
  static let short = [
    "cohorts.hospitals=4", "cohorts.held-out=1", "federation.rounds=4", "federation.quorum=3",
    "federation.episodes-per-round=1", "evaluation.episodes=1", "model.layers=[{ dense: 4 }]",
  ]
  static let episodic = [
    "fomaml", "reptile", "meta-sgd", "anil", "maml++", "learned-inner-rate", "imaml", "aruba",
    "cavia", "prototypical-networks",
  ]
  static let local = ["fedavg", "fedprox", "scaffold", "per-fedavg", "pfedme", "ditto", "fedrep"]

  @Test("and what implicit gradients leave unsolved is summed exactly by regions, too")
  func residuals() throws {
    let directory = try TemporaryDirectory()
    let settings =
      Self.short + [
        "algorithm={ name: imaml, inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.5 } }",
        "regions={ north: [h1, h2], south: [h3] }", "cohorts.held-out=[h4]",
      ]
    let journals = try ["processes", "simulated"].map { engine in
      let run = directory.file(engine)
      let outcome = try Program(
        "replay",
        [Place.scenario("default"), "--engine", engine, "--quiet", "--run", run]
          + settings.flatMap { ["--set", $0] }
      ).end()
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try String(contentsOfFile: run + "/journal.jsonl", encoding: .utf8)
    }
    #expect(journals[0] == journals[1])
    #expect(journals[0].components(separatedBy: #""residuals":{"inner":"#).count == 5)
  }

  @Test("what needs the patients of all hospitals at once is refused by real processes")
  func locality() throws {
    let directory = try TemporaryDirectory()
    let (scenario, socket) = (Place.scenario("default"), "ipc://" + directory.file("socket"))
    let commands = [
      ["replay", scenario],
      ["coordinator", "--scenario", scenario, "--bind", socket],
      ["hospital-node", "--scenario", scenario, "--connect", socket, "--hospital", "h1..h10"],
    ]
    for command in commands {
      let outcome = try Program(
        command[0], command.dropFirst() + ["--set", "evaluation.pooled={ steps: 10 }"]
      ).end()
      #expect(outcome.status == 64, "\(command)")
      #expect(outcome.errors.contains("replay --engine simulated"), "\(outcome.errors)")
    }
  }

  @Test(
    "real processes and the simulation leave the same rounds and results",
    arguments: episodic + local)
  func sameRounds(name: String) throws {
    let directory = try TemporaryDirectory()
    let training = Self.local.contains(name) ? ", local: { steps: 3, batch: 8, rate: 0.05 }" : ""
    let plan =
      "algorithm={ name: \(name), inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.5 }\(training) }"
    let settings = (Self.short + [plan]).flatMap { ["--set", $0] }
    let rounds = try ["processes", "simulated"].map { engine in
      let run = directory.file(engine)
      let outcome = try Program(
        "replay",
        [Place.scenario("default"), "--engine", engine, "--quiet", "--run", run] + settings
      ).end()
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try RunFiles(directory: run).rounds()
    }
    #expect(rounds[0].count == 5)
    #expect(rounds[0] == rounds[1])
    let results = try ["processes", "simulated"].map { engine in
      try String(contentsOfFile: directory.file(engine) + "/results.json", encoding: .utf8)
    }
    #expect(results[0] == results[1])
    #expect(results[0].contains(#""trainingBytes": {"#))
  }
}

import Foundation
import Testing

@Suite("replay verify and replay diff", .serialized)
struct ProofTests {
  private static let small = [
    "--set", "federation.rounds=6", "--set", "evaluation.episodes=1", "--set",
    "cohorts.hospitals=4", "--set", "cohorts.held-out=1", "--set", "federation.quorum=2",
  ]
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private func play(_ name: String, _ arguments: [String] = []) throws -> String {
    let run = directory.file(name)
    let outcome = try Program("replay", ["--run", run, "--quiet"] + Self.small + arguments).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return run
  }

  @Test("a run of real processes of which one was killed is proven by playing it again")
  func losses() throws {
    let settings = [
      "cohorts.hospitals=4", "cohorts.held-out=0", "federation.rounds=60", "federation.quorum=2",
      "federation.deadline=4s", "federation.episodes-per-round=1", "evaluation.episodes=1",
      "model.layers.0.dense=4",
    ]
    let federation = try HandStarted(
      Place.scenario("default"), run: directory.file("run"),
      endpoint: "ipc://\(directory.file("socket"))", settings: settings)
    let nodes = try (1...4).map { try federation.node("h\($0)") }
    try #require(federation.coordinator.line(containing: " 6/60") != nil)
    nodes[1].signal(SIGKILL)
    #expect(federation.coordinator.end().status == 0)
    for node in nodes { node.end() }
    let missing = try RunFiles(directory: federation.run).rounds().contains { $0.missing == ["h2"] }
    #expect(missing)
    let outcome = try Program.run("replay", "verify", federation.run)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("proven: 60 rounds and 1 evaluation"))
    let processes = try Program.run("replay", "verify", federation.run, "--engine", "processes")
    #expect(processes.status == 0, "\(processes.output)\(processes.errors)")
    #expect(processes.output == outcome.output)
  }

  @Test(
    "a run that time decides is proven by what its journal says was counted, and a false one is not"
  )
  func decidedByTime() throws {
    let settings = [
      "federation.late=use", "federation.quorum=1", "federation.deadline=12s",
      "time={ compute: 1s, speed-spread: 1 }",
    ].flatMap { ["--set", $0] }
    let run = try play("run", ["--engine", "simulated"] + settings)
    let outcome = try Program.run("replay", "verify", run)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    let refused = try Program.run("replay", "verify", run, "--engine", "processes")
    #expect(refused.status == 6)
    #expect(
      refused.errors.contains("late: use, which real processes never play the same way"))
    let path = run + "/journal.jsonl"
    let sha256 = try RunFiles(directory: run).rounds()[3].sha256
    try String(contentsOfFile: path, encoding: .utf8)
      .replacing(sha256, with: String(sha256.reversed()))
      .write(toFile: path, atomically: true, encoding: .utf8)
    let again = try Program.run("replay", "verify", run)
    #expect(again.status == 10)
    #expect(again.output.contains("round 3 went another way") && again.output.contains(sha256))
  }

  @Test("acts that real time has put into a round are proven to have begun there, by either engine")
  func actsByTime() throws {
    let timeline =
      "timeline=[{ at: 1ms, hostile: { hospitals: h1, attack: noise } }, { at: 700ms, drift: {"
      + " hospitals: h2, label-noise: { rate: 0.4 } } }, { at: 24h, slow: { hospitals: h3, factor: 2 } }]"
    let run = try play(
      "run", ["--engine", "processes", "--set", timeline, "--set", "federation.rounds=40"])
    let rounds = try RunFiles(directory: run).rounds()
    #expect(rounds[1].acts?.first == 0)
    let log = try String(contentsOfFile: run + "/events.log", encoding: .utf8)
    #expect(log.contains("after 86400s: work takes 2 times as long at h3: the run was over before"))
    for engine in ["simulated", "processes"] {
      let outcome = try Program.run("replay", "verify", run, "--engine", engine)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
    let path = run + "/journal.jsonl"
    try String(contentsOfFile: path, encoding: .utf8).replacing(
      "\"acts\":[0", with: "\"acts\":[7"
    )
    .write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try Program.run("replay", "verify", run).status == 10)
  }

  @Test("a run of real processes to which a hospital came by time is proven by either engine")
  func comingByTime() throws {
    let settings = ["timeline=[{ at: 1ms, join: h1 }]", "federation.rounds=60"]
    let run = try play(
      "run", ["--engine", "processes"] + settings.flatMap { ["--set", $0] })
    for engine in ["simulated", "processes"] {
      let outcome = try Program.run("replay", "verify", run, "--engine", engine)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(!outcome.errors.contains("timeline"), "\(outcome.errors)")
    }
  }

  @Test("a falsified journal is found out, with the round and both digests, and status 10")
  func falsified() throws {
    let run = try play("run")
    let round = try RunFiles(directory: run).rounds()[4]
    let falsified = String(round.sha256.reversed())
    let path = run + "/journal.jsonl"
    let journal = try String(contentsOfFile: path, encoding: .utf8)
    try journal.replacing(round.sha256, with: falsified)
      .write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = try Program.run("replay", "verify", run, "--quiet")
    #expect(outcome.status == 10)
    #expect(outcome.output.contains("round 4"))
    #expect(outcome.output.contains("sha256 \(round.sha256)"))
    #expect(outcome.output.contains("sha256 \(falsified)"))
    #expect(outcome.output.contains("type of machine"))
    let processes = try Program.run("replay", "verify", run, "--quiet", "--engine", "processes")
    #expect(processes.status == 10)
    #expect(processes.output == outcome.output)
  }

  @Test("altered results are found out by either engine, with the line, and status 10")
  func alteredResults() throws {
    let run = try play("run", ["--engine", "simulated"])
    let path = run + "/results.json"
    let results = try String(contentsOfFile: path, encoding: .utf8)
    let proven = try Program.run("replay", "verify", run)
    #expect(proven.status == 0, "\(proven.output)\(proven.errors)")
    #expect(proven.output.contains("gave what the journal, meta.safetensors and results.json say"))
    try results.replacing("0.", with: "1.").write(toFile: path, atomically: true, encoding: .utf8)
    for engine in ["simulated", "processes"] {
      let outcome = try Program.run("replay", "verify", run, "--engine", engine)
      #expect(outcome.status == 10)
      #expect(
        outcome.output.contains(
          "the journal is proven, but results.json is not what the run left"))
      #expect(outcome.output.contains("and came out as"))
    }
  }

  @Test("what is no run, or not of its scenario, is an error and not a difference")
  func strange() throws {
    #expect(try Program.run("replay", "verify", directory.file("absent")).status == 6)
    let file = directory.file("file")
    try "".write(toFile: file, atomically: true, encoding: .utf8)
    let noDirectory = try Program.run("replay", "verify", file)
    #expect(noDirectory.status == 6 && !noDirectory.errors.contains("--run"))
    #expect(
      noDirectory.errors.contains("a file and no directory; accepted is the directory of a run"))
    #expect(try Program.run("replay", "diff", directory.path, directory.path).status == 6)
    let run = try play("run", ["--engine", "simulated"])
    let path = run + "/scenario.yaml"
    let scenario = try String(contentsOfFile: path, encoding: .utf8)
    try scenario.replacing("seed: 7", with: "seed: 8")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = try Program.run("replay", "verify", run)
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("another scenario than the journal names"))
  }

  @Test("diff says nothing differs between engines, and what does between seeds")
  func difference() throws {
    let one = try play("one")
    let two = try play("two", ["--engine", "simulated"])
    #expect(try Program.run("replay", "diff", one, two).status == 0)
    let other = try play("other", ["--engine", "simulated", "--seed", "8"])
    let outcome = try Program.run("replay", "diff", one, other)
    #expect(outcome.status == 10)
    #expect(outcome.output.contains("seed  7  |  8"))
    let json = try Program.run("replay", "diff", "--json", one, other)
    #expect(json.status == 10)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["same"] as? Bool == false)
    #expect((object?["parting"] as? [String: Any])?["round"] as? Int == 0)
  }
}

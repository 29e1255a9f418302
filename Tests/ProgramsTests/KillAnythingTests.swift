import Foundation
import Tensors
import Testing

@Suite("Kill anything", .serialized)
struct KillAnythingTests {
  static let files = ["journal.jsonl", "meta.safetensors", "results.json", "scenario.yaml"]
  static let hospitals = ["h1", "h2", "h3", "h4"]
  /// 24 rounds, 5 evaluations, start and end.
  static let lines = 32
  static let settings = [
    "cohorts.hospitals=4", "cohorts.held-out=1", "federation.rounds=24", "federation.quorum=3",
    "federation.deadline=120s", "federation.assembly=120s", "federation.participation=1",
    "federation.episodes-per-round=1", "evaluation.every=5", "evaluation.episodes=1",
    "evaluation.shots=[8]",
  ].flatMap { ["--set", $0] }

  /// What makes hospitals keep something from round to round.
  static func settings(of algorithm: String?) -> [String] {
    guard let algorithm else { return settings }
    let plan =
      "algorithm={ name: \(algorithm), inner: { steps: 2, rate: 0.1 }, outer: { rate: 1 },"
      + " local: { steps: 3, batch: 8, rate: 0.05 } }"
    return settings + ["--set", plan]
  }

  private func undisturbed(in path: String, algorithm: String? = nil) throws -> [Data?] {
    let outcome = try Program(
      "replay",
      [Place.scenario("default"), "--engine", "simulated", "--run", path, "--quiet"]
        + Self.settings(of: algorithm)
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return contents(of: path)
  }

  private func contents(of run: String) -> [Data?] {
    Self.files.map { FileManager.default.contents(atPath: run + "/" + $0) }
  }

  private func coordinator(_ arguments: [String], at endpoint: String) throws -> Program {
    try Program("coordinator", arguments + ["--bind", endpoint, "--quiet"])
  }

  private func node(
    _ hospital: String, at endpoint: String, memory: String, algorithm: String?
  ) throws -> Program {
    try Program(
      "hospital-node",
      ["--scenario", Place.scenario("default"), "--connect", endpoint, "--hospital", hospital]
        + ["--quiet", "--memory", memory] + Self.settings(of: algorithm))
  }

  @Test(
    "a run whose coordinator and nodes are killed again and again leaves the bytes of one in peace",
    arguments: [(1, nil), (2, nil), (3, nil), (4, "scaffold"), (5, "ditto")] as [(UInt64, String?)])
  func killed(seed: UInt64, algorithm: String?) throws {
    let directory = try TemporaryDirectory()
    let whole = try undisturbed(in: directory.file("calm"), algorithm: algorithm)
    #expect(!whole.contains(nil))
    var random = RandomStream(seed: seed).child("deaths")
    let (run, endpoint) = (directory.file("run"), "ipc://\(directory.file("hub"))")
    let watch = JournalWatch(of: run)
    var leader = try coordinator(
      ["--scenario", Place.scenario("default"), "--run", run] + Self.settings(of: algorithm),
      at: endpoint)
    let start = { (hospital: String) in
      try node(
        hospital, at: endpoint, memory: directory.file("memory"), algorithm: algorithm)
    }
    var nodes = try Self.hospitals.map(start)
    var line = 1
    while line < Self.lines - 4 {
      try watch.wait(forLines: line)
      // Who dies with the end written has nothing left to lose.
      if watch.lineCount > Self.lines - 2 { break }
      if random.uniform() < 0.5 {
        let number = random.integer(below: nodes.count)
        nodes[number].signal(SIGKILL)
        nodes[number].end()
        nodes[number] = try start(Self.hospitals[number])
      }
      if random.uniform() < 0.7 {
        leader.signal(SIGKILL)
        #expect(leader.end().status == 128 + SIGKILL)
        leader = try coordinator(["--resume", run], at: endpoint)
      }
      line += 1 + random.integer(below: 5)
    }
    let outcome = leader.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    for node in nodes { #expect(node.end().status == 0) }
    #expect(contents(of: run) == whole)
  }

  @Test(
    "an interrupted replay goes on in either engine",
    arguments: ["processes", "simulated"], [nil, "pfedme"])
  func interrupted(engine: String, algorithm: String?) throws {
    let directory = try TemporaryDirectory()
    let whole = try undisturbed(in: directory.file("calm"), algorithm: algorithm)
    let run = directory.file("run")
    let watch = JournalWatch(of: run)
    let replay = try Program(
      "replay",
      [Place.scenario("default"), "--run", run, "--quiet"] + Self.settings(of: algorithm))
    try watch.wait(forLines: 4)
    replay.signal(SIGINT)
    #expect(replay.end().status == 130)
    let outcome = try Program.run("replay", "--resume", run, "--engine", engine, "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(contents(of: run) == whole)
    // There is nothing left to go on with.
    let again = try Program.run("replay", "--resume", run, "--engine", engine)
    #expect(again.status == 6)
    #expect(again.errors.contains("the run has finished"))
  }

  // Started for a program that is gone before they have looked for it: their standard input has ended.
  @Test(
    "what outlived the program that started it ends as if asked to, however early that was",
    arguments: [
      ["replay", "--engine", "simulated"], ["replay", "--processes", "2"],
      ["coordinator", "--bind", "ipc://socket"],
      ["hospital-node", "--connect", "ipc://nobody", "--hospital", "h1"],
    ])
  func orphaned(command: [String]) throws {
    let directory = try TemporaryDirectory()
    let scenario = command[0] == "replay" ? [] : ["--scenario", Place.scenario("default")]
    let arguments = command.dropFirst() + scenario + Self.settings + ["--quiet", "--lifeline"]
    let outcome = try Program(
      command[0], Array(arguments), in: URL(filePath: directory.path)
    ).end()
    #expect(outcome.status == 130, "\(outcome.errors)")
  }

  @Test("nodes that heard no farewell get it from a coordinator that finds the run finished")
  func farewells() throws {
    let directory = try TemporaryDirectory()
    let (run, endpoint) = (directory.file("run"), "ipc://\(directory.file("hub"))")
    _ = try undisturbed(in: run)
    let nodes = try Self.hospitals.map {
      try node($0, at: endpoint, memory: directory.file("memory"), algorithm: nil)
    }
    let outcome = try coordinator(["--resume", run], at: endpoint).end()
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("the run has finished"))
    for node in nodes { #expect(node.end().status == 0) }
  }

  @Test("what cannot be gone on with is an error with a status")
  func statuses() throws {
    let directory = try TemporaryDirectory()
    let absent = try Program.run("replay", "--resume", directory.file("absent"))
    #expect(absent.status == 6)
    #expect(absent.errors.contains("it holds no scenario.yaml"))
    let endpoint = "ipc://\(directory.file("hub"))"
    #expect(
      try Program.run("coordinator", "--resume", directory.path, "--bind", endpoint).status == 6)
    for arguments in [
      ["--resume", "x", "--seed", "3"], ["--resume", "x", "--run", "y"],
      ["--resume", "x", "--scenario", Place.scenario("default")], [],
    ] {
      #expect(try Program("coordinator", ["--bind", endpoint] + arguments).end().status == 64)
    }
    #expect(try Program.run("replay", Place.scenario("default"), "--resume", "x").status == 64)
  }
}

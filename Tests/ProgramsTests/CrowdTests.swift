import Foundation
import Testing

@Suite("Many processes", .serialized)
struct CrowdTests {
  /// As little computation as a round can have.
  private static let settings = [
    "cohorts.hospitals=64", "cohorts.held-out=0", "cohorts.synthetic.patients=20",
    "cohorts.synthetic.features=1", "task.support=1", "task.query=1", "model.layers=[]",
    "algorithm.order=first", "algorithm.inner.steps=1", "federation.episodes-per-round=1",
    "federation.rounds=3", "federation.quorum=64", "federation.deadline=60s",
    "federation.assembly=120s", "privacy.minimum-patients=1", "evaluation.episodes=1",
    "evaluation.shots=[1]", "evaluation.steps=[0]",
  ].flatMap { ["--set", $0] }

  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test("64 node processes end with the bits of one", arguments: ["tcp", "ipc"])
  func crowd(transport: String) throws {
    let reference = directory.file("reference")
    let arguments = [Place.scenario("default"), "--quiet"] + Self.settings
    #expect(
      try Program("replay", arguments + ["--run", reference, "--engine", "simulated"]).end().status
        == 0)
    let run = directory.file("run")
    let outcome =
      try transport == "ipc"
      ? Program("replay", arguments + ["--run", run, "--processes", "64"]).end()
      : overTCP(run)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try RunFiles(directory: run).rounds() == RunFiles(directory: reference).rounds())
  }

  /// A coordinator, and then 64 nodes at once.
  private func overTCP(_ run: String) throws -> Program.Outcome {
    let scenario = ["--scenario", Place.scenario("default")] + Self.settings
    let coordinator = try Program(
      "coordinator", scenario + ["--bind", "tcp://127.0.0.1:*", "--run", run])
    let line = try #require(coordinator.line(containing: "listening at "))
    let endpoint = line.replacing("listening at ", with: "")
    let nodes = try (1...64).map { number in
      try Program(
        "hospital-node",
        scenario + ["--connect", endpoint, "--hospital", "h\(number)", "--quiet"])
    }
    defer { for node in nodes { node.end() } }
    return coordinator.end()
  }

  @Test("a soft limit of open files that is too low is raised")
  func soft() throws {
    let run = directory.file("run")
    let outcome = try shell(
      "ulimit -Sn 64; exec ./replay --processes 64 --quiet --run \(run) \"$@\"")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try RunFiles(directory: run).rounds().last?.answered.count == 64)
  }

  @Test(
    "a hard limit that is too low is said, with what is needed and what to do, before the start")
  func hard() throws {
    let run = directory.file("run")
    let outcome = try shell("ulimit -n 100; exec ./replay --processes 64 --run \(run) \"$@\"")
    #expect(outcome.status == 8)
    #expect(
      outcome.errors
        == "error: replay: for 65 child processes 357 open files at once are needed, and this process"
        + " may have 100; raise the limit (ulimit -n 357; where the system refuses that, nofile in"
        + " /etc/security/limits.conf or LimitNOFILE of the service), or have fewer processes share the"
        + " hospitals (--processes), or use --engine simulated")
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test(
    "a coordinator that cannot have a node for each hospital says so, and serves those that share")
  func coordinator() throws {
    let endpoint = "ipc://\(directory.file("socket"))"
    let coordinator = try shell(
      "ulimit -n 100; exec ./coordinator --scenario \(Place.scenario("default")) --bind \(endpoint)"
        + " --run \(directory.file("run")) \"$@\"", thenServing: endpoint)
    #expect(coordinator.status == 0, "\(coordinator.errors)")
    #expect(
      coordinator.errors.contains("note: with a node for each of 64 hospitals 128 open files"))
    #expect(coordinator.errors.contains("this process may have 100"))
  }

  private func shell(_ command: String, thenServing endpoint: String? = nil) throws
    -> Program.Outcome
  {
    let program = try Program(
      "/bin/sh", ["-c", command, "sh"] + Self.settings, in: Place.programs)
    if let endpoint {
      try Program(
        "hospital-node",
        ["--scenario", Place.scenario("default"), "--connect", endpoint, "--hospital", "h1..h64"]
          + ["--quiet"] + Self.settings
      ).end()
    }
    return program.end()
  }
}

import Foundation
import Testing

@Suite("Exit statuses", .serialized)
struct ExitStatusTests {
  @Test("0 for a scenario without problems, 2 for one with problems")
  func check() throws {
    #expect(try Program.run("replay", "check", Place.scenario("default")).status == 0)
    let directory = try TemporaryDirectory()
    try "scenario: broken\n".write(
      toFile: directory.file("x.yaml"), atomically: true, encoding: .utf8)
    #expect(try Program.run("replay", "check", directory.file("x.yaml")).status == 2)
    #expect(try Program.run("replay", directory.file("x.yaml")).status == 2)
    #expect(try Program.run("replay", directory.file("absent.yaml")).status == 2)
  }

  @Test("3 from a replay whose hospitals all decline, however fast its nodes are gone")
  func quorum() throws {
    let directory = try TemporaryDirectory()
    for number in 1...5 {
      let outcome = try Program.run(
        "replay", "--set", "task.support=3", "--set", "federation.rounds=5", "--quiet", "--run",
        directory.file("\(number)"))
      #expect(outcome.status == 3)
      // The reason is given once, not once more by every node.
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }

  @Test("9 from a replay that diverges", arguments: ["processes", "simulated"])
  func divergence(engine: String) throws {
    let directory = try TemporaryDirectory()
    let outcome = try Program.run(
      "replay", Place.scenario("two-layer-regression"), "--engine", engine, "--run",
      directory.file("run"), "--set", "algorithm.inner.rate=10", "--set", "federation.rounds=20")
    #expect(outcome.status == 9)
    #expect(outcome.errors.contains("lower algorithm.outer.rate or algorithm.inner.rate"))
  }

  @Test("130 for a node that is interrupted while it waits")
  func interruptedNode() throws {
    let directory = try TemporaryDirectory()
    let node = try Program(
      "hospital-node",
      [
        "--scenario", Place.scenario("default"), "--connect", "ipc://\(directory.file("socket"))",
        "--hospital", "h1",
      ])
    try #require(node.line(containing: "waiting for the coordinator") != nil)
    node.signal(SIGINT)
    #expect(node.end().status == 130)
  }

  @Test(
    "4 for an endpoint that cannot be bound",
    arguments: ["tcp://256.0.0.1:1", "smoke://x", "tcp://localhost:*"])
  func transport(endpoint: String) throws {
    let directory = try TemporaryDirectory()
    let outcome = try Program.run(
      "coordinator", "--scenario", Place.scenario("default"), "--bind", endpoint, "--run",
      directory.file("run"))
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains(endpoint))
  }

  @Test("5 for a data directory that is missing or not named")
  func data() throws {
    let directory = try TemporaryDirectory()
    for arguments in [["--data", directory.file("absent")], []] {
      for engine in ["processes", "simulated"] {
        let run = directory.file(UUID().uuidString)
        let outcome = try Program(
          "replay",
          [Place.scenario("heart-disease"), "--engine", engine, "--run", run] + arguments
        ).end()
        #expect(outcome.status == 5, "\(engine) \(outcome.errors)")
        // Nothing has been started yet: one error, and no run.
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: run))
      }
    }
  }

  @Test("6 for results that could not be printed", arguments: ["--quiet", "--json"])
  func results(form: String) throws {
    let directory = try TemporaryDirectory()
    for (number, sink) in [">/dev/full", ">&-"].enumerated() {
      for engine in ["processes", "simulated"] {
        let run = directory.file("\(engine)-\(number)")
        let outcome = try shell(
          "./replay --set federation.rounds=1 --engine \(engine) --run \(run) \(form) \(sink)")
        #expect(outcome.status == 6, "\(engine) \(sink)")
        #expect(outcome.errors.contains("the results could not be printed"))
        #expect(RunFiles(directory: run).has("results.json"))
      }
    }
  }

  @Test(
    "6, but a whole run, where whoever read the output has gone",
    arguments: ["2>&1", ""])
  func nobodyReads(redirection: String) throws {
    // Progress is read for a moment; for the results nobody waits.
    let reader = redirection.isEmpty ? "true" : "head -c 1"
    for engine in ["processes", "simulated"] {
      let directory = try TemporaryDirectory()
      let run = directory.file("run")
      let replay = "./replay --set federation.rounds=200 --engine \(engine) --run \(run)"
      let outcome = try shell(
        "{ \(replay) \(redirection); echo $? >\(directory.file("status")); } | \(reader)")
      #expect(outcome.status == 0)
      let status = try String(contentsOfFile: directory.file("status"), encoding: .utf8)
      #expect(status == "6\n", "\(engine)")
      #expect(try RunFiles(directory: run).rounds().count == 201)
    }
  }

  @Test(
    "a run that does not finish says why, in every form", arguments: ["--json", "--quiet", nil])
  func why(form: String?) throws {
    let directory = try TemporaryDirectory()
    let run = directory.file("run")
    let outcome = try Program(
      "coordinator",
      [
        "--scenario", Place.scenario("default"), "--bind", "ipc://\(directory.file("socket"))",
        "--run", run, "--set", "federation.assembly=1s",
      ] + (form.map { [$0] } ?? [])
    ).end()
    #expect(outcome.status == 3)
    let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(errors.count == 1)
    #expect(outcome.errors.contains("listening at ipc://") == (form == nil))
    #expect(!FileManager.default.fileExists(atPath: directory.file("socket")))
  }

  private func shell(_ command: String) throws -> Program.Outcome {
    try Program("/bin/sh", ["-c", command], in: Place.programs).end()
  }

  @Test("6 for a run directory that already holds something or cannot be made")
  func runFiles() throws {
    let directory = try TemporaryDirectory()
    try "kept".write(toFile: directory.file("kept"), atomically: true, encoding: .utf8)
    for run in [directory.path, directory.file("kept/below")] {
      let outcome = try Program.run("replay", "--engine", "simulated", "--run", run)
      #expect(outcome.status == 6)
    }
  }

  @Test("7 for a node that the coordinator refuses")
  func refused() throws {
    let directory = try TemporaryDirectory()
    let federation = try HandStarted(
      Place.scenario("default"), run: directory.file("run"),
      endpoint: "ipc://\(directory.file("socket"))")
    let node = try Program(
      "hospital-node",
      [
        "--scenario", Place.scenario("default"), "--connect", federation.endpoint, "--hospital",
        "h1",
        "--seed", "99",
      ])
    let outcome = node.end()
    #expect(outcome.status == 7)
    #expect(outcome.errors.contains("another scenario"))
    federation.coordinator.signal(SIGINT)
    #expect(federation.coordinator.end().status == 130)
  }

  @Test("64 for arguments that do not make sense")
  func usage() throws {
    #expect(try Program.run("replay", "--engine", "steam").status == 64)
    #expect(try Program.run("coordinator").status == 64)
    #expect(try Program.run("hospital-node", "--hospital").status == 64)
  }
}

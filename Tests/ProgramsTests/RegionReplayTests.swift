import Foundation
import Testing

@Suite("Regions that a scenario names", .serialized)
struct RegionReplayTests {
  static let settings = [
    "federation.rounds=6", "federation.episodes-per-round=1", "cohorts.synthetic.patients=100",
    "model.layers=[{ dense: 4 }]", "algorithm.inner.steps=1", "evaluation.alone.steps=1",
    "evaluation.episodes=1", "federation.deadline=60s", "federation.assembly=60s",
  ]

  @Test("real processes in a tree and the simulation leave the same journal, byte for byte")
  func engines() throws {
    let directory = try TemporaryDirectory()
    let simulated = try play(["--engine", "simulated"], in: directory.file("simulated"))
    #expect(simulated.split(separator: "\n").count == 10)
    #expect(try play([], in: directory.file("tree")) == simulated)
    #expect(try play(["--processes", "3"], in: directory.file("few")) == simulated)
  }

  private func play(_ arguments: [String], in run: String) throws -> String {
    let settings = Self.settings.flatMap { ["--set", $0] }
    let outcome = try Program(
      "replay", [Place.scenario("regions"), "--run", run, "--quiet"] + settings + arguments
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try String(contentsOfFile: run + "/journal.jsonl", encoding: .utf8)
  }

  @Test("an interrupted replay ends its regions with it, and one that is killed is told of by name")
  func interrupted() throws {
    let (place, directory) = (try TemporaryDirectory(), try TemporaryDirectory())
    let settings = (Self.settings + ["federation.rounds=100000"]).flatMap { ["--set", $0] }
    let replay = try Program(
      "replay", [Place.scenario("regions"), "--run", directory.file("run")] + settings,
      environment: ["TMPDIR": place.path])
    try #require(replay.line(containing: "round ") != nil)
    // A coordinator, four regions and twelve nodes.
    #expect(try processes(mentioning: place.path).count == 17)
    let east = try processes(mentioning: "--bind=ipc://\(place.path)/")
      .filter { try arguments(of: $0).contains("--hospital=h5..h7") }
    try #require(east.count == 1)
    for number in east { kill(number, SIGKILL) }
    try #require(replay.line(containing: "region south/east was killed by signal 9") != nil)
    replay.signal(SIGINT)
    #expect(replay.end().status == 130)
    #expect(try processes(mentioning: place.path).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  private func processes(mentioning text: String) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
      .filter { try arguments(of: $0).contains(text) }
  }

  /// The arguments of a process; none of one that has ended.
  private func arguments(of number: pid_t) throws -> String {
    let bytes = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") ?? Data()
    return String(decoding: bytes, as: UTF8.self)
  }
}

@Suite("The bytes that a region saves", .serialized)
struct RegionBytesTests {
  static let settings = [
    "cohorts.hospitals=8", "cohorts.held-out=0", "federation.rounds=20", "federation.quorum=8",
    "federation.episodes-per-round=1", "evaluation.episodes=1", "evaluation.alone.steps=1",
    "cohorts.synthetic.patients=100", "federation.assembly=60s", "federation.deadline=60s",
  ]

  /// The bytes between the coordinator and whoever is connected to it, both ways.
  private func bytes(throughRegion: Bool, in directory: TemporaryDirectory) throws -> Int {
    let name = throughRegion ? "tree" : "flat"
    let root = try HandStarted(
      Place.scenario("default"), run: directory.file(name), endpoint: "tcp://127.0.0.1:*",
      settings: Self.settings)
    let line = try #require(root.coordinator.line(containing: "listening at "))
    let port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
    let proxy = try RecordingProxy(to: port)
    let entrance = "tcp://127.0.0.1:\(proxy.port)"
    let place = throughRegion ? "ipc://\(directory.file("region"))" : entrance
    var programs: [Program] = []
    if throughRegion {
      try programs.append(
        Program(
          "coordinator",
          ["--scenario", root.scenario, "--bind", place, "--parent", entrance]
            + ["--hospital", "h1..h8"] + root.settings))
    }
    for number in 1...8 { try programs.append(root.node("h\(number)", endpoint: place)) }
    #expect(root.coordinator.end().status == 0)
    for program in programs { #expect(program.end().status == 0) }
    proxy.close()
    return proxy.recorded.map(\.count).reduce(0, +)
  }

  @Test("between a coordinator and a region of eight go less than half the bytes of the flat one")
  func fewerBytes() throws {
    let directory = try TemporaryDirectory()
    let flat = try bytes(throughRegion: false, in: directory)
    let tree = try bytes(throughRegion: true, in: directory)
    #expect(tree > 0 && 2 * tree < flat, "\(tree) bytes through a region, \(flat) without")
  }
}

import Foundation
import Testing

@Suite("What a run would have taken in a real federation", .serialized)
struct TimingTests {
  private let directory: TemporaryDirectory
  private let file: String

  /// Two rounds of two episodes at three hospitals, and an evaluation of two episodes at all four.
  init() throws {
    directory = try TemporaryDirectory()
    file = directory.file("scenario.yaml")
    try """
    scenario: clocks
    summary: Three hospitals learn, and one is held out.
    seed: 3
    cohorts: { synthetic: { patients: 60, features: 4 }, hospitals: 4, held-out: [h4], standardise: none }
    task: { support: 4, query: 4 }
    model: { layers: [{ dense: 3, activation: tanh }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { optimizer: sgd, rate: 0.1 } }
    federation: { rounds: 2, episodes-per-round: 2, deadline: 10s, quorum: 2, assembly: 20s }
    privacy: { minimum-patients: 1 }
    evaluation: { shots: [4], steps: [0, 1], episodes: 2, alone: { steps: 2, rate: 0.1 } }
    time:
      compute: 1s
      speed: { others: 1, h2: 2, h3: 0.5 }
      latency: { others: 500ms, h2: 1250ms, h3: 125ms }

    """.write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func play(
    _ name: String, _ settings: String..., arguments: [String] = ["--engine", "simulated"]
  ) throws -> (run: String, outcome: Program.Outcome) {
    let run = directory.file(name)
    let all = arguments + settings.flatMap { ["--set", $0] }
    let outcome = try Program("replay", [file, "--run", run] + all).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (run, outcome)
  }

  @Test("the lines tell when each question was over, whom it waited for, and for what")
  func lines() throws {
    let lines = try TimingLine.all(of: play("run").run)
    #expect(
      lines.map(\.kind) == ["round", "round", "evaluation", "run"]
        + Array(repeating: "hospital", count: 4))
    // All are here once the hello of h2 has travelled for 1.25 s. h1 then takes 0.5 + 2 + 0.5 seconds,
    // h2 1.25 + 1 + 1.25, and h3 0.125 + 4 + 0.125: it alone is waited for from 3.5 to 4.25.
    #expect(lines.prefix(3).map(\.began) == [1.25, 5.5, 9.75])
    #expect(lines.prefix(3).map(\.ended) == [5.5, 9.75, 14])
    #expect(lines.prefix(3).map(\.round) == [1, 2, 2])
    #expect(lines.prefix(3).map(\.answered) == [3, 3, 4])
    #expect(lines.prefix(3).allSatisfy { $0.missing == 0 && $0.deadlinePassed == false })
    for line in lines.prefix(3) {
      #expect(
        line.slowest
          == .init(
            hospital: "h3", unasked: 0, down: 0.125, queued: 0, compute: 4, up: 0.125, alone: 0.75))
    }
    let run = lines[3]
    #expect(run.seconds == 14)
    #expect([run.down, run.compute, run.up] == [0.375, 12, 0.375])
    #expect(run.deadline == 0 && run.deadlines == 0)
    let hospitals = lines.suffix(4)
    #expect(hospitals.map(\.hospital) == ["h1", "h2", "h3", "h4"])
    #expect(hospitals.map(\.timesLast) == [0, 0, 3, 0])
    #expect(hospitals.map(\.waitedForAlone) == [0, 0, 2.25, 0])
  }

  @Test("bytes add up, over questions and over links")
  func bytes() throws {
    let lines = try TimingLine.all(of: play("run").run)
    let (questions, run, links) = (lines.prefix(3), lines[3], lines.suffix(4))
    // The three that train are asked the same, and the one that does not only to be judged.
    #expect(Set(links.prefix(3).map(\.bytesDown)).count == 1)
    #expect((links.last?.bytesDown ?? 0) < (links.first?.bytesDown ?? 0))
    let down = links.map { $0.bytesDown ?? 0 }.reduce(0, +)
    #expect(run.bytesDown == down)
    #expect(run.bytesUp == links.map { $0.bytesUp ?? 0 }.reduce(0, +))
    // Every answer came before its question was over; after the last, hospitals are told farewell.
    #expect(questions.map { $0.bytesUp ?? 0 }.reduce(0, +) == run.bytesUp)
    #expect(questions.map { $0.bytesDown ?? 0 }.reduce(0, +) < down)
  }

  @Test("a deadline that passes is told, and what it cost")
  func deadlines() throws {
    let (run, outcome) = try play("run", "federation.deadline=4s")
    let lines = try TimingLine.all(of: run)
    // Both rounds end without h3, half a second after the answer of h2.
    #expect(lines.prefix(3).map(\.began) == [1.25, 5.25, 9.25])
    #expect(lines.prefix(3).map(\.deadlinePassed) == [true, true, false])
    #expect(lines.prefix(3).map(\.missing) == [1, 1, 0])
    #expect(lines.prefix(2).map(\.slowest?.hospital) == ["h2", "h2"])
    // h3 has work of round 2 until 5.5 + 4.25 = 9.75 and is asked to judge then.
    #expect(lines[2].slowest?.hospital == "h3")
    #expect(lines[2].slowest?.unasked == 0.5)
    #expect(lines[2].ended == 14)
    #expect(lines[3].deadlines == 2)
    #expect(lines[3].deadline == 1)
    #expect(
      outcome.output.contains(
        "waiting for 2 deadlines 7 %, and 9 % before anybody was asked. Waited for most: h3 (last 1 time,"
          + " 1.3 s alone)."))
  }

  @Test("the closing paragraph says how long, where the time went, for whom, and how many bytes")
  func paragraph() throws {
    let (run, outcome) = try play("run")
    let total = try #require(try TimingLine.all(of: run).first { $0.kind == "run" })
    let kilobytes = try [total.bytesDown, total.bytesUp].map { bytes in
      String(format: "%.1f kB", Double(try #require(bytes)) / 1000)
    }
    // 12, 0.375 and 0.375 of 14 seconds.
    #expect(
      outcome.output.hasSuffix(
        "In a real federation this would have taken 14.0 s: computing 86 %, getting 3 % and sending 3 %"
          + " at the last hospital to answer, and 9 % before anybody was asked. Waited for most: h3 (last"
          + " 3 times, 2.3 s alone). The"
          + " hospitals got \(kilobytes[0]) and sent \(kilobytes[1]).\n"))
    let quiet = try play("quiet", arguments: ["--engine", "simulated", "--quiet"]).outcome
    #expect(!quiet.output.contains("In a real federation"))
  }

  @Test("long times are told in their largest units")
  func units() throws {
    let (_, outcome) = try play("run", "time.compute=1h", "federation.deadline=24h")
    // Three times four hours, and two seconds of travel.
    #expect(outcome.output.contains("this would have taken 12 h 00 min: computing 100 %"))
  }

  @Test("a second run leaves the same lines")
  func again() throws {
    let setting = "time.compute-spread=0.5"
    let lines = try ["one", "two"].map { try timing(of: play($0, setting).run) }
    #expect(lines[0] == lines[1])
  }

  @Test("computing time may be measured: every time is then a share of that of one episode")
  func measured() throws {
    let lines = try TimingLine.all(
      of: play("run", "time.compute=measured", "time.latency=0s").run)
    // h3 takes four times what an episode takes, each time.
    let episode = try #require(lines[0].slowest?.compute) / 4
    #expect(episode > 0)
    for line in lines.prefix(3) {
      #expect(abs(try #require(line.slowest?.compute) / episode - 4) < 1e-6)
    }
    #expect(abs(try #require(lines[3].seconds) / episode - 12) < 1e-6)
    // No figure depends on it.
    #expect(
      try RunFiles(directory: play("seconds", "time.latency=0s").run).rounds()
        == RunFiles(directory: directory.file("run")).rounds())
  }

  @Test("real processes say that they leave time aside, and learn the same")
  func realProcesses() throws {
    let (run, outcome) = try play("real", arguments: [])
    #expect(
      outcome.errors.contains(
        "real processes keep real time: the scenario's time acts with --engine simulated"))
    #expect(!RunFiles(directory: run).has("timing.jsonl"))
    #expect(!outcome.output.contains("In a real federation"))
    let simulated = try RunFiles(directory: play("simulated").run)
    #expect(try RunFiles(directory: run).rounds() == simulated.rounds())
  }

  @Test("hospitals with times of their own do not share nodes")
  func sharedNodes() throws {
    let arguments = ["--engine", "simulated", "--processes", "2"]
    let outcome = try Program("replay", [file] + arguments).end()
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("every hospital has a node, a link and a speed of its own"))
  }

  @Test("a run that is gone on with learns the same, and its clock begins again")
  func resumed() throws {
    // After seven seconds, in the middle of round 2, all that train are gone for ever.
    let away = (1...3).map { "time.availability.intervals.h\($0)=[[0, 7]]" }
    let run = directory.file("run")
    let lost = try Program(
      "replay",
      [file, "--engine", "simulated", "--run", run] + away.flatMap { ["--set", $0] }
    ).end()
    #expect(lost.status == 3)
    #expect(try RunFiles(directory: run).rounds().map(\.answered.count) == [0, 3, 0])
    let before = try timing(of: run)
    let resumed = try Program.run(
      "replay", "--resume", run, "--engine", "simulated", "--quiet")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try RunFiles(directory: run).rounds()
        == RunFiles(directory: play("calm").run).rounds())
    let after = try timing(of: run)
    #expect(after.starts(with: before))
    // The second round takes what it would have taken, from the start of the clock.
    let second = try #require(try TimingLine.all(of: run).last { $0.kind == "round" })
    #expect(second.round == 2)
    #expect(second.began == 1.25 && second.ended == 5.5)
  }

  private func timing(of run: String) throws -> String {
    try String(contentsOfFile: run + "/timing.jsonl", encoding: .utf8)
  }
}

/// A line of `timing.jsonl`.
struct TimingLine: Decodable {
  struct Slowest: Decodable, Equatable {
    var hospital: String
    var unasked, down, queued, compute, up, alone: Double
  }

  var kind: String
  var round: Int?
  var began, ended: Double?
  var answered, missing: Int?
  var deadlinePassed: Bool?
  var slowest: Slowest?
  var bytesDown, bytesUp: Int?
  var seconds, down, compute, up, deadline: Double?
  var deadlines: Int?
  var hospital: String?
  var timesLast: Int?
  var waitedForAlone: Double?

  /// All lines that a run has left.
  static func all(of run: String) throws -> [TimingLine] {
    try String(contentsOfFile: run + "/timing.jsonl", encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(TimingLine.self, from: Data($0.utf8)) }
  }
}

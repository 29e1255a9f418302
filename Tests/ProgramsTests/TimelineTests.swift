import Cryptography
import Foundation
import Scenarios
import Testing

/// Both engines act the same timelines out, with real processes and real sockets in one of them.
///
/// Real time decides nothing here: deadlines are long beside what honest hospitals need, and only those
/// whom the timeline takes away let one pass.
@Suite("Both engines act out a timeline alike", .serialized)
struct TimelineTests {
  /// What happens, and who is missing from the rounds 1 to 8 because of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var sections: String
    /// Rounds at whose deadline somebody is missed.
    var misses = 0
    var missing: [Int: [String]] = [:]

    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "kill, start", sections: "timeline: [{ round: 3, kill: h2 }, { round: 6, start: h2 }]",
      misses: 1, missing: [3: ["h2"], 4: ["h2"], 5: ["h2"]]),
    Case(
      name: "pause, resume",
      sections: "timeline: [{ round: 3, pause: h2 }, { round: 6, resume: h2 }]",
      misses: 1, missing: [3: ["h2"], 4: ["h2"], 5: ["h2"]]),
    Case(
      name: "pause for good", sections: "timeline: [{ round: 8, pause: h2 }]", misses: 1,
      missing: [8: ["h2"]]),
    Case(
      name: "cut, reconnect",
      sections: "timeline: [{ round: 3, cut: [h2, h3] }, { round: 6, reconnect: [h2, h3] }]",
      misses: 1, missing: [3: ["h2", "h3"], 4: ["h2", "h3"], 5: ["h2", "h3"]]),
    Case(
      name: "cut, reconnect of a region",
      sections: "regions: { north: [h1, h2], south: { east: [h3], west: [h4] } }\n"
        + "timeline: [{ round: 3, cut: north }, { round: 6, reconnect: north }]",
      misses: 1, missing: [3: ["h1", "h2"], 4: ["h1", "h2"], 5: ["h1", "h2"]]),
    Case(
      name: "kill, start below a region",
      sections: "regions: { north: [h1, h2], south: { east: [h3], west: [h4] } }\n"
        + "timeline: [{ round: 3, kill: east }, { round: 5, restart: coordinator },"
        + " { round: 6, start: east }]",
      misses: 1, missing: [3: ["h3"], 4: ["h3"], 5: ["h3"]]),
    Case(
      name: "leave below regions",
      sections: "regions: { north: [h1, h2], south: { east: [h3], west: [h4] } }\n"
        + "timeline: [{ round: 3, leave: h3 }, { round: 6, leave: h2 }]",
      missing: [
        3: ["h3"], 4: ["h3"], 5: ["h3"], 6: ["h2", "h3"], 7: ["h2", "h3"], 8: ["h2", "h3"],
      ]),
    Case(
      name: "join, leave", sections: "timeline: [{ round: 3, join: h2 }, { round: 7, leave: h3 }]",
      missing: [1: ["h2"], 2: ["h2"], 7: ["h3"], 8: ["h3"]]),
    Case(
      name: "kill and start at once",
      sections: "timeline: [{ round: 4, kill: h1 }, { round: 4, start: h1 }]"),
    Case(
      name: "restart",
      sections: "timeline: [{ round: 3, restart: coordinator }, { round: 6, restart: coordinator }]"
    ),
    Case(
      name: "restart amid others",
      sections: "timeline: [{ round: 1, restart: coordinator }, { round: 3, kill: h2 },"
        + " { round: 3, restart: coordinator }, { round: 6, start: h2 },"
        + " { round: 6, restart: coordinator }]",
      misses: 1, missing: [3: ["h2"], 4: ["h2"], 5: ["h2"]]),
    Case(
      name: "slow",
      sections: "timeline: [{ round: 3, slow: { hospitals: h2, factor: 20, rounds: 3 } }]"),
    Case(
      name: "delay",
      sections: "timeline: [{ round: 3, delay: { hospitals: h2, by: 80ms, rounds: 3 } }]"),
    Case(
      name: "drop",
      sections:
        "timeline: [{ round: 3, drop: { hospitals: [h1, h2], probability: 0.3, rounds: 3 } }]"),
    Case(
      name: "duplicate",
      sections: "timeline: [{ round: 3, duplicate: { hospitals: [h1, h2], rounds: 3 } }]"),
    Case(
      name: "reorder",
      sections:
        "timeline: [{ round: 3, reorder: { hospitals: [h1, h2], within: 120ms, rounds: 3 } }]"),
    Case(
      name: "corrupt",
      sections:
        "timeline: [{ round: 3, corrupt: { hospitals: [h1, h2], probability: 0.3, rounds: 3 } }]"),
    Case(
      name: "calm",
      sections:
        "timeline: [{ round: 3, delay: { hospitals: h2, by: 80ms } }, { round: 5, calm: h2 }]"
    ),
    Case(
      name: "hostile: sign-flip, scaling",
      sections: "timeline: [{ round: 2, hostile: { hospitals: h2, attack: sign-flip } },"
        + " { round: 5, hostile: { hospitals: h3, attack: scaling } }]"),
    Case(
      name: "hostile: label-flip, noise, a-little-is-enough",
      sections: "timeline: [{ round: 2, hostile: { hospitals: h1, attack: label-flip } },"
        + " { round: 2, hostile: { hospitals: h2, attack: noise } },"
        + " { round: 5, hostile: { hospitals: h3, attack: a-little-is-enough } }]"),
    Case(
      name: "drift",
      sections: "timeline: [{ round: 3, drift: { hospitals: h2, prevalence: 0.8, over: 2 } },"
        + " { round: 5, drift: { hospitals: [h1, h3], measurement: { factor: 2 }, rounds: 3 } }]"),
    Case(
      name: "slow, hostile, drift by time",
      sections:
        "time: { latency: 5ms }\ntimeline: [{ at: 1ms, hostile: { hospitals: h1, attack: scaling, rounds: 3 } },"
        + " { at: 1ms, drift: { hospitals: h2, prevalence: 0.8, over: 4 } },"
        + " { at: 1ms, slow: { hospitals: h3, factor: 3 } }, { at: 24h, kill: h1 },"
        + " { at: 24h, hostile: { hospitals: h3, attack: noise } }]"),
    Case(
      name: "join, leave, drift by rate",
      sections: "faults: { join: { rate: 40, hospitals: [h1, h5] }, leave: { rate: 15,"
        + " hospitals: [h2, h3] }, drift: { rate: 40, rounds: 2, measurement: { factor-spread: 1 } } }"
    ),
    Case(
      name: "cut of regions by rate",
      sections: "regions: { north: [h1, h2], south: { east: [h3], west: [h4] } }\n"
        + "faults: { cut: { rate: 25, rounds: 2, regions: [north, south] } }", misses: 2),
    Case(
      name: "rates",
      sections: "faults: { kill: { rate: 25, rounds: 2 }, restart: { rate: 20 }, drop: { rate: 30,"
        + " probability: 0.2 }, hostile: { rate: 30, attack: noise, rounds: 2 } }", misses: 2),
  ]

  @Test("the journal is the same to the byte", arguments: cases)
  func sameJournal(of act: Case) throws {
    let place = try TemporaryDirectory()
    let directory = try TemporaryDirectory()
    let file = directory.file("scenario.yaml")
    try (base(misses: act.misses) + act.sections + "\n")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let real = try play(file, "processes", in: directory, meetingIn: place)
    let simulated = try play(file, "simulated", in: directory, meetingIn: place)
    print(
      "| \(act.name) | \(digest(real).prefix(16)) | \(digest(simulated).prefix(16)) |")
    #expect(real == simulated)
    if !act.sections.contains("faults") { try expect(act.missing, in: directory) }
    #expect(try processes(mentioning: place.path).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test(
    "and so it is for the scenarios that come along, at reduced size",
    arguments: ShippedScenariosTests.ofFaults)
  func gallery(name: String) throws {
    let place = try TemporaryDirectory()
    let directory = try TemporaryDirectory()
    let smaller = [
      "federation.rounds=12", "federation.episodes-per-round=2", "model.layers.0.dense=4",
      "evaluation.episodes=2",
    ].flatMap { ["--set", $0] }
    let file = Place.scenario(name)
    let real = try play(file, "processes", in: directory, meetingIn: place, smaller)
    let simulated = try play(file, "simulated", in: directory, meetingIn: place, smaller)
    print("| \(name) | \(digest(real).prefix(16)) | \(digest(simulated).prefix(16)) |")
    #expect(real == simulated)
    #expect(try processes(mentioning: place.path).isEmpty)
  }

  @Test("a coordinator killed again and again leaves the journal of one that was not, to the byte")
  func restarts() throws {
    let directory = try TemporaryDirectory()
    let file = directory.file("scenario.yaml")
    let regions = "regions: { north: [h1, h2] }\n"
    let restarts =
      "timeline: [{ round: 2, restart: coordinator }, { round: 5, restart: coordinator }]\n"
    try (base(misses: 0) + regions).write(toFile: file, atomically: true, encoding: .utf8)
    let calm = try play(file, "simulated", in: directory, meetingIn: directory)
    try (base(misses: 0) + regions + restarts)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let killed = try play(file, "processes", in: directory, meetingIn: directory)
    let log = try String(contentsOfFile: directory.file("processes/events.log"), encoding: .utf8)
    for round in [1, 4] { #expect(log.contains("the run goes on after round \(round)")) }
    // The first line names the scenario, which is another one.
    #expect(lines(killed).dropFirst() == lines(calm).dropFirst())
    #expect(lines(calm).count == 13)
  }

  @Test("a coordinator started by hand says that nobody acts its timeline out, and goes on")
  func byHand() throws {
    let directory = try TemporaryDirectory()
    let federation = try HandStarted(
      Place.scenario("kill-and-return"), run: directory.file("run"),
      endpoint: "ipc://\(directory.file("socket"))",
      settings: ["federation.rounds=12", "federation.episodes-per-round=1"])
    try #require(federation.coordinator.line(containing: "only replay acts out") != nil)
    let node = try federation.node("h1..h10")
    let outcome = federation.coordinator.end()
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("round 3: kill h2: nobody acts it out"))
    #expect(node.end().status == 0)
    #expect(try RunFiles(directory: directory.file("run")).rounds().allSatisfy { $0.missing == [] })
  }
}

extension TimelineTests {
  /// Four hospitals that train and one that does not, who need next to nothing for a round.
  private func base(misses: Int) -> String {
    """
    scenario: timeline
    summary: What happens to hospitals, in both engines.
    seed: 3
    cohorts: { synthetic: { patients: 60, features: 4 }, hospitals: 5, held-out: [h5] }
    task: { support: 5, query: 5 }
    model: { layers: [{ dense: 3, activation: tanh }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { optimizer: sgd, rate: 0.1 } }
    federation: { rounds: 8, episodes-per-round: 2, quorum: 1, assembly: 2m, deadline: \(misses > 0 ? "10s" : "5m") }
    evaluation: { every: 4, shots: [5], steps: [0, 1], episodes: 2, alone: { steps: 2, rate: 0.1 } }

    """
  }

  /// The journal of a run.
  private func play(
    _ file: String, _ engine: String, in directory: TemporaryDirectory,
    meetingIn place: TemporaryDirectory, _ changes: [String] = []
  ) throws -> Data {
    let run = directory.file(engine)
    let outcome = try Program(
      "replay", [file, "--engine", engine, "--run", run, "--quiet"] + changes,
      environment: ["TMPDIR": place.path]
    ).end()
    #expect(outcome.status == 0, "\(engine): \(outcome.errors)")
    return try Data(contentsOf: URL(filePath: run + "/journal.jsonl"))
  }

  private func lines(_ data: Data) -> [Substring] {
    String(decoding: data, as: UTF8.self).split(separator: "\n")
  }

  private func digest(_ data: Data) -> String {
    SHA256.hexadecimal(ofDigest: SHA256.digest(Array(data)))
  }

  private func expect(_ missing: [Int: [String]], in directory: TemporaryDirectory) throws {
    let rounds = try RunFiles(directory: directory.file("processes")).rounds().dropFirst()
    #expect(rounds.map(\.round) == Array(1...8))
    for round in rounds { #expect(round.missing == missing[round.round, default: []]) }
  }
}

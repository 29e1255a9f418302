import Foundation
import Testing

/// Every way to hold a round, with real processes beside the simulation.
///
/// Who is first, who is late and what a buffer holds depends on real time; the rest does not, and the
/// journals are then the same, byte for byte.
@Suite("Policies of rounds with real processes", .serialized)
struct PolicyTests {
  private let directory: TemporaryDirectory
  private let file: String

  /// Twelve rounds of four hospitals that need next to nothing, so that no deadline decides.
  init() throws {
    directory = try TemporaryDirectory()
    file = directory.file("scenario.yaml")
    try """
    scenario: policies
    summary: Four hospitals learn, and one is held out.
    seed: 3
    cohorts: { synthetic: { patients: 60, features: 4 }, hospitals: 5, held-out: [h5] }
    task: { support: 5, query: 5 }
    model: { layers: [{ dense: 3, activation: tanh }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { optimizer: sgd, rate: 0.1 } }
    federation: { rounds: 12, episodes-per-round: 2, quorum: 1, assembly: 2m, deadline: 5m }
    evaluation: { every: 6, shots: [5], steps: [0, 1], episodes: 2, alone: { steps: 2, rate: 0.1 } }

    """.write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func play(
    _ engine: String, _ settings: [String], file: String? = nil, as name: String? = nil
  ) throws -> RunFiles {
    let run = RunFiles(directory: directory.file(name ?? engine))
    let outcome = try Program(
      "replay",
      [file ?? self.file, "--engine", engine, "--quiet", "--run", run.directory]
        + settings.flatMap { ["--set", $0] }
    ).end()
    #expect(outcome.status == 0, "\(engine): \(outcome.errors)")
    return run
  }

  /// Names the first line that differs: of a journal of thousands of characters nobody finds it.
  private func expectJournal(of real: RunFiles, toBeThatOf simulated: RunFiles) throws {
    let (found, expected) = (try journal(real), try journal(simulated))
    #expect(found.count == expected.count)
    for (line, other) in zip(found, expected) where line != other {
      Issue.record("with real processes \(line), in the simulation \(other)")
      break
    }
  }

  private func journal(_ run: RunFiles) throws -> [Substring] {
    try String(contentsOfFile: run.directory + "/journal.jsonl", encoding: .utf8)
      .split(separator: "\n")
  }

  private func expectProof(of run: RunFiles) throws {
    let outcome = try Program.run("replay", "verify", run.directory, "--quiet")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }

  @Test(
    "where real time decides nothing, the journal is that of the simulation and proven by it",
    arguments: [
      ["federation.participation=0.5"],
      ["federation.participation=0.5", "federation.participation-by=patients"],
      [
        "federation.participation=0.5", "federation.participation-by=available",
        "timeline=[{ round: 3, join: h2 }, { round: 6, leave: h3 }]",
      ],
      // One of those invited beyond need has died: the answers that suffice are those of all others.
      [
        "federation.policy=over-selection", "federation.participation=0.75",
        "federation.over-selection=1.334", "federation.deadline=10s",
        "timeline=[{ round: 1, kill: h2 }]",
      ],
    ])
  func sameJournal(settings: [String]) throws {
    let real = try play("processes", settings)
    try expectJournal(of: real, toBeThatOf: play("simulated", settings))
    #expect(try real.rounds().count == 13)
    try expectProof(of: real)
  }

  @Test("those who are away are not invited where the available are")
  func available() throws {
    let rounds = try play(
      "processes",
      [
        "federation.participation=0.75", "federation.participation-by=available",
        "timeline=[{ round: 3, join: h2 }, { round: 6, leave: h3 }]",
      ]
    ).rounds()
    #expect(rounds[1].answered == ["h1", "h3", "h4"] && rounds[2].answered == ["h1", "h3", "h4"])
    #expect(rounds.suffix(7).allSatisfy { $0.answered == ["h1", "h2", "h4"] })
    #expect(rounds.dropFirst().allSatisfy { $0.missing == [] })
  }

  // A node that wakes may meet the newer assignment before it has begun on the older, and then owes no
  // late answer: which comes first is a matter of real time. Where the older comes first, as in the
  // simulation, the journals are the same. Four times in a row the newer does not.
  @Test(
    "a late answer is used or dropped, once, and then the journal is that of the simulation",
    arguments: ["use", "drop"])
  func late(fate: String) throws {
    let settings = [
      "federation.late=\(fate)", "federation.deadline=10s",
      "timeline=[{ round: 3, pause: h2 }, { round: 6, resume: h2 }]",
    ]
    let simulated = try play("simulated", settings)
    for attempt in 1...4 {
      let run = try play("processes", settings, as: "late-\(attempt)")
      guard try answersLate(run, fate) else { continue }
      return try expectJournal(of: run, toBeThatOf: simulated)
    }
    Issue.record("no answer came late in any of four runs")
  }

  /// Whether a hospital that slept through three rounds of `run` answered late.
  private func answersLate(_ run: RunFiles, _ fate: String) throws -> Bool {
    let rounds = try run.rounds()
    #expect(rounds.count == 13)
    #expect(rounds[3...5].allSatisfy { $0.missing == ["h2"] })
    #expect(rounds[6].missing == [])
    let late = try LateAnswers.all(of: run)
    let (used, dropped) = (
      late.map(\.used).reduce(0, +), late.map(\.dropped).reduce(0, +)
    )
    #expect(late[6].used + late[6].dropped == used + dropped)
    #expect((fate == "use" ? dropped : used) == 0)
    #expect(used + dropped <= 1)
    try expectProof(of: run)
    return used + dropped == 1
  }

  @Test(
    "over-selection takes as many answers as make a round, whoever is first, and drops the rest")
  func overSelection() throws {
    let run = try play(
      "processes",
      [
        "federation.policy=over-selection", "federation.participation=0.5",
        "federation.over-selection=1.5",
      ])
    // Who is first is a matter of real time: two of three, and given who they are, the same bits.
    for round in try run.rounds().dropFirst() {
      #expect(round.answered.count == 2)
      #expect(round.missing.count == 1)
      #expect(Set(round.answered + round.missing).count == 3)
    }
    for late in try LateAnswers.all(of: run) { #expect(late.used == 0) }
    try expectProof(of: run)
  }

  @Test("a buffer takes the answers that come, none older than the limit")
  func buffered() throws {
    let settings = [
      "federation.policy=buffered", "federation.buffer=2", "federation.staleness.limit=3",
    ]
    let run = try play("processes", settings)
    // What a buffer holds is a matter of real time. It is full unless it was closed early, and it holds
    // what came during an evaluation beside that.
    let rounds = try run.rounds().dropFirst()
    #expect(rounds.map(\.round) == Array(1...12))
    #expect(
      rounds.allSatisfy {
        !$0.answered.isEmpty && Set($0.answered).isSubset(of: ["h1", "h2", "h3", "h4"])
      })
    #expect(rounds.allSatisfy { $0.answered.count == 2 || $0.round == 7 })
    for line in try LateAnswers.all(of: run) { #expect((line.staleness?.greatest ?? 0) <= 3) }
    // The journal tells which answers it held and when they were begun, and so it is proven.
    try expectProof(of: run)
    try expectProof(of: play("simulated", settings))
  }
}

/// What a round of the journal says about answers that were not those it was waiting for.
private struct LateAnswers: Decodable {
  struct Late: Decodable {
    var used, dropped: Int
  }

  struct Staleness: Decodable {
    var mean: Double
    var greatest: Int
  }

  var late: Late?
  var staleness: Staleness?
  var used: Int { late?.used ?? 0 }
  var dropped: Int { late?.dropped ?? 0 }

  /// Those of all rounds, from round 0.
  static func all(of run: RunFiles) throws -> [LateAnswers] {
    try String(contentsOfFile: run.directory + "/journal.jsonl", encoding: .utf8)
      .split(separator: "\n").filter { $0.hasPrefix(#"{"kind":"round""#) }
      .map { try JSONDecoder().decode(LateAnswers.self, from: Data($0.utf8)) }
  }
}

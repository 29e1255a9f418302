import Federation
import Scenarios
import Testing
import Transports

@Suite("What hospitals do themselves by time")
struct OwnActsTests {
  /// Each of three rounds takes a second, and one in which h2 is slowed takes four.
  private static let clock = "time: { compute: 1s }\n"
  private static let rounds = ["federation.rounds=12", "federation.episodes-per-round=1"]

  private func experiment(_ sections: String, _ overrides: [String] = []) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario + "\n" + sections, file: "small.yaml",
        overrides: (Self.rounds + overrides).map { try Override($0) }))
  }

  private func play(_ experiment: Experiment, attendance: Attendance? = nil) throws -> Diary {
    let diary = Diary()
    _ = try simulate(experiment, data: nil, observer: diary, attendance: attendance)
    return diary
  }

  /// Acts that change what is learnt, as `{ … }` after their moment.
  static let acts = [
    "hostile: { hospitals: h2, attack: sign-flip, strength: 3, rounds: 3 }",
    "hostile: { hospitals: [h1, h3], attack: noise }",
    "drift: { hospitals: h2, label-noise: { rate: 0.5 }, rounds: 4 }",
    "drift: { name: other, hospitals: [h1, h4], label-noise: { rate: 0.9 }, over: 3 }",
  ]

  @Test("begins with the first round after its time, as it would by that round", arguments: acts)
  func asByRound(act: String) throws {
    let byTime = try play(experiment("\(Self.clock)timeline: [{ at: 3500ms, \(act) }]"))
    let begun = byTime.rounds.filter { $0.acts != nil }
    let first = try #require(begun.first?.round)
    #expect(begun.map(\.acts) == [[0]])
    #expect((2...11).contains(first))
    let byRound = try play(experiment("\(Self.clock)timeline: [{ round: \(first), \(act) }]"))
    #expect(byTime.rounds.map(\.sha256) == byRound.rounds.map(\.sha256))
    let calm = try play(experiment(Self.clock))
    #expect(calm.rounds.prefix(first).map(\.sha256) == byTime.rounds.prefix(first).map(\.sha256))
    #expect(calm.rounds[first].sha256 != byTime.rounds[first].sha256)
  }

  @Test(
    "a hospital that is slowed by time is slow from the first round after it until the next such act"
  )
  func slow() throws {
    let experiment = try experiment(
      "\(Self.clock)timeline: [{ at: 8s, slow: { hospitals: h2, factor: 1 } },"
        + " { at: 2500ms, slow: { hospitals: h2, factor: 4 } }]")
    #expect((1...6).map { experiment.timeline.slowness(of: "h2", in: $0) } == [1, 1, 1, 1, 1, 1])
    #expect(
      (1...6).map { experiment.timeline.slowness(of: "h2", in: $0, onsets: [3, 5]) }
        == [1, 1, 4, 4, 1, 1])
    #expect(experiment.timeline.slowness(of: "h1", in: 4, onsets: [3, 5]) == 1)
    // In the order of their times, not of the file; each by its place in the file.
    let diary = try play(experiment)
    #expect(diary.rounds.compactMap(\.acts) == [[1], [0]])
    let calm = try play(self.experiment(Self.clock))
    #expect(diary.rounds.map(\.sha256) == calm.rounds.map(\.sha256))
  }

  @Test("goes on after a restart, or from any checkpoint, with the same bits")
  func goesOn() throws {
    let acts = Self.acts.enumerated().map { "{ at: \(1 + 2 * $0)s, \($1) }" }
    let sections = "\(Self.clock)timeline: [\(acts.joined(separator: ", "))]"
    let experiment = try experiment(
      sections)
    let whole = try play(experiment)
    #expect(whole.rounds.compactMap(\.acts).flatMap(\.self) == [0, 1, 2, 3])
    for round in 1...11 {
      let kept = try #require(whole.checkpoint(after: round))
      var bytes: [UInt8] = []
      kept.write(into: &bytes)
      let rest = Diary()
      _ = try simulate(
        experiment, data: nil, observer: rest,
        resuming: try Coordinator.Checkpoint(bytes[...], of: experiment))
      #expect(rest.rounds == whole.rounds.filter { $0.round > round }, "\(round)")
    }
  }

  @Test("a run is played again by what its journal says, however long rounds take then")
  func attended() throws {
    let timeline = "timeline: [{ at: 3500ms, \(Self.acts[0]) }, { at: 4s, \(Self.acts[2]) }]"
    let whole = try play(experiment(Self.clock + timeline))
    var attendance = Attendance()
    for round in whole.rounds {
      attendance.note(acts: round.acts?.count ?? 0, from: round.round)
      attendance.note(round.answered, answering: .learn, of: round.round)
    }
    // Without a clock no time passes at all.
    let timeless = try experiment(timeline)
    #expect(try play(timeless, attendance: attendance).rounds == whole.rounds)
    #expect(try play(timeless).rounds != whole.rounds)
  }

  @Test("holds below regions, too, and in a buffer, of which an answer is computed again")
  func elsewhere() throws {
    let sections = "\(Self.clock)timeline: [{ at: 3500ms, \(Self.acts[2]) }]"
    let flat = try play(experiment(sections))
    let tree = try play(
      experiment("regions: { north: [h1, h2], south: [h3, h4] }\n" + sections))
    #expect(tree.rounds.map(\.sha256) == flat.rounds.map(\.sha256))
    let buffered = try experiment(
      sections.replacing("compute: 1s", with: "compute: 1s, speed: { others: 1, h1: 3 }"),
      ["federation.policy=buffered", "federation.buffer=2", "federation.quorum=1"])
    let diary = try play(buffered)
    #expect(diary.rounds.compactMap(\.acts) == [[0]])
    let again = Diary()
    try retrace(
      buffered, along: RecordedCourse(rounds: diary.rounds, judgings: []), data: nil,
      observer: again)
    #expect(again.rounds.map(\.sha256) == diary.rounds.map(\.sha256))
    #expect(again.rounds == diary.rounds)
  }

  @Test("an act whose time never comes is told at the end, whoever does it")
  func neverComes() throws {
    let diary = try play(
      experiment(
        "\(Self.clock)timeline: [{ at: 1h, kill: h2 }, { at: 2h, \(Self.acts[1]) }]"))
    #expect(diary.staged.count == 2)
    #expect(diary.staged.allSatisfy { $0.hasSuffix("the run was over before") })
    #expect(diary.staged.first?.contains("kill h2") == true)
    #expect(
      diary.staged.last?.hasPrefix(
        "after 7200s: hostile, noise of strength 1: h1, h3") == true)
  }

  @Test("what begins with a round is told as it begins, by plan or by chance")
  func told() throws {
    let sections =
      "timeline: [{ round: 3, \(Self.acts[1]) }]\n"
      + "faults: { slow: { rate: 60, factor: 5 }, drift: { rate: 60, label-noise: { rate: 0.4 }, rounds: 2 } }"
    let experiment = try experiment(sections)
    let diary = try play(experiment)
    #expect(diary.staged.count { $0 == "round 3: hostile, noise of strength 1: h1, h3" } == 1)
    #expect(diary.staged.contains { $0.contains("drift, label-noise: ") })
    // Whoever is slow in some round has been told of.
    let slow = (1...4).map { "h\($0)" }.filter { hospital in
      (1...12).contains { experiment.timeline.slowness(of: hospital, in: $0) == 5 }
    }
    let told = Set(diary.staged.filter { $0.contains("work takes 5 times as long at") })
    #expect(!slow.isEmpty)
    for hospital in slow { #expect(told.contains { $0.contains("at \(hospital)") }) }
  }

  @Test("an assignment that does not say which of them hold is declined")
  func silent() throws {
    let experiment = try experiment("timeline: [{ at: 1s, \(Self.acts[0]) }]")
    let worker = try HospitalWorker(experiment, hospitals: ["h1"], data: nil)
    let turn = Turn(run: Array(repeating: 0, count: 16), phase: .learn, round: 1)
    let answer = worker.perform(Job(turn: turn, hospital: "h1", tensors: []))
    #expect(
      answer?.outcome
        == .declined(reason: "the assignment does not say which acts by time hold"))
  }
}

extension Diary {
  /// What was said of the timeline.
  fileprivate var staged: [String] {
    events.compactMap { if case .staged(let sentence) = $0 { sentence } else { nil } }
  }
}

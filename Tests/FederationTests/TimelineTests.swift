import Foundation
import Federation
import Scenarios
import Testing
import Transports

@Suite("The timeline of a run")
struct TimelineTests {
  private func experiment(_ sections: String, _ overrides: [String] = []) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario + "\n" + sections, file: "small.yaml",
        overrides: overrides.map { try Override($0) }))
  }

  /// What is done before each round, as words.
  private func deeds(_ experiment: Experiment) -> [String] {
    experiment.timeline.cues.map(\.sentence)
  }

  @Test("what lasts for some rounds ends by itself, and not after the last round")
  func spans() throws {
    let experiment = try experiment(
      "timeline: [{ round: 1, drop: { hospitals: h1, rounds: 1 } },"
        + " { round: 3, delay: { hospitals: h2, by: 1s, rounds: 5 } }]")
    #expect(
      deeds(experiment) == [
        "round 1: drop messages of h1", "round 2: no longer drop messages of h1",
        "round 3: delay messages of h2",
      ])
  }

  @Test("hospitals slow down and turn hostile in their rounds and only there")
  func ownActs() throws {
    let timeline = try experiment(
      "timeline: [{ round: 2, slow: { hospitals: [h1, h2], factor: 3, rounds: 1 } },"
        + " { round: 3, slow: { hospitals: h1, factor: 5 } }]"
    ).timeline
    #expect((1...4).map { timeline.slowness(of: "h1", in: $0) } == [1, 3, 5, 5])
    #expect((1...4).map { timeline.slowness(of: "h2", in: $0) } == [1, 3, 1, 1])
    #expect(timeline.cues.isEmpty)
  }

  @Test("chance is drawn by the seed alone: the same list for the same seed, another for another")
  func seeds() throws {
    let faults = "faults: { kill: { rate: 20, rounds: 2 }, drop: { rate: 30, probability: 0.5 } }"
    let long = ["federation.rounds=100"]
    let reference = try deeds(experiment(faults, long))
    #expect(reference.count > 20)
    #expect(try deeds(experiment(faults, long)) == reference)
    #expect(try deeds(experiment(faults, long + ["seed=9"])) != reference)
  }

  @Test("faults in a hundred rounds are Poisson with the rate as mean, by the chi-square test")
  func poisson() throws {
    let experiment = try experiment(
      "faults: { duplicate: { rate: 4, rounds: 1 } }", ["federation.rounds=100000"])
    var counts = Array(repeating: 0, count: 1000)
    for cue in experiment.timeline.cues {
      guard case .round(let round) = cue.moment else { continue }
      counts[(round - 1) / 100] += cue.deeds.count { $0.kind.isDisturbance }
    }
    // The classes 0 to 9 and 10 and more; 29.6 is the quantile 0.999 of chi-square with 10 degrees.
    var chance = exp(-4.0)
    var rest = 1.0
    var statistic = 0.0
    for number in 0..<10 {
      let expected = 1000 * chance
      statistic += pow(Double(counts.count { $0 == number }) - expected, 2) / expected
      rest -= chance
      chance *= 4 / Double(number + 1)
    }
    statistic += pow(Double(counts.count { $0 >= 10 }) - 1000 * rest, 2) / (1000 * rest)
    #expect(statistic < 29.6)
  }

  @Test("a node is lost only once at a time, also where the scenario takes it away itself")
  func onceAtATime() throws {
    let experiment = try experiment(
      "timeline: [{ round: 50, kill: h1 }, { round: 70, start: h1 }]\n"
        + "faults: { kill: { rate: 40, rounds: 3 }, pause: { rate: 40, rounds: 2 } }",
      ["federation.rounds=200"])
    var isThere = ["h1": true, "h2": true, "h3": true]
    for deed in experiment.timeline.cues.flatMap(\.deeds) {
      guard case .plain(let act) = deed.kind else { continue }
      let isBack = act == .start || act == .resume
      #expect(isThere[deed.hospital] == !isBack, "\(deed)")
      isThere[deed.hospital] = isBack
    }
  }

  @Test(
    "random faults end every run in a documented way, and the same a second time",
    arguments: 1...25,
    [
      [], ["federation.policy=over-selection", "federation.participation=0.5"],
      ["federation.policy=buffered", "federation.buffer=3", "federation.late=use"],
    ])
  func randomFaults(seed: Int, policy: [String]) throws {
    let faults = """
      faults:
        kill: { rate: 8, rounds: 2 }
        pause: { rate: 8, rounds: 2 }
        cut: { rate: 8, rounds: 3 }
        restart: { rate: 8 }
        delay: { rate: 10, by: 300ms, rounds: 2 }
        drop: { rate: 10, probability: 0.4, rounds: 2 }
        duplicate: { rate: 10, rounds: 2 }
        reorder: { rate: 10, within: 2s, rounds: 2 }
        corrupt: { rate: 10, probability: 0.4, rounds: 2 }
        hostile: { rate: 5, attack: sign-flip, rounds: 2 }
      """
    let experiment = try experiment(
      faults, ["seed=\(seed)", "federation.rounds=30", "cohorts.hospitals=6"] + policy)
    let (one, other) = (Diary(), Diary())
    let ending = try simulate(experiment, data: nil, observer: one)
    #expect(try simulate(experiment, data: nil, observer: other) == ending)
    #expect(one.events == other.events)
    #expect([.finished, .quorumLost].contains(ending.outcome))
  }

  @Test("a buffer waits for its cue: who was killed adds nothing until the node is started again")
  func buffered() throws {
    let experiment = try experiment(
      "time: { compute: 1s, speed: { others: 1, h1: 3 } }\ntimeline: [{ round: 3, kill: h2 },"
        + " { round: 6, restart: coordinator }, { round: 7, start: h2 }]",
      [
        "federation.policy=buffered", "federation.buffer=2", "federation.quorum=1",
        "federation.rounds=12",
      ])
    let diary = Diary()
    let ending = try simulate(experiment, data: nil, observer: diary)
    #expect(ending.outcome == .finished)
    #expect(diary.resumptions == [5])
    let answered = diary.rounds.map { $0.answered.contains("h2") }
    #expect(!answered[3...6].contains(true))
    #expect(answered[1...2].contains(true) && answered[7...12].contains(true))
  }

  @Test("where everyone answers in the end, messages that go astray change no bit")
  func astray() throws {
    let overrides = ["federation.deadline=1h", "federation.rounds=10"]
    let calm = Diary()
    _ = try simulate(experiment("", overrides), data: nil, observer: calm)
    let rough = Diary()
    let faults =
      "faults: { drop: { rate: 100, probability: 0.5, rounds: 3 }, corrupt: { rate: 100,"
      + " probability: 0.3, rounds: 3 }, reorder: { rate: 100, within: 3s, rounds: 3 } }"
    _ = try simulate(experiment(faults, overrides), data: nil, observer: rough)
    #expect(rough.rounds == calm.rounds)
    #expect(rough.events.count > calm.events.count)
  }

  @Test("a coordinator that is restarted before every round loses no round and no bit")
  func restarts() throws {
    let overrides = ["federation.rounds=6", "federation.quorum=1"]
    let acts = "{ round: 3, kill: h2 }, { round: 4, leave: h3 }, { round: 5, start: h2 }"
    let calm = Diary()
    let ending = try simulate(
      experiment("timeline: [\(acts)]", overrides), data: nil, observer: calm)
    let diary = Diary()
    let restarts = (1...6).map { ", { round: \($0), restart: coordinator }" }.joined()
    let other = try simulate(
      experiment("timeline: [\(acts)\(restarts)]", overrides), data: nil, observer: diary)
    #expect(diary.rounds == calm.rounds)
    #expect(other == ending)
    #expect(diary.resumptions == [0, 1, 2, 3, 4, 5])
  }

  @Test("a run with restarts and losses is played again by who answered")
  func attended() throws {
    let experiment = try experiment(
      "timeline: [{ round: 2, kill: h2 }, { round: 3, restart: coordinator }]",
      ["federation.rounds=4", "federation.quorum=1"])
    let whole = Diary()
    _ = try simulate(experiment, data: nil, observer: whole)
    var attendance = Attendance()
    for round in whole.rounds {
      attendance.note(round.answered, answering: .learn, of: round.round)
    }
    let again = Diary()
    _ = try simulate(experiment, data: nil, observer: again, attendance: attendance)
    #expect(again.rounds == whole.rounds)
  }

  @Test("an act by time happens once, however often the coordinator is restarted by time")
  func timedOnce() throws {
    let experiment = try experiment(
      "time: { compute: 1s }\ntimeline: [{ at: 1500ms, kill: h2 }, { at: 5s, restart:"
        + " coordinator }, { at: 9s, restart: coordinator }, { at: 15s, start: h2 }]",
      ["federation.rounds=12", "federation.quorum=1", "federation.deadline=4s"])
    let (one, other) = (Diary(), Diary())
    let ending = try simulate(experiment, data: nil, observer: one)
    #expect(ending.outcome == .finished)
    #expect(one.resumptions.count == 2)
    for cue in experiment.timeline.cues {
      #expect(one.events.filter { $0.isStaged(cue.sentence) }.count == 1, "\(cue.sentence)")
    }
    let away = one.rounds.filter { $0.missing == ["h2"] }.map(\.round)
    #expect(away.count > 1)
    #expect(away == Array((away.first ?? 0)..<(away.first ?? 0) + away.count))
    #expect(one.rounds.last?.missing == [])
    _ = try simulate(experiment, data: nil, observer: other)
    #expect(other.events == one.events)
  }

  @Test("a run that goes on gives no act by time again, and those to come when they are due")
  func timedGoesOn() throws {
    let experiment = try experiment(
      "time: { compute: 1s }\ntimeline: [{ at: 1500ms, kill: h2 }, { at: 1600ms, cut: h3 },"
        + " { at: 9s, start: h2 }, { at: 11s, reconnect: h3 }]",
      ["federation.rounds=10", "federation.quorum=1", "federation.deadline=4s"])
    let whole = Diary()
    _ = try simulate(experiment, data: nil, observer: whole)
    #expect(Set(whole.rounds.map(\.missing)) == [[], ["h3"], ["h2", "h3"]])
    for round in 1...9 {
      let rest = Diary()
      let kept = try #require(whole.checkpoint(after: round))
      let checkpoint = try kept.writtenAndRead(of: experiment)
      _ = try simulate(experiment, data: nil, observer: rest, resuming: checkpoint)
      #expect(rest.rounds == whole.rounds.filter { $0.round > round }, "\(round)")
      let given = checkpoint.position.timed.count
      for cue in experiment.timeline.cues {
        #expect(rest.events.contains { $0.isStaged(cue.sentence) } == (cue.number >= given))
      }
    }
  }

  @Test("a run that goes on finds hospitals where the timeline has left them")
  func goesOn() throws {
    let timeline =
      "timeline: [{ round: 2, kill: h2 }, { round: 2, cut: h3 }, { round: 5, start: h2 },"
      + " { round: 5, reconnect: h3 }]"
    let experiment = try experiment(timeline, ["federation.rounds=6", "federation.quorum=1"])
    let whole = Diary()
    _ = try simulate(experiment, data: nil, observer: whole)
    for round in 1...5 {
      let checkpoint = try #require(whole.checkpoint(after: round))
      let rest = Diary()
      _ = try simulate(experiment, data: nil, observer: rest, resuming: checkpoint)
      #expect(rest.rounds == whole.rounds.filter { $0.round > round }, "\(round)")
    }
  }
}

extension Diary {
  func checkpoint(after round: Int) -> Coordinator.Checkpoint? {
    events.compactMap { if case .checkpoint(let state) = $0 { state } else { nil } }
      .last { $0.round == round }
  }

  /// The rounds after which coordinators have gone on.
  fileprivate var resumptions: [Int] {
    events.compactMap { if case .resumed(_, let round) = $0 { round } else { nil } }
  }
}

extension RunEvent {
  /// Whether it says that a cue of this sentence has been acted out.
  fileprivate func isStaged(_ sentence: String) -> Bool { self == .staged(sentence) }
}

extension Coordinator.Checkpoint {
  /// What another program reads of it.
  fileprivate func writtenAndRead(of experiment: Experiment) throws -> Self {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return try Self(bytes[...], of: experiment)
  }
}

extension Deed.Kind {
  var isDisturbance: Bool { if case .disturb = self { true } else { false } }
}

@Suite("The line to a hospital")
struct LineTests {
  private func line(_ deeds: Deed.Kind...) throws -> Line {
    var line = Line(
      of: Experiment(try Scenario.read(smallScenario, file: "small.yaml")), to: "h1")
    for deed in deeds { line.suffer(deed) }
    return line
  }

  private func passages(_ count: Int, on line: Line) -> [[Passage]] {
    var line = line
    return (0..<count).map { _ in line.next(.toHospital) }
  }

  private func disturbance(
    _ kind: DisturbancePlan.Kind, _ probability: Double = 1, delay: Double = 0
  ) -> Deed.Kind {
    .disturb(DisturbancePlan(kind: kind, probability: probability, delay: delay))
  }

  @Test("lets every message pass as it is until something is done, and after it is calm again")
  func calm() throws {
    #expect(try passages(3, on: line()) == [[Passage()], [Passage()], [Passage()]])
    let rough = try line(
      disturbance(.drop), disturbance(.corrupt), .undisturb(.corrupt), .plain(.calm))
    #expect(passages(1, on: rough) == [[Passage()]])
  }

  @Test("lets nothing pass that is cut or dropped, and twice what is duplicated")
  func copies() throws {
    #expect(try passages(1, on: line(.plain(.cut))) == [[]])
    #expect(try passages(1, on: line(disturbance(.drop), disturbance(.duplicate))) == [[]])
    #expect(try passages(1, on: line(disturbance(.duplicate))) == [[Passage(), Passage()]])
    #expect(try passages(1, on: line(.plain(.cut), .plain(.reconnect))) == [[Passage()]])
  }

  @Test("is late by the time given, or by up to it, each copy for itself")
  func delays() throws {
    let late = try passages(1, on: line(disturbance(.delay, delay: 0.5)))[0]
    #expect(late.map(\.delay) == [.seconds(0.5)])
    let copies = try passages(
      200, on: line(disturbance(.duplicate), disturbance(.reorder, delay: 2))
    ).flatMap(\.self)
    #expect(copies.allSatisfy { $0.delay >= .zero && $0.delay < .seconds(2) })
    #expect(Set(copies.map(\.delay)).count == 400)
  }

  @Test("meets each message with its probability, and the same one in the same way every time")
  func probability() throws {
    let line = try line(disturbance(.drop, 0.3))
    let lost = passages(10_000, on: line).count { $0.isEmpty }
    // Four standard deviations of a binomial count.
    #expect(abs(Double(lost) - 3000) < 4 * (10_000 * 0.3 * 0.7).squareRoot())
    #expect(passages(500, on: line) == passages(500, on: line))
  }
}

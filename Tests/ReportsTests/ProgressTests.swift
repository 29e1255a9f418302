import Federation
import Reports
import Scenarios
import Testing

@Suite("Progress")
struct ProgressTests {
  /// What is written while time goes on by `step` with each event.
  private func output(
    _ style: ProgressStyle, _ events: [RunEvent], step: Duration = .seconds(1), width: Int = 100
  ) -> String {
    var text = ""
    var now = Duration.zero
    let progress = Progress(
      style: style, width: { width }, clock: { now }, write: { text += $0 })
    for event in events {
      progress.observe(event)
      now += step
    }
    return text
  }

  private func rounds(_ count: Int) -> [RunEvent] {
    var start = Sample.start
    start.rounds = count
    return [.started(start)] + (1...count).map { .roundClosed(Sample.round($0)) }
  }

  @Test("without a terminal: the start, the first round, about every tenth, the last, and the end")
  func plain() {
    #expect(
      output(.plain, rounds(20) + [.ended(Sample.ending)]) == """
        two wards/north: 2 hospitals train, 1 held out, 20 rounds, seed 7
        round  1/20, 2/2 answered, loss 0.750 → 0.500
        round  2/20, 2/2 answered, loss 0.750 → 0.500, 18 s left
        round  4/20, 2/2 answered, loss 0.750 → 0.500, 16 s left
        round  6/20, 2/2 answered, loss 0.750 → 0.500, 14 s left
        round  8/20, 2/2 answered, loss 0.750 → 0.500, 12 s left
        round 10/20, 2/2 answered, loss 0.750 → 0.500, 10 s left
        round 12/20, 2/2 answered, loss 0.750 → 0.500, 8 s left
        round 14/20, 2/2 answered, loss 0.750 → 0.500, 6 s left
        round 16/20, 2/2 answered, loss 0.750 → 0.500, 4 s left
        round 18/20, 2/2 answered, loss 0.750 → 0.500, 2 s left
        round 20/20, 2/2 answered, loss 0.750 → 0.500, 0 s left
        all rounds are done

        """)
  }

  @Test("however long the run, plain progress stays short")
  func sparse() {
    #expect(output(.plain, rounds(3000)).split(separator: "\n").count <= 13)
  }

  @Test(
    "on a terminal one line is drawn again, and fits its columns", arguments: [30, 60, 100, 200])
  func live(width: Int) {
    let text = output(.live(colour: false), Array(rounds(20).dropFirst(1)), width: width)
    #expect(!text.contains("\n"))
    let drawings = text.split(separator: "\r\u{1B}[K")
    #expect(drawings.count == 20)
    #expect(drawings.allSatisfy { $0.count < width })
    #expect(drawings.last?.hasPrefix("round 20/20") == true)
  }

  @Test("the bar grows with the rounds")
  func bar() {
    let text = output(.live(colour: false), rounds(2))
    let drawings = text.split(separator: "\r\u{1B}[K").dropFirst()
    #expect(
      drawings.first?.hasPrefix("round 1/2  ━━━━━━━━━━━━━━━───────────────  2/2 answered") == true)
    #expect(
      drawings.last?.hasPrefix("round 2/2  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  2/2 answered") == true)
  }

  @Test("colour is used where it is allowed only")
  func colour() {
    #expect(output(.live(colour: true), rounds(2)).contains("\u{1B}[36m"))
    #expect(!output(.live(colour: false), rounds(2)).contains("\u{1B}[36m"))
  }

  @Test("fast rounds do not redraw faster than an eye can follow")
  func throttled() {
    let text = output(.live(colour: false), rounds(200), step: .milliseconds(1))
    #expect(text.split(separator: "\r\u{1B}[K").count <= 1 + 200 / 50 + 1)
  }

  @Test("a hospital that is lost or back is announced, above the live line")
  func presence() {
    let events: [RunEvent] = [
      .roundClosed(Sample.round(1)),
      .presence(Presence(hospital: "south", change: .lost, round: 2)),
      .presence(Presence(hospital: "south", change: .returned, round: 4)),
    ]
    #expect(
      output(.plain, events).hasSuffix(
        """
        round 2: south is lost; rounds go on without waiting for it
        round 4: south is back

        """))
    let live = output(.live(colour: false), events)
    #expect(live.contains("\r\u{1B}[Kround 4: south is back\nround 1/1"))
  }

  @Test("announcements do not flood the terminal")
  func flood() {
    let text = output(.plain, Array(repeating: .ignored("noise"), count: 1000))
    #expect(text.split(separator: "\n").count == Progress.announcementLimit)
    #expect(text.hasSuffix("more comings and goings are in events.log\n"))
  }

  @Test("a round below the quorum is announced")
  func quorum() {
    let round = Sample.round(2, answered: ["north"], missing: ["south"], updated: false)
    #expect(
      output(.plain, [.roundClosed(round)]).contains("round 2: 1 of 2 answered; nothing updated\n"))
  }

  @Test("round 0 tells of the features, and is not called a failure")
  func measuring() {
    let round = Sample.round(0, before: nil, after: nil, updated: false)
    #expect(
      output(.plain, [.started(Sample.start), .roundClosed(round)])
        .hasSuffix("seed 7\n2 of 2 hospitals have described their features\n"))
  }

  @Test("hospitals that join are counted, and said to be complete once")
  func assembly() {
    let joined = ["north", "south", "new"].map {
      RunEvent.presence(Presence(hospital: $0, change: .joined, round: 0))
    }
    let text = output(.plain, [.started(Sample.start)] + joined)
    #expect(text.split(separator: "\n").dropFirst() == ["3 of 3 hospitals are here"])
    #expect(
      output(.live(colour: false), [.started(Sample.start)] + joined).contains("2 of 3 hospitals"))
  }

  @Test("to a coordinator that is started again they come once more, unless all were here")
  func restarted() {
    let joined = ["north", "south", "new"].map {
      RunEvent.presence(Presence(hospital: $0, change: .joined, round: 0))
    }
    let again = RunEvent.resumed(Sample.start, after: 0)
    let text = output(
      .plain, [.started(Sample.start)] + joined.prefix(2) + [again] + joined + [again] + joined)
    #expect(
      text.split(separator: "\n").filter { $0.hasSuffix("here") } == ["3 of 3 hospitals are here"])
  }

  @Test(
    "times are given in the two units that matter",
    arguments: [
      (Duration.seconds(1), "19 s left"), (.seconds(20), "6 min 20 s left"),
      (.seconds(600), "3 h 10 min left"),
    ])
  func timeLeft(step: Duration, words: String) {
    var start = Sample.start
    start.rounds = 21
    let text = output(
      .plain,
      [
        .started(start), .roundClosed(Sample.round(1)),
        .roundClosed(Sample.round(2, updated: false)),
      ],
      step: step)
    #expect(!text.contains(words))
    let longer = output(
      .live(colour: false), [.started(start)] + (1...2).map { .roundClosed(Sample.round($0)) },
      step: step)
    #expect(longer.hasSuffix(words))
  }

  @Test("one of a thing is not several")
  func singular() {
    var start = Sample.start
    (start.training, start.heldOut, start.rounds) = (["north"], [], 1)
    let round = Sample.round(0, answered: ["north"], before: nil, after: nil, updated: false)
    var evaluation = Sample.evaluation([Sample.hospital("north", losses: [0.5])])
    evaluation.round = 1
    let joined = Presence(hospital: "north", change: .joined, round: 0)
    #expect(
      output(
        .plain,
        [.started(start), .presence(joined), .roundClosed(round), .evaluated(evaluation)]) == """
          two wards/north: 1 hospital trains, none is held out, 1 round, seed 7
          1 of 1 hospital is here
          1 of 1 hospital has described their features
          evaluated after round 1: 1 hospital judged

          """)
  }

  @Test("a run that did not finish says why at its very end, not here")
  func unfinished() {
    let ending = Ending(outcome: .quorumLost, round: 1, parameters: [], reason: "nobody came")
    #expect(!output(.plain, [.started(Sample.start), .ended(ending)]).contains("nobody came"))
    let live = output(.live(colour: false), [.roundClosed(Sample.round(1)), .ended(ending)])
    #expect(live.hasSuffix("\r\u{1B}[K"))
  }

  @Test("silent progress writes nothing")
  func silent() {
    #expect(output(.silent, Sample.events).isEmpty)
  }
}

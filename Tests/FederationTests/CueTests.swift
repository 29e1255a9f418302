import Federation
import Scenarios
import Testing
import Transports

@Suite("The coordinator and its cues")
struct CueTests {
  private func rehearsal(_ timeline: String) throws -> Rehearsal {
    try Rehearsal(smallScenario + "\ntimeline: [\(timeline)]\n")
  }

  /// Round 1 is over, and what comes before round 2 is under way.
  private func afterRoundOne(_ timeline: String) throws -> Rehearsal {
    var rehearsal = try rehearsal(timeline)
    rehearsal.assemble()
    for number in [1, 2, 3] { rehearsal.answer(number, round: 1) }
    return rehearsal
  }

  private func rounds(askedOf number: Int, in rehearsal: Rehearsal) -> [Int] {
    rehearsal.assignments(to: node(number)).map(\.round)
  }

  @Test("a round with acts is put to nobody before they have been acted out")
  func waits() throws {
    var rehearsal = try afterRoundOne("{ round: 2, kill: h3 }")
    #expect(rehearsal.cues.map(\.deeds) == [[Deed(hospital: "h3", kind: .plain(.kill))]])
    #expect(rounds(askedOf: 1, in: rehearsal) == [1])
    rehearsal.tell(.cued(0, acted: true))
    for number in 1...3 { #expect(rounds(askedOf: number, in: rehearsal) == [1, 2]) }
  }

  @Test(
    "a hospital that was killed is missed at the deadline of the round and not waited for again")
  func killed() throws {
    var rehearsal = try afterRoundOne("{ round: 2, kill: h3 }")
    rehearsal.tell(.cued(0, acted: true))
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.count == 1)
    rehearsal.passDeadline()
    for number in [1, 2] { rehearsal.answer(number, round: 3) }
    #expect(rehearsal.rounds.map(\.missing) == [[], ["h3"], ["h3"]])
  }

  @Test(
    "who returns is heard of before the round begins, by a hello or a late answer",
    arguments: [false, true])
  func returns(byAnswer: Bool) throws {
    var rehearsal = try afterRoundOne("{ round: 2, pause: h3 }, { round: 3, resume: h3 }")
    rehearsal.tell(.cued(0, acted: true))
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    rehearsal.passDeadline()
    rehearsal.tell(.cued(1, acted: true))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2])
    rehearsal.hello("h1", from: node(1))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2])
    if byAnswer { rehearsal.answer(3, round: 2) } else { rehearsal.hello("h3", from: node(3)) }
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2, 3])
    #expect(rounds(askedOf: 3, in: rehearsal) == [1, 2, 3])
  }

  @Test("who was heard of before the word came that all is done need not be heard of again")
  func early() throws {
    var rehearsal = try afterRoundOne("{ round: 2, cut: h3 }, { round: 2, reconnect: h3 }")
    rehearsal.hello("h3", from: node(3))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1])
    rehearsal.tell(.cued(0, acted: true))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2])
  }

  @Test("a round is not held longer than an assembly, and it is said why it begins")
  func held() throws {
    var rehearsal = try afterRoundOne("{ round: 2, kill: h3 }, { round: 2, start: h3 }")
    rehearsal.tell(.cued(0, acted: true))
    let before = rehearsal.now
    rehearsal.passDeadline()
    #expect(rehearsal.now - before == .seconds(20))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2])
    #expect(rehearsal.staged.last?.contains("nothing was heard of h3") == true)
  }

  @Test("a cue that nobody acts out holds nothing up")
  func unacted() throws {
    var rehearsal = try afterRoundOne("{ round: 2, kill: h3 }, { round: 2, start: h3 }")
    rehearsal.tell(.cued(0, acted: false))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1, 2])
    #expect(rehearsal.staged.last?.contains("nobody acts it out") == true)
    // Not even where nobody says anything at all.
    var silent = try afterRoundOne("{ round: 2, kill: h3 }")
    silent.passDeadline()
    #expect(rounds(askedOf: 1, in: silent) == [1, 2])
  }

  @Test(
    "a hospital that leaves has said farewell before the round begins, which then waits for nobody")
  func leaves() throws {
    var rehearsal = try afterRoundOne("{ round: 2, leave: h3 }")
    rehearsal.tell(.cued(0, acted: true))
    #expect(rounds(askedOf: 1, in: rehearsal) == [1])
    let farewell = Farewell(code: .interrupted, reason: "it leaves")
    rehearsal.tell(.arrived(.farewell(farewell), from: node(3)))
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.missing) == [[], ["h3"]])
  }

  @Test("a hospital that joins later is not waited for at the start")
  func joins() throws {
    var rehearsal = try rehearsal("{ round: 2, join: h3 }")
    for number in [1, 2, 4] { rehearsal.hello("h\(number)", from: node(number)) }
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.map(\.missing) == [["h3"]])
    rehearsal.tell(.cued(0, acted: true))
    rehearsal.hello("h3", from: node(3))
    for number in 1...3 { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.missing) == [["h3"], []])
  }

  @Test("a cue that restarts the coordinator says so, and is given again by the one that goes on")
  func restart() throws {
    var rehearsal = try afterRoundOne("{ round: 2, restart: coordinator }, { round: 2, kill: h3 }")
    #expect(rehearsal.cues.map(\.restartsCoordinator) == [true])
    try rehearsal.restart()
    rehearsal.assemble()
    #expect(rehearsal.cues.count == 2)
    rehearsal.tell(.cued(0, acted: true))
    for number in [1, 2, 3] { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.round) == [1, 2])
  }

  @Test("cues that go by time are given when they are due, whatever goes on")
  func timed() throws {
    var rehearsal = try rehearsal("{ at: 3s, kill: h1 }, { at: 1s, pause: h2 }")
    rehearsal.assemble()
    #expect(rehearsal.coordinator.deadline == .zero + .seconds(1))
    rehearsal.passDeadline()
    #expect(rehearsal.cues.map(\.deeds[0].hospital) == ["h2"])
    rehearsal.passDeadline()
    #expect(rehearsal.cues.map(\.deeds[0].hospital) == ["h2", "h1"])
    #expect(rehearsal.rounds.isEmpty)
    #expect(rehearsal.coordinator.deadline == .zero + .seconds(10))
  }
}

extension Rehearsal {
  /// What was said of the timeline.
  fileprivate var staged: [String] {
    events.compactMap { if case .staged(let what) = $0 { what } else { nil } }
  }
}

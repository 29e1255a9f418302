import Federation
import Testing
import Transports

@Suite("A run that goes on from a checkpoint")
struct ResumptionTests {
  /// A run of three rounds, evaluated after the second, whose coordinator dies before the steps
  /// numbered in `deaths`: each step is one answer.
  private func play(dyingBefore deaths: Set<Int> = []) throws -> Rehearsal {
    var rehearsal = try Rehearsal(
      smallScenario.replacing("evaluation: {", with: "evaluation: { every: 2,"))
    rehearsal.assemble()
    var (step, answered, start) = (0, 0, 0)
    while rehearsal.coordinator.ending == nil, step < 200 {
      if deaths.contains(step) {
        (answered, start) = (0, rehearsal.sent.count)
        try rehearsal.restart()
        rehearsal.assemble()
      }
      let asked = rehearsal.sent[start...].flatMap(\.message.jobs)
      let job = try #require(asked.dropFirst(answered).first)
      rehearsal.answer(job.hospital, round: job.turn.round, phase: job.turn.phase)
      answered += 1
      step += 1
    }
    return rehearsal
  }

  private func committed(in rehearsal: Rehearsal) -> [RunEvent] {
    rehearsal.events.filter(\.isCommitted)
  }

  @Test("reports every line once, whenever its coordinator dies")
  func once() throws {
    let undisturbed = try committed(in: play())
    #expect(undisturbed.count == 8)
    for step in 0..<17 {
      #expect(try committed(in: play(dyingBefore: [step])) == undisturbed, "step \(step)")
    }
    for pace in 4...7 {
      let deaths = Set(stride(from: 1, to: 200, by: pace))
      #expect(try committed(in: play(dyingBefore: deaths)) == undisturbed, "every \(pace)")
    }
  }

  @Test("keeps the identity of the run, so that an answer to the open question still counts")
  func identity() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    rehearsal.answer(1, round: 1)
    try rehearsal.restart()
    rehearsal.assemble()
    // Nobody has worked on what the second coordinator asked: these answers are to the first.
    for number in 1...3 { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"]])
  }

  @Test("waits for hospitals that are at work on the round that was open")
  func patience() throws {
    var rehearsal = try Rehearsal()
    let begun = try #require(rehearsal.coordinator.deadline)
    try rehearsal.restart()
    let resumed = try #require(rehearsal.coordinator.deadline)
    #expect(resumed - begun == .seconds(10))
  }

  @Test("a round that lacked its quorum is asked for again, and one that had it is not")
  func quorum() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for number in 1...3 { rehearsal.answer(number, round: 1) }
    rehearsal.answer(1, round: 2)
    rehearsal.passDeadline()
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.checkpoints.last?.round == 1)
    try rehearsal.restart()
    rehearsal.assemble()
    #expect(rehearsal.assignments(to: node(2)).map(\.round) == [1, 2, 2])
  }

  @Test("learning that had diverged is not gone on with")
  func diverged() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    var checkpoint = try #require(rehearsal.checkpoints.last)
    checkpoint.parameters[0] = .nan
    rehearsal.coordinator = Coordinator(rehearsal.experiment, resuming: checkpoint)
    rehearsal.tell(.opened)
    rehearsal.assemble()
    #expect(rehearsal.coordinator.ending?.outcome == .diverged)
  }
}

extension RunEvent {
  /// Whether the journal has a line for it.
  var isCommitted: Bool {
    switch self {
    case .started, .roundClosed, .evaluated, .ended: true
    case .resumed, .checkpoint, .presence, .ignored, .staged: false
    }
  }
}

extension Message {
  /// The work that it asks for: the hospital's number, and the turn.
  fileprivate var jobs: [(hospital: Int, turn: Turn)] {
    guard case .assignment(let assignment) = self else { return [] }
    return assignment.hospitals.compactMap { name in
      Int(name.dropFirst()).map { ($0, assignment.turn) }
    }
  }
}

import Federation
import Testing
import Transports

@Suite("The coordinator")
struct CoordinatorTests {
  @Test("asks nobody before all have come, and then only those that train")
  func assembly() throws {
    var rehearsal = try Rehearsal()
    for number in [1, 2, 4] { rehearsal.hello("h\(number)", from: node(number)) }
    #expect(rehearsal.assignments(to: node(1)).isEmpty)
    rehearsal.hello("h3", from: node(3))
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [1])
    #expect(rehearsal.assignments(to: node(4)).isEmpty)
  }

  @Test("goes on without a hospital that never comes, and says so in every round")
  func absentee() throws {
    var rehearsal = try Rehearsal()
    for number in [1, 2, 4] { rehearsal.hello("h\(number)", from: node(number)) }
    rehearsal.passDeadline()
    for round in 1...3 {
      for number in [1, 2] { rehearsal.answer(number, round: round) }
    }
    #expect(rehearsal.rounds.map(\.answered) == Array(repeating: ["h1", "h2"], count: 3))
    #expect(rehearsal.rounds.map(\.missing) == Array(repeating: ["h3"], count: 3))
  }

  @Test("ends with the names of who is missing when the quorum never comes")
  func noQuorum() throws {
    var rehearsal = try Rehearsal()
    rehearsal.hello("h1", from: node(1))
    rehearsal.passDeadline()
    let ending = try #require(rehearsal.coordinator.ending)
    #expect(ending.outcome == .quorumLost)
    #expect(ending.reason.contains("h2, h3"))
    #expect(ending.reason.contains("federation.quorum"))
  }

  @Test("gives a hospital up at the deadline, does not wait for it again, and takes it back")
  func lostAndReturned() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.isEmpty)
    rehearsal.passDeadline()
    #expect(rehearsal.rounds.map(\.missing) == [["h3"]])
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.missing) == [["h3"], ["h3"]])
    rehearsal.hello("h3", from: node(33))
    #expect(rehearsal.assignments(to: node(33)).map(\.round) == [3])
    let changes = rehearsal.presences.filter { $0.hospital == "h3" }.map(\.change)
    #expect(changes == [.joined, .lost, .returned])
  }

  @Test("asks a node again that was started again within the round")
  func takeover() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    rehearsal.hello("h3", from: node(33))
    #expect(rehearsal.assignments(to: node(33)).map(\.round) == [1])
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    let answer = rehearsal.contribution(3, round: 1)
    rehearsal.tell(.arrived(.answer(answer), from: node(33)))
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"]])
  }

  @Test("asks a node once more when it says hello without having answered")
  func lostAssignment() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    rehearsal.hello("h1", from: node(1))
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [1, 1])
    rehearsal.answer(1, round: 1)
    rehearsal.hello("h1", from: node(1))
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [1, 1])
  }

  @Test("puts the hospitals of one node into one assignment")
  func sharedNode() throws {
    var rehearsal = try Rehearsal()
    rehearsal.hello("h1", "h2", "h3", "h4", from: node(9))
    let assignments = rehearsal.assignments(to: node(9))
    #expect(assignments.map(\.hospitals) == [["h1", "h2", "h3"]])
  }

  @Test("counts an answer once, however often it comes")
  func duplicates() throws {
    let once = try sha256(ofRoundAnsweredBy: [1, 2, 3])
    #expect(try sha256(ofRoundAnsweredBy: [1, 1, 2, 1, 2, 3]) == once)
  }

  @Test("ends a round with the same bits whatever the order of arrival")
  func order() throws {
    let reference = try sha256(ofRoundAnsweredBy: [1, 2, 3])
    for order in [[1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
      #expect(try sha256(ofRoundAnsweredBy: order) == reference)
    }
  }

  private func sha256(ofRoundAnsweredBy numbers: [Int]) throws -> String {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for number in numbers { rehearsal.answer(number, round: 1) }
    return try #require(rehearsal.rounds.first).sha256
  }

  @Test("does not count an answer of another run, of another round, or of a stranger")
  func foreignAnswers() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    let foreign = rehearsal.contribution(3, round: 1, run: Array(repeating: 1, count: 16))
    rehearsal.tell(.arrived(.answer(foreign), from: node(3)))
    rehearsal.answer(3, round: 2)
    rehearsal.tell(.arrived(.answer(rehearsal.contribution(3, round: 1)), from: node(66)))
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.isEmpty)
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"]])
  }

  @Test("takes a hospital back when its late answer comes")
  func lateAnswer() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.passDeadline()
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1, 2])
  }

  @Test("treats an answer of the wrong shape or with numbers that are not finite as declined")
  func unfitAnswers() throws {
    for scale in [Float.nan, .infinity] {
      var rehearsal = try Rehearsal()
      rehearsal.assemble()
      for number in [1, 2] { rehearsal.answer(number, round: 1) }
      let answer = rehearsal.contribution(3, round: 1, scale: scale)
      rehearsal.tell(.arrived(.answer(answer), from: node(3)))
      #expect(rehearsal.rounds.first?.answered == ["h1", "h2"])
      #expect(rehearsal.rounds.first?.declined.map(\.hospital) == ["h3"])
    }
  }

  @Test("ends at once when so many decline that the quorum cannot be reached")
  func declined() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    rehearsal.answer(1, round: 1)
    for number in [2, 3] {
      let turn = Turn(run: Rehearsal.run, phase: .learn, round: 1)
      let answer = Answer(turn: turn, hospital: "h\(number)", outcome: .declined(reason: "too few"))
      rehearsal.tell(.arrived(.answer(answer), from: node(number)))
    }
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.coordinator.ending?.reason.contains("h2 declined: too few") == true)
  }

  @Test("refuses a node that has read another scenario, or that speaks for a hospital it has not")
  func refusals() throws {
    var rehearsal = try Rehearsal()
    let foreign = Hello(
      version: protocolVersion, scenario: Array(repeating: 0, count: 32), hospitals: ["h1"])
    rehearsal.tell(.arrived(.hello(foreign), from: node(1)))
    rehearsal.hello("h5", from: node(2))
    rehearsal.hello(from: node(3))
    let codes = rehearsal.sent.compactMap {
      if case .refused(let refusal) = $0.message { refusal.code } else { nil }
    }
    #expect(codes == [.scenario, .unknownHospital, .noHospitals])
    #expect(rehearsal.presences.isEmpty)
  }

  @Test("answers a foreign version with a refusal and stays where it is")
  func foreignVersion() throws {
    var rehearsal = try Rehearsal()
    rehearsal.tell(.malformed(.foreignVersion(9), from: node(5)))
    rehearsal.tell(.malformed(.unreadableEnvelope, from: node(6)))
    #expect(rehearsal.sent.count == 1)
    guard case .refused(let refusal) = rehearsal.sent.first?.message else {
      Issue.record("the foreign version was not refused")
      return
    }
    #expect(refusal.code == .version)
    #expect(rehearsal.coordinator.ending == nil)
  }

  @Test("reports noise from outside ten times and then ever more rarely")
  func noise() throws {
    var rehearsal = try Rehearsal()
    for _ in 0..<1000 { rehearsal.tell(.malformed(.unreadableEnvelope, from: node(6))) }
    let reports = rehearsal.events.filter { if case .ignored = $0 { true } else { false } }
    #expect(reports.count == 12)
  }

  @Test("ends an interrupted run with what was learnt, and tells every node")
  func interruption() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for number in 1...3 { rehearsal.answer(number, round: 1) }
    rehearsal.tell(.interrupted)
    let ending = try #require(rehearsal.coordinator.ending)
    #expect(ending.outcome == .interrupted)
    #expect(ending.parameters != rehearsal.experiment.initialParameters())
    // Round 2 was under way: it is not among those that count.
    #expect(ending.round == 1)
    let farewells = rehearsal.sent.filter { if case .farewell = $0.message { true } else { false } }
    #expect(Set(farewells.map(\.peer)) == Set((1...4).map { node($0) }))
  }

  @Test("takes the answer of either of two nodes that speak for one hospital")
  func twoClaimants() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for _ in 0..<5 {
      rehearsal.hello("h3", from: node(33))
      rehearsal.hello("h3", from: node(3))
    }
    rehearsal.hello("h3", from: node(33))
    for number in 1...3 { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"]])
    let changes = rehearsal.presences.filter { $0.hospital == "h3" }.map(\.change)
    #expect(changes == [.joined, .returned])
    // The older one has answered, and the next round's work goes to the one that said hello last.
    #expect(rehearsal.assignments(to: node(3)).last?.round == 1)
    #expect(rehearsal.assignments(to: node(33)).last?.round == 2)
  }

  @Test("does not call an end a success at which no hospital could be judged")
  func nobodyJudged() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for round in 1...3 { for number in 1...3 { rehearsal.answer(number, round: round) } }
    for number in 1...4 {
      let turn = Turn(run: Rehearsal.run, phase: .evaluate, round: 3)
      let answer = Answer(turn: turn, hospital: "h\(number)", outcome: .declined(reason: "too few"))
      rehearsal.tell(.arrived(.answer(answer), from: node(number)))
    }
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.coordinator.ending?.reason.contains("no hospital could be judged") == true)
  }

  @Test("declines a description that no patients can have, and goes on with the others")
  func implausibleDescription() throws {
    let yaml = smallScenario.replacing("standardise: none", with: "standardise: across-hospitals")
    var rehearsal = try Rehearsal(yaml)
    rehearsal.assemble()
    for (number, square) in [(1, 40.0), (2, 40.0), (3, -40.0)] {
      let tensors = [
        tensor("feature-count", doubles: Array(repeating: 10, count: 4)),
        tensor("feature-sum", doubles: Array(repeating: 5, count: 4)),
        tensor("feature-square-sum", doubles: Array(repeating: square, count: 4)),
      ]
      let turn = Turn(run: Rehearsal.run, phase: .describe, round: 0)
      let answer = Answer(
        turn: turn, hospital: "h\(number)", outcome: .contribution(episodes: 1, tensors: tensors))
      rehearsal.tell(.arrived(.answer(answer), from: node(number)))
    }
    let start = try #require(rehearsal.starts.first)
    #expect(start.answered == ["h1", "h2"])
    #expect(start.declined.map(\.hospital) == ["h3"])
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [0, 1])
  }

  @Test(
    "waits in an evaluation as long as answers come, and no longer than the deadline after the last"
  )
  func slowEvaluation() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for round in 1...3 { for number in 1...3 { rehearsal.answer(number, round: round) } }
    let wait = try #require(rehearsal.coordinator.deadline) - rehearsal.now
    for number in 1...3 {
      rehearsal.now = try #require(rehearsal.coordinator.deadline) + .nanoseconds(-1)
      rehearsal.answer(number, round: 3, phase: .evaluate)
      #expect(rehearsal.coordinator.deadline == rehearsal.now + wait)
    }
    rehearsal.passDeadline()
    let evaluations = rehearsal.events.compactMap {
      if case .evaluated(let evaluation) = $0 { evaluation } else { nil }
    }
    #expect(evaluations.map { $0.hospitals.map(\.hospital) } == [["h1", "h2", "h3"]])
    #expect(evaluations.first?.missing == ["h4"])
  }

  @Test("evaluates all hospitals at the end and finishes")
  func evaluation() throws {
    var rehearsal = try Rehearsal()
    rehearsal.assemble()
    for round in 1...3 { for number in 1...3 { rehearsal.answer(number, round: round) } }
    for number in 1...4 { rehearsal.answer(number, round: 3, phase: .evaluate) }
    let evaluations = rehearsal.events.compactMap {
      if case .evaluated(let evaluation) = $0 { evaluation } else { nil }
    }
    #expect(evaluations.map(\.hospitals.count) == [4])
    #expect(evaluations.first?.hospitals.map(\.heldOut) == [false, false, false, true])
    #expect(rehearsal.coordinator.ending?.outcome == .finished)
  }
}

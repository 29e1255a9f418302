import Federation
import Testing
import Transports

@Suite("Buffered asynchrony")
struct BufferTests {
  private let settings = [
    "cohorts.hospitals=5", "cohorts.held-out=[h5]", "federation.policy=buffered",
    "federation.buffer=2", "federation.quorum=1",
  ]

  /// Four training hospitals, of which all work at a time.
  private func rehearse(_ more: String...) throws -> Rehearsal {
    var rehearsal = try Rehearsal(overrides: settings + more)
    rehearsal.assemble(5)
    return rehearsal
  }

  @Test("updates exactly when the buffer is full, and says how stale its answers were")
  func full() throws {
    var rehearsal = try rehearse()
    for number in 1...4 { #expect(rehearsal.assignments(to: node(number)).map(\.round) == [1]) }
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.rounds.isEmpty)
    rehearsal.answer(1, round: 1)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h3"]])
    #expect(rehearsal.rounds.map(\.staleness) == [.init(mean: 0, greatest: 0)])
    rehearsal.answer(2, round: 1)
    rehearsal.answer(3, round: 2)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h3"], ["h2", "h3"]])
    #expect(rehearsal.rounds.last?.staleness == .init(mean: 0.5, greatest: 1))
    #expect(rehearsal.rounds.last?.episodes == 4)
  }

  @Test("gives a hospital new work as soon as it has answered and there is something new")
  func work() throws {
    var rehearsal = try rehearse()
    rehearsal.answer(3, round: 1)
    // The same meta-parameters would get the same answer.
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1])
    rehearsal.answer(1, round: 1)
    for number in [1, 3] {
      #expect(rehearsal.assignments(to: node(number)).map(\.round) == [1, 2])
    }
    for number in [2, 4] { #expect(rehearsal.assignments(to: node(number)).map(\.round) == [1]) }
    rehearsal.answer(4, round: 1)
    #expect(rehearsal.assignments(to: node(4)).map(\.round) == [1, 2])
  }

  @Test(
    "weighs an answer by its staleness, as by hand",
    arguments: zip([0, 0.5, 1, 2], [1, 0.577_350_269, 0.333_333_333, 0.111_111_111]))
  func weights(exponent: Double, weight: Double) throws {
    var rehearsal = try rehearse("federation.staleness.exponent=\(exponent)", "federation.rounds=9")
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    let before = rehearsal.learnt()
    // The third works on what was the newest two updates ago, the first on the newest.
    rehearsal.answer(3, round: 1)
    rehearsal.answer(1, round: 3)
    #expect(rehearsal.rounds.last?.staleness == .init(mean: 1, greatest: 2))
    let after = rehearsal.learnt()
    for index in before.indices {
      let third = Double(Float(3) / Float(3 + index))
      let first = Double(Float(1) / Float(3 + index))
      let mean = (weight * third + first) / (2 * (1 + weight))
      let step = before[index] - Float(0.1 * mean)
      #expect(abs(after[index] - step) <= 8 * max(step.ulp, (before[index] - step).ulp))
    }
  }

  @Test("drops an answer that is staler than the limit, and gives its hospital new work")
  func limit() throws {
    var rehearsal = try rehearse("federation.staleness.limit=1", "federation.rounds=9")
    for round in 1...2 { for number in [1, 2] { rehearsal.answer(number, round: round) } }
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1, 3])
    for number in [1, 2] { rehearsal.answer(number, round: 3) }
    let late = rehearsal.rounds.map(\.late)
    #expect(
      late == [.init(used: 0, dropped: 0), .init(used: 0, dropped: 0), .init(used: 0, dropped: 1)])
  }

  @Test("a buffer has the same bits whatever the order in which it is filled")
  func order() throws {
    var digests: Set<String> = []
    for order in [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
      var rehearsal = try rehearse("federation.buffer=3", "federation.rounds=9")
      for number in [4, 1, 2] { rehearsal.answer(number, round: 1) }
      // The third is stale by one, the others are not.
      for number in order { rehearsal.answer(number, round: number == 3 ? 1 : 2) }
      let record = try #require(rehearsal.rounds.last)
      #expect(record.round == 2)
      digests.insert(record.sha256)
    }
    #expect(digests.count == 1)
  }

  @Test("counts an answer once, however often it comes")
  func duplicates() throws {
    var rehearsal = try rehearse()
    for _ in 0..<3 { rehearsal.answer(3, round: 1) }
    #expect(rehearsal.rounds.isEmpty)
    for _ in 0..<3 { rehearsal.answer(1, round: 1) }
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h3"]])
  }

  @Test("has no more hospitals at work than the scenario says")
  func concurrency() throws {
    var rehearsal = try rehearse("federation.concurrency=2")
    func working() -> [Int] {
      (1...4).filter { !rehearsal.assignments(to: node($0)).isEmpty }
    }
    let first = working()
    #expect(first.count == 2)
    rehearsal.answer(first[0], round: 1)
    let second = working()
    #expect(second.count == 3)
    rehearsal.answer(first[1], round: 1)
    #expect(rehearsal.rounds.count == 1)
    let asked = (1...4).map { rehearsal.assignments(to: node($0)).count }.reduce(0, +)
    #expect(asked == 4)
  }

  @Test("asks again for what got lost: for the newest meta-parameters, and with no more time")
  func lostWork() throws {
    var rehearsal = try rehearse()
    rehearsal.hello("h3", from: node(3))
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1, 1])
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.hello("h3", from: node(33))
    #expect(rehearsal.assignments(to: node(33)).map(\.round) == [2])
    // What was given up is answered all the same, and counts for nothing.
    rehearsal.answer(3, round: 1)
    rehearsal.answer(1, round: 2)
    #expect(rehearsal.rounds.count == 1)
    #expect(rehearsal.coordinator.deadline == .zero + .seconds(10))
  }

  @Test("loses a hospital that lets its deadline pass, and goes on without it")
  func lost() throws {
    var rehearsal = try rehearse("federation.rounds=9")
    rehearsal.now = .zero + .seconds(4)
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.now = .zero + .seconds(8)
    rehearsal.answer(1, round: 2)
    #expect(rehearsal.coordinator.deadline == .zero + .seconds(10))
    rehearsal.passDeadline()
    let lost = rehearsal.presences.filter { $0.change == .lost }.map(\.hospital)
    #expect(lost == ["h3", "h4"])
    rehearsal.answer(2, round: 2)
    #expect(rehearsal.rounds.map(\.missing) == [[], ["h3", "h4"]])
  }

  @Test("an answer that comes after its hospital was lost is late, and used or dropped")
  func late() throws {
    for (late, expected) in [
      ("use", RoundRecord.Late(used: 1, dropped: 0)), ("drop", .init(used: 0, dropped: 1)),
    ] {
      var rehearsal = try rehearse("federation.late=\(late)", "federation.rounds=9")
      rehearsal.now = .zero + .seconds(4)
      for number in [1, 2] { rehearsal.answer(number, round: 1) }
      rehearsal.now = .zero + .seconds(8)
      rehearsal.answer(1, round: 2)
      rehearsal.passDeadline()
      rehearsal.answer(3, round: 1)
      if late == "drop" { rehearsal.answer(2, round: 2) }
      #expect(rehearsal.rounds.last?.round == 2)
      #expect(rehearsal.rounds.last?.late == expected)
      #expect(rehearsal.assignments(to: node(3)).last?.round == (late == "use" ? 3 : 2))
    }
  }

  @Test("closes a buffer that nobody who is here could add to, if it holds the quorum")
  func starved() throws {
    var rehearsal = try Rehearsal(overrides: settings + ["federation.buffer=4"])
    for number in [1, 2, 5] { rehearsal.hello("h\(number)", from: node(number)) }
    rehearsal.passDeadline()
    rehearsal.answer(1, round: 1)
    #expect(rehearsal.rounds.isEmpty)
    rehearsal.answer(2, round: 1)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2"]])
  }

  @Test("ends when nothing comes for the length of a deadline and the quorum is lacking")
  func nobody() throws {
    var rehearsal = try rehearse("federation.quorum=2")
    rehearsal.now = .zero + .seconds(4)
    rehearsal.answer(1, round: 1)
    rehearsal.passDeadline()
    #expect(rehearsal.coordinator.ending == nil)
    rehearsal.passDeadline()
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.coordinator.ending?.reason.contains("h2, h3, h4") == true)
    #expect(rehearsal.rounds.map(\.updated) == [false])
  }

  @Test("a node that says hello for ever and never answers does not hold the run up")
  func hollow() throws {
    var rehearsal = try rehearse()
    for _ in 0..<40 where rehearsal.coordinator.ending == nil {
      rehearsal.now = rehearsal.now + .seconds(1)
      rehearsal.hello("h1", from: node(1))
      if let deadline = rehearsal.coordinator.deadline, deadline <= rehearsal.now {
        rehearsal.tell(.deadlinePassed)
      }
    }
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
  }

  @Test("ends at once when all decline")
  func declined() throws {
    var rehearsal = try rehearse()
    for number in 1...4 { rehearsal.decline(number, round: 1) }
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.coordinator.ending?.reason.contains("h1 declined: too few") == true)
  }

  @Test("calls it divergence when numbers that are not finite cost the quorum")
  func diverged() throws {
    var rehearsal = try rehearse()
    for number in 1...4 {
      let answer = rehearsal.contribution(number, round: 1, scale: .nan)
      rehearsal.tell(.arrived(.answer(answer), from: node(number)))
    }
    #expect(rehearsal.coordinator.ending?.outcome == .diverged)
  }

  @Test("judges between rounds, folds in what comes meanwhile, and then gives out work again")
  func evaluation() throws {
    var rehearsal = try rehearse("evaluation.every=1", "federation.rounds=2")
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.rounds.count == 1)
    for number in 1...5 { rehearsal.answer(number, round: 1, phase: .evaluate) }
    for number in 1...4 { #expect(rehearsal.assignments(to: node(number)).last?.round == 2) }
    rehearsal.answer(4, round: 2)
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2"], ["h3", "h4"]])
    for number in 1...5 { rehearsal.answer(number, round: 2, phase: .evaluate) }
    #expect(rehearsal.coordinator.ending?.outcome == .finished)
  }

  @Test("a node of several hospitals learns for one on newer meta-parameters than for another")
  func sharedNode() {
    var node = HospitalNode(hospitals: ["h1", "h2", "h3"], scenario: [1], learnsApart: true)
    func assign(_ hospitals: [String], _ phase: Phase, round: Int) {
      let turn = Turn(run: [], phase: phase, round: round)
      _ = node.handle(
        .arrived(.assignment(Assignment(turn: turn, hospitals: hospitals, tensors: []))), at: .zero)
    }
    func work() -> [String] {
      var work: [String] = []
      while let job = node.nextJob() {
        work.append("\(job.hospital)@\(job.turn.round)")
        let answer = Answer(turn: job.turn, hospital: job.hospital, outcome: .declined(reason: ""))
        _ = node.handle(.performed(answer), at: .zero)
      }
      return work
    }
    assign(["h1", "h2"], .learn, round: 1)
    assign(["h1", "h3"], .learn, round: 2)
    #expect(work() == ["h2@1", "h1@2", "h3@2"])
    assign(["h1", "h2"], .learn, round: 3)
    assign(["h3"], .evaluate, round: 3)
    #expect(work() == ["h3@3"])
  }
}

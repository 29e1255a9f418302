import Federation
import Testing
import Transports

@Suite("Late answers")
struct LateAnswerTests {
  /// A round in which the third hospital let the deadline pass, and which is followed by another.
  private func rehearse(_ settings: String...) throws -> Rehearsal {
    var rehearsal = try Rehearsal(overrides: settings)
    rehearsal.assemble()
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.passDeadline()
    return rehearsal
  }

  @Test("are not spoken of where the scenario does not")
  func unspoken() throws {
    var rehearsal = try rehearse()
    rehearsal.answer(3, round: 1)
    for number in 1...3 { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.late) == [nil, nil])
  }

  @Test("are dropped and counted where the scenario says so, and change no bit")
  func dropped() throws {
    var rehearsal = try rehearse("federation.late=drop")
    for _ in 0..<3 { rehearsal.answer(3, round: 1) }
    for number in 1...3 { rehearsal.answer(number, round: 2) }
    #expect(
      rehearsal.rounds.map(\.late) == [.init(used: 0, dropped: 0), .init(used: 0, dropped: 1)])
    var silent = try rehearse("federation.late=drop")
    silent.hello("h3", from: node(3))
    for number in 1...3 { silent.answer(number, round: 2) }
    #expect(rehearsal.rounds.map(\.sha256) == silent.rounds.map(\.sha256))
  }

  @Test("are folded into the round under way with the weight of their staleness")
  func used() throws {
    let settings = ["federation.late=use", "federation.staleness.exponent=1"]
    var rehearsal = try Rehearsal(overrides: settings)
    rehearsal.assemble()
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.passDeadline()
    let before = rehearsal.learnt()
    for _ in 0..<2 { rehearsal.answer(3, round: 1) }
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    #expect(rehearsal.rounds.count == 1)
    rehearsal.answer(3, round: 2)
    let record = try #require(rehearsal.rounds.last)
    #expect(record.late == .init(used: 1, dropped: 0))
    #expect(record.answered == ["h1", "h2", "h3"])
    #expect(record.episodes == 8)
    // Plain descent with rate 0.1 along (1 + 2 + 3 + 3/2) / (2 · 3.5) of a vector of 1 / (3 + i).
    let after = rehearsal.learnt()
    for index in before.indices {
      let weighted = [1, 2, 3, 1.5].map { Double(Float($0) / Float(3 + index)) }.reduce(0, +)
      let step = Float(before[index]) - Float(0.1 * weighted / 7)
      #expect(abs(after[index] - step) <= 4 * max(step.ulp, before[index].ulp))
    }
  }

  @Test("do not make up the quorum of the round that they are folded into")
  func quorum() throws {
    var rehearsal = try rehearse("federation.late=use")
    rehearsal.answer(3, round: 1)
    rehearsal.answer(1, round: 2)
    rehearsal.passDeadline()
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
    #expect(rehearsal.rounds.last?.late == .init(used: 1, dropped: 0))
  }

  @Test("are dropped beyond the limit, and when one to a later round has come before")
  func tooLate() throws {
    var rehearsal = try rehearse(
      "federation.late=use", "federation.staleness.limit=1", "federation.rounds=5")
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    rehearsal.answer(3, round: 1)
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1, 3])
    for number in 1...3 { rehearsal.answer(number, round: 3) }
    let late = rehearsal.rounds.map(\.late)
    #expect(late.last == .init(used: 0, dropped: 1))
    rehearsal.answer(3, round: 1)
    for number in 1...3 { rehearsal.answer(number, round: 4) }
    #expect(rehearsal.rounds.last?.late == .init(used: 0, dropped: 0))
  }

  @Test("of a hospital that was never asked in their round count for nothing")
  func unasked() throws {
    var rehearsal = try Rehearsal(overrides: [
      "cohorts.hospitals=5", "cohorts.held-out=[h5]", "federation.participation=0.5",
      "federation.late=use",
    ])
    rehearsal.assemble(5)
    let invited = (1...4).filter { !rehearsal.assignments(to: node($0)).isEmpty }
    #expect(invited.count == 2)
    for number in invited { rehearsal.answer(number, round: 1) }
    for number in 1...4 where !invited.contains(number) { rehearsal.answer(number, round: 1) }
    for number in (1...4) { rehearsal.answer(number, round: 2) }
    #expect(
      rehearsal.rounds.map(\.late) == [.init(used: 0, dropped: 0), .init(used: 0, dropped: 0)])
  }

  @Test("that come in any order give the same bits")
  func order() throws {
    var digests: Set<String> = []
    for order in [[2, 3], [3, 2]] {
      var rehearsal = try Rehearsal(overrides: [
        "cohorts.hospitals=5", "cohorts.held-out=[h5]", "federation.late=use",
      ])
      rehearsal.assemble(5)
      for number in [1, 4] { rehearsal.answer(number, round: 1) }
      rehearsal.passDeadline()
      rehearsal.answer(order[0], round: 1)
      rehearsal.answer(4, round: 2)
      rehearsal.answer(order[1], round: 1)
      for number in [1] + order { rehearsal.answer(number, round: 2) }
      let record = try #require(rehearsal.rounds.last)
      #expect(record.late == .init(used: 2, dropped: 0))
      digests.insert(record.sha256)
    }
    #expect(digests.count == 1)
  }
}

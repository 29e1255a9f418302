import Federation
import Testing
import Transports

@Suite("Over-selection")
struct OverSelectionTests {
  /// Four hospitals train, two answers make a round, and all four are invited.
  private let settings = [
    "cohorts.hospitals=5", "cohorts.held-out=[h5]", "federation.participation=0.5",
    "federation.policy=over-selection", "federation.over-selection=2", "federation.quorum=1",
  ]

  private func rehearse(_ more: String...) throws -> Rehearsal {
    var rehearsal = try Rehearsal(overrides: settings + more)
    rehearsal.assemble(5)
    return rehearsal
  }

  @Test("takes exactly the first answers that suffice, whoever they are")
  func first() throws {
    var rehearsal = try rehearse()
    for number in 1...4 {
      #expect(rehearsal.assignments(to: node(number)).map(\.round) == [1])
    }
    rehearsal.answer(4, round: 1)
    #expect(rehearsal.rounds.isEmpty)
    rehearsal.answer(2, round: 1)
    #expect(rehearsal.rounds.map(\.answered) == [["h2", "h4"]])
    #expect(rehearsal.rounds.map(\.missing) == [["h1", "h3"]])
    #expect(rehearsal.rounds.map(\.episodes) == [4])
  }

  @Test("counts the others as late when they come, once each, and drops them")
  func others() throws {
    var rehearsal = try rehearse()
    for number in [4, 2] { rehearsal.answer(number, round: 1) }
    for number in [1, 1, 3, 3, 4] { rehearsal.answer(number, round: 1) }
    for number in [1, 2] { rehearsal.answer(number, round: 2) }
    #expect(
      rehearsal.rounds.map(\.late) == [.init(used: 0, dropped: 0), .init(used: 0, dropped: 2)])
    let undisturbed = try parameters(afterRounds: [[4, 2], [1, 2]])
    #expect(rehearsal.rounds.map(\.sha256) == undisturbed)
  }

  private func parameters(afterRounds rounds: [[Int]]) throws -> [String] {
    var rehearsal = try rehearse()
    for (index, numbers) in rounds.enumerated() {
      for number in numbers { rehearsal.answer(number, round: index + 1) }
    }
    return rehearsal.rounds.map(\.sha256)
  }

  @Test("does not give up hospitals that a round went on without before their deadline")
  func patient() throws {
    var rehearsal = try rehearse()
    for number in [4, 2] { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.presences.allSatisfy { $0.change == .joined })
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [1, 2])
  }

  @Test("gives up a hospital that no round has heard of for the length of a deadline")
  func silent() throws {
    var rehearsal = try rehearse()
    rehearsal.now = .zero + .seconds(6)
    for number in [4, 2] { rehearsal.answer(number, round: 1) }
    rehearsal.now = .zero + .seconds(8)
    rehearsal.answer(1, round: 2)
    rehearsal.now = .zero + .seconds(11)
    rehearsal.answer(4, round: 2)
    let lost = rehearsal.presences.filter { $0.change == .lost }.map(\.hospital)
    #expect(lost == ["h3"])
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [1, 2])
    #expect(rehearsal.assignments(to: node(1)).map(\.round) == [1, 2, 3])
  }

  @Test("goes on with fewer answers than suffice at the deadline, if they are the quorum")
  func deadline() throws {
    var rehearsal = try rehearse()
    rehearsal.answer(3, round: 1)
    rehearsal.passDeadline()
    #expect(rehearsal.rounds.map(\.answered) == [["h3"]])
    #expect(rehearsal.rounds.map(\.updated) == [true])
  }

  @Test("ends when nobody answers")
  func nobody() throws {
    var rehearsal = try rehearse()
    rehearsal.passDeadline()
    #expect(rehearsal.coordinator.ending?.outcome == .quorumLost)
  }
}

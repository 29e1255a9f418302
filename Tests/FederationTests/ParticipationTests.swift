import Federation
import Scenarios
import Testing
import Transports

@Suite("Who is invited")
struct ParticipationTests {
  /// Four training hospitals of 10, 20, 30 and 40 patients, of which so many are invited.
  private func rehearse(invited: Int, rounds: Int, seed: UInt64 = 3) throws -> Rehearsal {
    var rehearsal = try Rehearsal(overrides: [
      "cohorts.hospitals=5", "cohorts.held-out=[h5]", "seed=\(seed)",
      "federation.participation=\(Double(invited) / 4)", "federation.quorum=1",
      "federation.participation-by=patients", "federation.rounds=\(rounds)",
    ])
    rehearsal.assemble(5)
    for number in 1...4 { rehearsal.describe(number, patients: Double(10 * number)) }
    return rehearsal
  }

  /// How often each hospital was invited.
  private func invitations(_ rehearsal: inout Rehearsal, rounds: Int) -> [Int] {
    var counts = [0, 0, 0, 0]
    for round in 1...rounds {
      let invited = (1...4).filter { number in
        rehearsal.assignments(to: node(number)).contains { $0.round == round }
      }
      rehearsal.sent.removeAll()
      for number in invited {
        counts[number - 1] += 1
        rehearsal.answer(number, round: round)
      }
    }
    return counts
  }

  @Test("one of four is invited in proportion to its patients (chi-square, 3 degrees of freedom)")
  func proportional() throws {
    let rounds = 4000
    var rehearsal = try rehearse(invited: 1, rounds: rounds + 1)
    let counts = invitations(&rehearsal, rounds: rounds)
    #expect(counts.reduce(0, +) == rounds)
    let expected = [0.1, 0.2, 0.3, 0.4].map { $0 * Double(rounds) }
    let statistic = zip(counts, expected)
      .map { (Double($0) - $1) * (Double($0) - $1) / $1 }.reduce(0, +)
    // The 99.9 % point of the distribution.
    #expect(statistic < 16.27)
  }

  @Test("two of four are invited with the probabilities of drawing one after the other")
  func inclusion() throws {
    let rounds = 4000
    var rehearsal = try rehearse(invited: 2, rounds: rounds + 1)
    let counts = invitations(&rehearsal, rounds: rounds)
    #expect(counts.reduce(0, +) == 2 * rounds)
    let shares = [0.1, 0.2, 0.3, 0.4]
    for (place, share) in shares.enumerated() {
      // First, or second after any other.
      let second = shares.indices.filter { $0 != place }
        .map { shares[$0] * share / (1 - shares[$0]) }.reduce(0, +)
      let inclusion = share + second
      let deviation = (Double(counts[place]) - inclusion * Double(rounds))
      let spread = (Double(rounds) * inclusion * (1 - inclusion)).squareRoot()
      #expect(abs(deviation) < 3.5 * spread, "h\(place + 1)")
    }
  }

  @Test("a hospital that declines to say its patients is not invited; one that comes late is asked")
  func unknown() throws {
    var rehearsal = try Rehearsal(overrides: [
      "cohorts.hospitals=5", "cohorts.held-out=[h5]", "federation.participation-by=patients",
      "federation.quorum=1", "federation.assembly=2s",
    ])
    for number in [1, 2, 3, 5] { rehearsal.hello("h\(number)", from: node(number)) }
    rehearsal.passDeadline()
    rehearsal.describe(1, patients: 30)
    rehearsal.describe(2, patients: 5)
    rehearsal.decline(3, round: 0, phase: .describe)
    #expect(rehearsal.starts.map(\.answered) == [["h1", "h2"]])
    #expect(rehearsal.starts.map(\.missing) == [["h4"]])
    rehearsal.hello("h4", from: node(4))
    #expect(rehearsal.assignments(to: node(4)).map(\.round) == [0])
    rehearsal.describe(4, patients: 7)
    for number in [1, 2] { rehearsal.answer(number, round: 1) }
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2"]])
    #expect(rehearsal.assignments(to: node(4)).map(\.round) == [0, 2])
    #expect(rehearsal.assignments(to: node(3)).map(\.round) == [0])
  }

  @Test("the number of patients is all that is told where features are not standardised together")
  func disclosure() throws {
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml",
      overrides: [try Override("federation.participation-by=patients")])
    let experiment = Experiment(scenario)
    let worker = try HospitalWorker(experiment, hospitals: ["h1"], data: nil)
    let turn = Turn(run: Rehearsal.run, phase: .describe, round: 0)
    let answer = try #require(worker.perform(Job(turn: turn, hospital: "h1", tensors: [])))
    guard case .contribution(_, let tensors) = answer.outcome else {
      Issue.record("the hospital declined")
      return
    }
    #expect(tensors.map(\.meaning) == ["patients"])
  }

  @Test("a hospital below the minimum of patients does not tell how many it has")
  func minimum() throws {
    let overrides = ["federation.participation-by=patients", "privacy.minimum-patients=60"]
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) })
    let worker = try HospitalWorker(Experiment(scenario), hospitals: ["h1", "h2", "h3"], data: nil)
    let turn = Turn(run: Rehearsal.run, phase: .describe, round: 0)
    let outcomes = ["h1", "h2", "h3"].map {
      worker.perform(Job(turn: turn, hospital: $0, tensors: []))?.outcome
    }
    let isDeclined = outcomes.contains { if case .declined = $0 { true } else { false } }
    #expect(isDeclined)
  }

  @Test("by availability, only those who are here when the round begins are invited")
  func available() throws {
    var rehearsal = try Rehearsal(overrides: [
      "cohorts.hospitals=7", "cohorts.held-out=[h7]", "federation.participation=0.5",
      "federation.participation-by=available", "federation.rounds=40", "federation.quorum=2",
    ])
    for number in [1, 3, 4, 6, 7] { rehearsal.hello("h\(number)", from: node(number)) }
    rehearsal.passDeadline()
    var sets: Set<[String]> = []
    for round in 1...40 {
      for number in [1, 3, 4, 6]
      where rehearsal.assignments(to: node(number)).last?.round == round {
        rehearsal.answer(number, round: round)
      }
      let record = try #require(rehearsal.rounds.last)
      #expect(record.round == round)
      #expect(record.answered.count == 3)
      #expect(record.missing.isEmpty)
      sets.insert(record.answered)
    }
    #expect(sets.count == 4)
  }

  @Test("where fewer are here than the quorum, all are invited and may come until the deadline")
  func tooFew() throws {
    var rehearsal = try Rehearsal(overrides: [
      "federation.participation-by=available", "federation.quorum=2",
    ])
    rehearsal.assemble()
    for number in [2, 3] {
      rehearsal.answer(number, round: 1)
      let farewell = Farewell(code: .interrupted, reason: "the node was interrupted")
      rehearsal.tell(.arrived(.farewell(farewell), from: node(number)))
    }
    for round in 1...2 { rehearsal.answer(1, round: round) }
    #expect(rehearsal.rounds.count == 1)
    rehearsal.hello("h2", from: node(22))
    let answer = rehearsal.contribution(2, round: 2)
    rehearsal.tell(.arrived(.answer(answer), from: node(22)))
    #expect(rehearsal.rounds.map(\.answered) == [["h1", "h2", "h3"], ["h1", "h2"]])
  }
}

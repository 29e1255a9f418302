import Cohorts
import Tensors
import Testing

@Suite("Drift")
struct OnsetTests {
  @Test("a rule is in force from its round to its last, and only there")
  func sudden() {
    let onset = Onset(from: 10, until: 20)
    #expect((0..<30).allSatisfy { onset.strength(in: $0) == ((10...20).contains($0) ? 1 : 0) })
    #expect((0..<30).allSatisfy { Onset().strength(in: $0) == 1 })
  }

  @Test("a gradual rule grows by the same amount each round, to full strength")
  func gradual() {
    let onset = Onset(from: 10, over: 4)
    #expect((8...15).map { onset.strength(in: $0) } == [0, 0, 0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test("drift happens at its round and only there", arguments: everyRule.indices)
  func atItsRound(index: Int) {
    let clinic = RuledClinic()
    // A split in time does not drift: a scenario that says so is refused.
    if case .record(let rule) = everyRule[index], rule is TemporalSplit { return }
    let onset = Onset(from: 3, until: 5)
    let rounds = (0..<8).map {
      clinic.cohort([RuledClinic.rule(everyRule[index], onset: onset)], in: $0).comparable
    }
    for round in 0..<8 {
      #expect((rounds[round] == rounds[0]) == !(3...5).contains(round), "round \(round)")
    }
    #expect(rounds[3] == rounds[5])
  }

  @Test("while noise sets in, who was wrong stays wrong")
  func nested() {
    let clinic = RuledClinic()
    let plain = clinic.cohort([])
    let rule = RuledClinic.rule(
      .record(LabelNoise(.symmetric, rate: 0.5)), onset: Onset(from: 1, over: 5))
    var wrong: Set<Int> = []
    for round in 1...5 {
      let cohort = clinic.cohort([rule], in: round)
      let now = Set(plain.outcomes.indices.filter { cohort.outcomes[$0] != plain.outcomes[$0] })
      #expect(now.isStrictSuperset(of: wrong))
      wrong = now
    }
  }

  @Test("drift moves no patient between those learnt from and those judged by")
  func splitStays() throws {
    let rules = [
      RuledClinic.rule(
        .labelSkew(LabelSkew(.prevalence(0.9, by: [:]))), onset: Onset(from: 1, over: 4)),
      RuledClinic.rule(
        .quantitySkew(QuantitySkew(logNormal: 1)), onset: Onset(from: 2), stream: "n"),
    ]
    var parts: [Int: Bool] = [:]
    for round in 0...5 {
      let cohort = RuledClinic().cohort(rules, in: round, heldOut: false)
      let kept = try #require(cohort.keptForJudging)
      for (number, part) in zip(cohort.numbers, kept) {
        #expect(parts[number] ?? part == part)
        parts[number] = part
      }
    }
  }

  @Test("with a split in time, everyone adapted on came before everyone judged")
  func temporal() throws {
    for heldOut in [false, true] {
      let cohort = RuledClinic().cohort(
        [RuledClinic.rule(.record(TemporalSplit(testShare: 0.3)))], heldOut: heldOut)
      // The number of every patient stands in its first feature.
      var numbered = cohort
      for row in cohort.outcomes.indices { numbered.inputs[row, 0] = Float(cohort.numbers[row]) }
      let clinic = try Clinic(
        cohort: numbered, testShare: 0.3, heldOut: heldOut, standardiser: nil,
        random: RandomStream(seed: 1))
      var random = RandomStream(seed: 2)
      for _ in 0..<20 {
        var episodes = [try clinic.judgingEpisode(shots: 8, using: &random)]
        if !heldOut {
          episodes.append(try clinic.trainingEpisode(support: 8, query: 8, using: &random))
        }
        for episode in episodes {
          let last = (0..<8).map { episode.support.inputs[$0, 0] }.max() ?? 0
          #expect((0..<episode.query.count).allSatisfy { episode.query.inputs[$0, 0] > last })
        }
      }
    }
  }
}

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

  @Test(
    "drift moves no patient between those learnt from and those judged by",
    arguments: [false, true])
  func splitStays(isTemporal: Bool) throws {
    let time = RuledClinic.rule(.record(TemporalSplit(testShare: 0.3)), stream: "time")
    let rules =
      (isTemporal ? [time] : []) + [
        RuledClinic.rule(
          .labelSkew(LabelSkew(.prevalence(0.9, by: [:]))), onset: Onset(from: 1, over: 4)),
        RuledClinic.rule(
          .quantitySkew(QuantitySkew(logNormal: 1)), onset: Onset(from: 2), stream: "n"),
      ]
    var parts: [Int: Bool] = [:]
    for round in 0...5 {
      let cohort = RuledClinic().cohort(rules, in: round, heldOut: false)
      let kept = try #require(cohort.keptForJudging)
      #expect(cohort.isOrdered == isTemporal)
      #expect(!isTemporal || kept == kept.sorted { !$0 && $1 })
      for (number, part) in zip(cohort.numbers, kept) {
        #expect(parts[number] ?? part == part)
        parts[number] = part
      }
    }
  }

  /// Skews that choose from more patients than come anyway, or from fewer; each of them at hospital a.
  private static let skews: [Heterogeneity.Effect] = [
    .labelSkew(LabelSkew(.prevalence(nil, by: ["a": 0.9]))),
    .labelSkew(LabelSkew(.dirichlet(1))),
    .labelSkew(LabelSkew(.classes(1))),
    .quantitySkew(QuantitySkew(counts: ["a": 900])),
    .quantitySkew(QuantitySkew(counts: ["a": 30])),
  ]

  @Test(
    "a skew touches no round but its own, not even where another skew acts",
    arguments: skews.indices, [false, true])
  func skewAtItsRound(index: Int, heldOut: Bool) {
    let clinic = RuledClinic()
    let early = RuledClinic.rule(Self.skews[index], onset: Onset(from: 3, until: 5))
    let late = RuledClinic.rule(
      .quantitySkew(QuantitySkew(counts: ["a": 700])), onset: Onset(from: 5), stream: "late")
    let plain = clinic.cohort([], heldOut: heldOut)
    for round in 0..<8 {
      let cohort = clinic.cohort([early], in: round, heldOut: heldOut)
      #expect((cohort == plain) == !(3...5).contains(round), "round \(round)")
      let both = clinic.cohort([early, late], in: round, heldOut: heldOut)
      #expect((both == cohort) == (round < 5), "round \(round)")
    }
  }

  @Test("a skew by name leaves hospitals that it does not name as they are", arguments: [0, 3, 4])
  func skewByName(index: Int) {
    let clinic = RuledClinic()
    for heldOut in [false, true] {
      #expect(
        clinic.cohort([RuledClinic.rule(Self.skews[index])], of: "b", heldOut: heldOut)
          == clinic.cohort([], of: "b", heldOut: heldOut))
    }
  }

  @Test(
    "who comes without a skew comes first with it, and further patients keep the share of judges")
  func residents() throws {
    let clinic = RuledClinic()
    let plain = clinic.cohort([], heldOut: false)
    let grown = clinic.cohort(
      [RuledClinic.rule(.quantitySkew(QuantitySkew(counts: ["a": 900])))], heldOut: false)
    #expect(grown.outcomes.count == 900)
    #expect(grown.inputs.scalars.starts(with: plain.inputs.scalars))
    let kept = try #require(grown.keptForJudging)
    #expect(kept.starts(with: try #require(plain.keptForJudging)))
    #expect(abs(kept.count { $0 } - 270) <= 2)
    let beginning = clinic.cohort(
      [
        RuledClinic.rule(
          .labelSkew(LabelSkew(.prevalence(0.9, by: [:]))), onset: Onset(from: 1, over: 10))
      ], heldOut: false)
    let stayed = beginning.numbers.count { $0 < plain.outcomes.count }
    #expect(beginning.outcomes.count == plain.outcomes.count)
    #expect(Double(stayed) > 0.6 * Double(plain.outcomes.count) && stayed < plain.outcomes.count)
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

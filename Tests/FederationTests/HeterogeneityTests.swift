import Cohorts
import Scenarios
import Testing
import Transports

@testable import Federation

@Suite("Heterogeneity in a run")
struct HeterogeneityTests {
  private func scenario(_ rules: String, _ overrides: String...) throws -> Scenario {
    let all = ["heterogeneity=\(rules)", "cohorts.standardise=across-hospitals"] + overrides
    return try Scenario.read(
      smallScenario, file: "small.yaml", overrides: all.map { try Override($0) })
  }

  private func play(_ scenario: Scenario, processes: Int? = nil) throws -> Diary {
    let diary = Diary()
    let ending = try simulate(
      Experiment(scenario), data: nil, processes: processes, observer: diary)
    #expect(ending.outcome == .finished)
    return diary
  }

  @Test(
    "every kind of rule plays to the end, with the same bits however hospitals share nodes",
    arguments: [
      "[{ label-skew: { dirichlet: 4 } }, { quantity-skew: { log-normal: 0.3 } }]",
      "[{ case-mix: { shift: 1, rotation: 20, clusters: 2 } }, { concept-shift: { spread: 1 } }]",
      "[{ measurement: { offset-spread: 1, codes: true } }, { temporal-split: {} }]",
      "[{ missing-features: { share: 0.2, never: [age], indicator: true } }]",
      "[{ label-noise: { rate: 0.2, from-round: 2, over: 2 } }]",
    ])
  func plays(rules: String) throws {
    let scenario = try scenario(rules)
    let reference = try play(scenario).rounds
    #expect(try play(scenario, processes: 2).rounds == reference)
    #expect(try play(self.scenario("[]")).rounds != reference)
  }

  @Test("drift is felt from its round on, and no earlier")
  func drift() throws {
    let plain = try play(scenario("[]")).rounds
    let drifting = try play(scenario("[{ label-noise: { rate: 0.5, from-round: 3 } }]")).rounds
    #expect(drifting.count == 4)
    #expect(Array(drifting.prefix(3)) == Array(plain.prefix(3)))
    #expect(drifting[3] != plain[3])
  }

  @Test(
    "a drift of the timeline is the rule that sets in with its round, and leaves the same rounds",
    arguments: [
      (
        "{ hospitals: h2, prevalence: 0.8 }",
        "{ label-skew: { prevalence: 0.8, hospitals: [h2], from-round: 2 } }"
      ),
      (
        "{ hospitals: [h1, h3], measurement: { offset: 3 }, name: x, over: 2, rounds: 2 }",
        "{ measurement: { offset: 3, name: x, hospitals: [h1, h3], from-round: 2, until-round: 3,"
          + " over: 2 } }"
      ),
    ])
  func driftOfTimeline(drift: String, rule: String) throws {
    let calm = try scenario("[]")
    let drifting = try scenario("[]", "timeline=[{ round: 2, drift: \(drift) }]")
    let ruled = try scenario("[\(rule)]")
    #expect(drifting.rules == ruled.rules)
    let played = try play(drifting)
    #expect(try played.rounds == play(ruled).rounds)
    #expect(try played.evaluations == play(ruled).evaluations)
    #expect(try played.rounds != play(calm).rounds)
  }

  @Test(
    "a skew of one hospital is felt from its round on, and by no other hospital",
    arguments: [
      "prevalence: 0.9", "label-skew: { dirichlet: 0.5 }",
      "label-skew: { prevalence: { h2: 0.9 } }",
      "quantity-skew: { counts: { h2: 300 } }", "quantity-skew: { counts: { h2: 20 } }",
    ])
  func skew(rule: String) throws {
    let calm = try scenario("[]", "evaluation.every=1")
    let drifting = try scenario(
      "[]", "evaluation.every=1", "timeline=[{ round: 3, drift: { hospitals: h2, \(rule) } }]")
    let (plain, drifted) = (try play(calm), try play(drifting))
    #expect(plain.rounds.count == 4)
    #expect(zip(plain.rounds, drifted.rounds).map { $0 == $1 } == [true, true, true, false])
    #expect(zip(plain.evaluations, drifted.evaluations).map { $0 == $1 } == [true, true, false])
    let before = try Census(of: Experiment(calm), in: 3, data: nil).hospitals
    let after = try Census(of: Experiment(drifting), in: 3, data: nil).hospitals
    #expect(zip(before, after).map { $0 == $1 } == [true, false, true, true])
  }

  @Test("a feature that no hospital knows is the mean to the model, and learning goes on")
  func nothingKnown() throws {
    for rule in ["share: 1", "columns: 1", "never: [age]"] {
      let diary = try play(scenario("[{ missing-features: { \(rule) } }]"))
      #expect(diary.rounds.count == 4)
      #expect(diary.rounds.allSatisfy { $0.declined.isEmpty && $0.answered.count == 3 })
      #expect(diary.evaluation?.hospitals.contains { $0.declined != nil } == false)
    }
  }

  @Test("of a feature known of nobody sums are 0, and an answer that says otherwise does not fit")
  func sumsOfNobody() throws {
    func describing(_ counts: [Double], _ sums: [Double], _ squares: [Double]) -> [Tensor] {
      [
        tensor("feature-count", doubles: counts), tensor("feature-sum", doubles: sums),
        tensor("feature-square-sum", doubles: squares),
      ]
    }
    var gathering = FeatureGathering(features: 2)
    #expect(gathering.standardiser == nil)
    for (counts, sums, squares) in [
      ([0.0, 0], [1.0, 0], [0.0, 0]), ([0, 0], [0, 0], [0, 1]), ([0, 0], [1, 0], [1, 0]),
      ([-1, 0], [0, 0], [0, 0]), ([0.5, 0], [0, 0], [0, 0]), ([4, 0], [4, 2], [4, 4]),
    ] {
      #expect(throws: UnfitAnswer.self) { try gathering.fold(describing(counts, sums, squares)) }
    }
    #expect(gathering.standardiser == nil)
    try gathering.fold(describing([0, 0], [0, 0], [0, 0]))
    #expect(gathering.standardiser == Standardiser(means: [0, 0], scales: [1, 1]))
    var above = FeatureGathering(features: 2)
    try above.fold(combined: gathering.combined, hospitals: 1)
    #expect(above.standardiser == gathering.standardiser)
    try above.fold(describing([0, 2], [0, 6], [0, 20]))
    #expect(above.standardiser == Standardiser(means: [0, 3], scales: [1, 1]))
  }

  @Test("an evaluation sees the patients of its own round")
  func evaluation() throws {
    let every = "evaluation.every=1"
    let plain = try play(scenario("[]", every)).evaluations
    let passing = try play(
      scenario(
        "[{ label-noise: { rate: 0.5, hospitals: [h4], from-round: 2, until-round: 2 } }]", every)
    ).evaluations
    #expect(plain.count == 3 && passing.count == 3)
    // The hospital that is held out teaches nothing: only how it is judged can differ.
    #expect(zip(plain, passing).map { $0 == $1 } == [true, false, true])
  }

  @Test("a rule for one hospital changes the answers of no other")
  func oneHospital() throws {
    let rules = "[{ measurement: { factor: 3, hospitals: [h4] } }]"
    #expect(try play(scenario(rules)).rounds == play(scenario("[]")).rounds)
  }

  @Test("a feature that no patient has is an error with the names of those there are")
  func unknownFeature() throws {
    let scenario = try scenario("[{ missing-features: { never: [glucos] } }]")
    let error = #expect(throws: (any Error).self) {
      try simulate(Experiment(scenario), data: nil, observer: Diary())
    }
    #expect("\(try #require(error))".contains("the feature 'glucos'; accepted: age, "))
  }

  @Test("a census counts the patients that a round sees")
  func census() throws {
    let scenario = try scenario(
      "[{ label-skew: { prevalence: 1, hospitals: [h2], from-round: 2 } }, { missing-features: { never: [age], hospitals: [h1] } }]"
    )
    let experiment = Experiment(scenario)
    let early = try Census(of: experiment, in: 1, data: nil)
    let late = try Census(of: experiment, in: 2, data: nil)
    #expect(early.hospitals.map(\.name) == ["h1", "h2", "h3", "h4"])
    #expect(early.hospitals.map(\.isHeldOut) == [false, false, false, true])
    #expect(early.hospitals[1].shares[1] < 0.7 && late.hospitals[1].shares[1] == 1)
    #expect(early.hospitals[2] == late.hospitals[2])
    #expect(early.hospitals[0].missing == 0.25 && early.hospitals[1].missing == 0)
  }
}

extension Diary {
  fileprivate var evaluations: [Evaluation] {
    events.compactMap { if case .evaluated(let evaluation) = $0 { evaluation } else { nil } }
  }
}

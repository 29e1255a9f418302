import Cohorts
import Foundation
import MetaLearning
import Models
import Scenarios
import Testing

@testable import Federation

@Suite("Models of categories and of readings over time in a run")
struct EmbeddingTests {
  private typealias Source = (cohorts: String, kind: String, layers: String)

  /// Four hospitals, or five patients, and layers that their features allow.
  private static let heart: Source =
    ("{ dataset: heart-disease, held-out: [va] }", "classification", "{ embedding: 2 }")
  private static let glucose: Source = (
    "{ dataset: hupa-ucm-cgm, hospitals: [HUPA0001P, HUPA0002P, HUPA0003P], held-out: [HUPA0003P] }",
    "regression",
    "{ convolution: 3, width: 2, activation: tanh, pool: max, window: 2 }, { gru: 3 }"
  )

  private func scenario(
    _ source: Source, _ overrides: [String] = [],
    algorithm: String = "{ name: maml, inner: { steps: 2, rate: 0.05 }, outer: { rate: 0.01 } }"
  ) throws -> Scenario {
    try Scenario.read(
      """
      scenario: layered
      summary: Layers that look at features as what they are.
      cohorts: \(source.cohorts)
      task: { kind: \(source.kind), support: 6, query: 6 }
      model: { layers: [\(source.layers), { dense: 4, activation: tanh }] }
      algorithm: \(algorithm)
      federation: { rounds: 2, episodes-per-round: 1, deadline: 1h, quorum: 1 }
      evaluation: { shots: [6], steps: [0, 2], episodes: 1, alone: { steps: 2, rate: 0.05 } }
      """, file: "layered.yaml", overrides: overrides.map { try Override($0) })
  }

  private func play(_ scenario: Scenario) throws -> (ending: Ending, diary: Diary) {
    let diary = Diary()
    var simulation = try Simulation(
      Experiment(scenario), data: PublishedData.directory, observer: diary)
    return (try simulation.play(), diary)
  }

  @Test(
    "every algorithm learns from categories, and from readings over time",
    .enabled(if: PublishedData.holds("heart-disease", "hupa-ucm-cgm"), PublishedData.skipped),
    arguments: AlgorithmPlan.Name.allCases)
  func plays(name: AlgorithmPlan.Name) throws {
    let local = name.isLocal ? ", local: { steps: 3, batch: 8, rate: 0.05 }" : ""
    // Held back enough for curvature that is positive everywhere.
    let proximal = [.imaml, .fedprox, .pfedme, .ditto].contains(name) ? ", proximal: 100" : ""
    let algorithm =
      "{ name: \(name.rawValue), inner: { steps: 2, rate: 0.01 },"
      + " outer: { optimizer: sgd, rate: 0.5 }\(local)\(proximal) }"
    for source in [Self.heart, Self.glucose] {
      if name == .prototypes, source.kind == "regression" { continue }
      let scenario = try scenario(source, algorithm: algorithm)
      let (ending, diary) = try play(scenario)
      #expect(ending.outcome == .finished, "\(ending.reason)")
      #expect(diary.rounds.allSatisfy { $0.declined.isEmpty })
      #expect(ending.parameters.allSatisfy { $0.isFinite })
      #expect(ending.parameters != Experiment(scenario).initialParameters())
      let results = try #require(diary.evaluation).hospitals.flatMap(\.results).joined()
      #expect(results.contains { $0.judged > 0 })
    }
  }

  @Test("codes have no scale, and what hospitals rely on is told by the names of categories")
  func names() throws {
    let all = try Experiment(scenario(Self.heart, ["evaluation.explain=true"]))
    let numbers = ["age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak"]
    #expect(all.explained?.features == numbers + ["cp", "restecg"])
    #expect(all.network.inputs == 10)
    #expect(all.network.categories == Categories(levels: [5, 4]))
    let some = try Experiment(
      scenario(
        Self.heart,
        [
          "evaluation.explain=true", "model.layers.0.features=[cp]",
          "heterogeneity=[{ missing-features: { share: 0.1, features: [age], indicator: true } }]",
        ]))
    #expect(
      some.explained?.features == numbers + ["restecg=1", "restecg=2", "age missing", "cp"])
    #expect(some.network.categories == Categories(levels: [5]))
  }

  @Test(
    "hospitals tell on what an embedding relies",
    .enabled(if: PublishedData.holds("heart-disease", "hupa-ucm-cgm"), PublishedData.skipped))
  func explains() throws {
    let (ending, diary) = try play(
      scenario(Self.heart, ["evaluation.explain=true", "cohorts.standardise=across-hospitals"]))
    #expect(ending.outcome == .finished)
    let reliance = try #require(diary.evaluation?.hospitals.first?.reliance)
    #expect(reliance.features.count == 10)
    for category in reliance.features.suffix(2) {
      #expect(category.attributionAfter > 0 && category.permutationAfter != 0)
    }
  }

  @Test(
    "codes of its own change what a hospital tells, and missing answers do",
    .enabled(if: PublishedData.holds("heart-disease", "hupa-ucm-cgm"), PublishedData.skipped))
  func heterogeneity() throws {
    let plain = try play(scenario(Self.heart)).diary.rounds
    for rule in [
      "{ measurement: { codes: true, features: [cp=2, cp=3, cp=4], hospitals: [cleveland] } }",
      "{ missing-features: { share: 0.5, features: [cp=2, cp=3, cp=4] } }",
    ] {
      let (ending, diary) = try play(scenario(Self.heart, ["heterogeneity=[\(rule)]"]))
      #expect(ending.outcome == .finished)
      #expect(diary.rounds != plain)
    }
  }
}

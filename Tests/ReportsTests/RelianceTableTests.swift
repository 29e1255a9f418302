import Federation
import MetaLearning
import Reports
import Testing

@Suite("The table of what a model relies on")
struct RelianceTableTests {
  private static func reliance(_ numbers: [Double]) -> RelianceSums {
    RelianceSums(explained: 10, numbers: numbers.map { 10 * $0 })
  }

  private static func evaluation(_ explained: ExplainedModel?) -> Evaluation {
    var evaluation = Sample.usual
    evaluation.explained = explained
    guard explained != nil else { return evaluation }
    evaluation.hospitals[0].reliance = reliance([0.25, 0.5, 1, 2, 0, 0.125, 0.5, 0.5])
    evaluation.hospitals[1].reliance = reliance([0.75, 0, 1, 1, 0, 0.375, 0.5, 1.5])
    return evaluation
  }

  private static let model = ExplainedModel(shots: 16, steps: 5, features: ["age", "dose"])

  private func results(_ evaluation: Evaluation) -> RunResults {
    var results = RunResults(of: Sample.scenario())
    results.note(.evaluated(evaluation))
    return results
  }

  @Test(
    "features by the loss that shuffling them costs after adaptation, and those of each hospital")
  func table() throws {
    let table = try #require(results(Self.evaluation(Self.model)).table)
    let plain = try #require(results(Self.evaluation(nil)).table)
    #expect(table.hasPrefix(plain))
    #expect(
      table.dropFirst(plain.count) == """

        What the model relies on, before → after 5 steps on 16 patients

        training, mean of 2    permutation    attribution  first at
          age                0.500 → 0.250  1.000 → 1.500         1
          dose               0.000 → 0.250  0.500 → 1.000         1

          north  age 0.250 → 0.500   dose 0.000 → 0.125
          south  dose 0.000 → 0.375  age 0.750 → 0.000

          permutation  by how much the log loss grows when the feature is shuffled among those judged; at each
                       hospital the first three are named with it
          attribution  how far the feature moves the predicted log odds of a patient from that of the average one:
                       the mean magnitude of integrated gradients
          first at     at how many it comes first by permutation after adaptation

        """)
  }

  @Test("programs read it of each group and hospital, and find nothing where nobody asked")
  func json() {
    let json = results(Self.evaluation(Self.model)).json
    #expect(json.contains(#""feature": "dose""#))
    #expect(json.contains(#""permutationAfter": 0.375"#))
    #expect(json.contains(#""attributionBefore": 0.5"#))
    #expect(json.components(of: #""explanation""#) == 1 + 3)
    #expect(!results(Self.evaluation(nil)).json.contains("explanation"))
  }

  @Test("with very many features no more than ten have a row, and every hospital's line is short")
  func many() throws {
    var evaluation = Sample.usual
    evaluation.explained = ExplainedModel(
      shots: 16, steps: 5, features: (1...30).map { "feature \($0)" })
    evaluation.hospitals[0].reliance = Self.reliance((0..<120).map { Double($0) / 100 })
    let lines = try #require(results(evaluation).table).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("  feature 30 ") })
    #expect(!lines.contains { $0.hasPrefix("  feature 20 ") })
    #expect(lines.contains("  20 more in results.json"))
    #expect(lines.allSatisfy { $0.count <= 120 })
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}

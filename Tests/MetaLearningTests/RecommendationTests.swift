import Cohorts
import MetaLearning
import Models
import Tensors
import Testing

@Suite("Recommended doses")
struct RecommendationTests {
  private static let network = Network(
    inputs: 2, hidden: [], outputs: 1, loss: .meanSquaredError)
  private static let contenders: [Contender] = [
    .supportConstant, .supportLinear, .supportAlone, .lastValue, .intercept, .adapted(steps: 0),
    .adapted(steps: 20), .fixedDose, .bestReachable,
  ]

  /// Two visits of which 0.5 and 1 are the best doses, the middle one the best for all.
  private static var episode: Episode {
    var query = Examples(
      inputs: Matrix(rows: 2, columns: 2, scalars: [0.25, 0, -1, 1]), outcomes: [0.1, 0.9],
      trueRisks: [0, 1])
    query.choice = DoseChoice(
      column: 1, doses: [0, 0.5, 1],
      trueOutcomes: Matrix(rows: 2, columns: 3, scalars: [0, 0.75, 0.5, -1, 0.5, 1]), bestForAll: 1)
    let support = Examples(
      inputs: Matrix(rows: 3, columns: 2, scalars: [0, 0, 0, 0.5, 0, 1]), outcomes: [0, 0.5, 1])
    return Episode(support: support, query: query)
  }

  private static func sums(_ episode: Episode, at parameters: [Float]) -> [Contender: MetricSums] {
    let judge = Judge(
      network: network, kind: .regression, adapter: GradientAdapter(network: network, rate: 0.5),
      alone: InnerLoop(steps: 20, rate: 0.5), contenders: contenders)
    let tallies = judge.results(of: episode, at: parameters, fresh: [0, 0, 0])
    return Dictionary(uniqueKeysWithValues: zip(contenders, tallies.map(\.sums)))
  }

  @Test("the dose with the best predicted outcome is recommended, and costs what the truth says")
  func regret() throws {
    let more = Self.sums(Self.episode, at: [0, 2, 0]),
      less = Self.sums(Self.episode, at: [0, -2, 0])
    // Always the largest dose: 0.25 is lost at the first visit, nothing at the second.
    #expect(more[.adapted(steps: 0)]?.choices.numbers == [2, 0.25, 1])
    #expect(more[.adapted(steps: 0)]?.meanRegret == 0.125)
    #expect(more[.adapted(steps: 0)]?.bestDoseShare == 0.5)
    // Never any: 0.75 and 2 are lost, until the support set has taught better.
    #expect(less[.adapted(steps: 0)]?.choices.numbers == [2, 2.75, 0])
    #expect(less[.adapted(steps: 20)]?.choices.numbers == [2, 0.25, 1])
    for sums in [more, less] {
      #expect(sums[.supportLinear]?.choices.numbers == [2, 0.25, 1])
      #expect(sums[.supportAlone]?.choices.numbers == [2, 0.25, 1])
    }
  }

  @Test(
    "the oracle has no regret, one dose for all has its own, and whoever has no preference draws")
  func references() {
    let sums = Self.sums(Self.episode, at: [0, 2, 0])
    #expect(sums[.bestReachable]?.choices.numbers == [2, 0, 2])
    #expect(sums[.fixedDose]?.choices.numbers == [2, 0.5, 1])
    #expect(sums[.fixedDose]?.judged == 0, "it predicts nothing")
    let drawn = (0.75 + 0 + 0.25) / 3 + (2 + 0.5 + 0) / 3
    for contender in [Contender.supportConstant, .lastValue] {
      let choices = sums[contender]?.choices ?? ChoiceSums()
      #expect(abs(choices.regret - drawn) < 1e-12)
      #expect(abs(choices.best - 2.0 / 3) < 1e-12)
    }
    #expect(sums[.intercept]?.choices == sums[.adapted(steps: 0)]?.choices)
  }

  @Test("errors are those of the doses that were given, whatever else could have been")
  func errors() {
    var without = Self.episode
    without.query.choice = nil
    let (with, plain) = (
      Self.sums(Self.episode, at: [0.5, -1, 0.25]), Self.sums(without, at: [0.5, -1, 0.25])
    )
    for contender in Self.contenders {
      #expect(with[contender]?.numbers == plain[contender]?.numbers)
      #expect(plain[contender]?.choices == ChoiceSums())
      #expect(plain[contender]?.meanRegret == nil)
    }
  }

  @Test("regret is in the outcome's own units, and no number where a model has diverged")
  func units() throws {
    var episode = Self.episode
    episode.outcomeUnit = 10
    #expect(Self.sums(episode, at: [0, -2, 0])[.adapted(steps: 0)]?.meanRegret == 13.75)
    let diverged = Self.sums(Self.episode, at: [.nan, 1, 0])
    #expect(try #require(diverged[.adapted(steps: 0)]?.meanRegret).isNaN)
    #expect(diverged[.adapted(steps: 0)]?.bestDoseShare == 0)
    #expect(diverged[.fixedDose]?.choices.numbers == [2, 0.5, 1])
  }

  @Test("alternatives are the examples at every dose and nothing else, after the examples")
  func alternatives() throws {
    let query = Self.episode.query
    let all = query.withAlternatives
    #expect(all.count == 2 + 2 * 3)
    #expect(all.inputs.rows(at: [0, 1]) == query.inputs)
    for row in 0..<6 {
      #expect(all.inputs[2 + row, 0] == query.inputs[row / 3, 0])
      #expect(all.inputs[2 + row, 1] == [0, 0.5, 1][row % 3])
      #expect(all.outcomes[2 + row] == query.choice?.trueOutcomes[row / 3, row % 3])
    }
    var plain = query
    plain.choice = nil
    #expect(plain.withAlternatives == plain)
  }
}

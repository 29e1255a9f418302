import Cohorts
import Foundation
import MetaLearning
import Models
import Tensors
import Testing

/// What every method is compared with: models of the support set alone, and an intercept.
@Suite struct ReferenceTests {
  private static let number = Network(inputs: 2, hidden: [], outputs: 1, loss: .meanSquaredError)
  private static let odds = Network(inputs: 2, hidden: [], outputs: 1, loss: .binaryCrossEntropy)

  private static func examples(
    _ count: Int, using random: inout RandomStream,
    outcome: (Double, Double, inout RandomStream) -> Double
  ) -> Examples {
    var (inputs, outcomes): ([Float], [Float]) = ([], [])
    for _ in 0..<count {
      let (x, y) = (random.normal(), random.normal())
      inputs += [Float(x), Float(y)]
      outcomes.append(Float(outcome(x, y, &random)))
    }
    return Examples(
      inputs: Matrix(rows: count, columns: 2, scalars: inputs), outcomes: outcomes)
  }

  private static func sums(
    _ contender: Contender, of network: Network, _ kind: OutcomeKind, on episode: Episode,
    at parameters: [Float] = [0, 0, 0], interceptSpread: Double = 1
  ) -> MetricSums {
    Judge(
      network: network, kind: kind, adapter: GradientAdapter(network: network, rate: 0.1),
      alone: InnerLoop(steps: 0, rate: 0), contenders: [contender],
      interceptSpread: interceptSpread
    ).results(of: episode, at: parameters, fresh: parameters)[0].sums
  }

  @Test(
    "a linear outcome without noise is predicted from more patients than features, and few as they are"
  )
  func linearNumbers() {
    var random = RandomStream(seed: 1)
    let line = { (x: Double, y: Double, _: inout RandomStream) in 3 + 2 * x - y }
    let episode = Episode(
      support: Self.examples(40, using: &random, outcome: line),
      query: Self.examples(20, using: &random, outcome: line))
    let sums = Self.sums(.supportLinear, of: Self.number, .regression, on: episode)
    #expect(sums.squaredError / sums.judged < 1e-5)
  }

  @Test("where features say nothing, a linear model is hardly worse than the constant")
  func noise() {
    var random = RandomStream(seed: 2)
    var (linear, constant) = (0.0, 0.0)
    for _ in 0..<40 {
      let noise = { (_: Double, _: Double, random: inout RandomStream) in
        random.uniform() < 0.3 ? 1.0 : 0
      }
      let episode = Episode(
        support: Self.examples(16, using: &random, outcome: noise),
        query: Self.examples(50, using: &random, outcome: noise))
      linear += Self.sums(.supportLinear, of: Self.odds, .classification, on: episode).logLoss
      constant += Self.sums(.supportConstant, of: Self.odds, .classification, on: episode).logLoss
    }
    #expect(linear < 1.03 * constant)
  }

  @Test("a linear model comes near the true risks with many patients, and past the constant")
  func linearOdds() {
    var random = RandomStream(seed: 3)
    let drawn = { (x: Double, y: Double, random: inout RandomStream) in
      random.uniform() < 1 / (1 + exp(-(1 + 2 * x - 2 * y))) ? 1.0 : 0
    }
    let episode = Episode(
      support: Self.examples(400, using: &random, outcome: drawn),
      query: Self.examples(2000, using: &random, outcome: drawn))
    let linear = Self.sums(.supportLinear, of: Self.odds, .classification, on: episode)
    let truth = Self.sums(
      .adapted(steps: 0), of: Self.odds, .classification, on: episode, at: [2, -2, 1])
    let constant = Self.sums(.supportConstant, of: Self.odds, .classification, on: episode)
    #expect(linear.logLoss < 1.02 * truth.logLoss)
    #expect(linear.logLoss < 0.8 * constant.logLoss)
  }

  @Test("weights are the same whether sought among features or among patients")
  func dual() {
    var random = RandomStream(seed: 4)
    let patients = 5
    for columns in [4, 5, 6] {
      let inputs = (0..<patients * columns).map { _ in Float(random.normal()) }
      let matrix = Matrix(rows: patients, columns: columns, scalars: inputs)
      // Features that are never anything but zero change nothing of ridge regression, but make it dual.
      let padded = Matrix(
        rows: patients, columns: columns + 4,
        scalars: (0..<patients).flatMap { row in
          Array(inputs[row * columns..<(row + 1) * columns]) + [0, 0, 0, 0]
        })
      for kind in OutcomeKind.allCases {
        let outcomes: [Float] = [1, 0, 1, 1, 0]
        let results = [matrix, padded].map { inputs in
          let network = Network(
            inputs: inputs.columns, hidden: [], outputs: 1,
            loss: kind == .regression ? .meanSquaredError : .binaryCrossEntropy)
          let examples = Examples(inputs: inputs, outcomes: outcomes)
          return Self.sums(
            .supportLinear, of: network, kind, on: Episode(support: examples, query: examples),
            at: Array(repeating: 0, count: network.parameterCount))
        }
        #expect(abs(results[0].squaredError - results[1].squaredError) < 1e-4)
      }
    }
  }

  @Test("a support set of one class gives a linear model and an intercept that are finite")
  func oneClass() {
    var random = RandomStream(seed: 5)
    let episode = Episode(
      support: Self.examples(12, using: &random) { _, _, _ in 1 },
      query: Self.examples(12, using: &random) { x, _, _ in x > 0 ? 1 : 0 })
    for contender in [Contender.supportLinear, .intercept] {
      let sums = Self.sums(contender, of: Self.odds, .classification, on: episode)
      #expect(sums.logLoss.isFinite && sums.logLoss > 0)
    }
  }

  @Test(
    "an intercept is the minimum of the support's log loss plus half its square over that of its spread",
    arguments: [1, 0.25, 4])
  func intercept(spread: Double) {
    var random = RandomStream(seed: 6)
    let episode = Episode(
      support: Self.examples(20, using: &random) { _, _, random in random.uniform() < 0.8 ? 1 : 0 },
      query: Self.examples(1, using: &random) { _, _, _ in 1 })
    let parameters: [Float] = [0.5, -0.25, -1]
    let zero = Self.sums(
      .adapted(steps: 0), of: Self.odds, .classification, on: episode, at: parameters)
    let moved = Self.sums(
      .intercept, of: Self.odds, .classification, on: episode, at: parameters,
      interceptSpread: spread)
    // From the log loss of one patient of class 1 to the log odds, and so to the intercept.
    let odds = { (loss: Double) in -log(exp(loss) - 1) }
    let found = odds(moved.logLoss) - odds(zero.logLoss)
    var slope = found / (spread * spread)
    for row in 0..<20 {
      let x = episode.support.inputs
      let score = 0.5 * Double(x[row, 0]) - 0.25 * Double(x[row, 1]) - 1 + found
      slope += 1 / (1 + exp(-score)) - Double(episode.support.outcomes[row])
    }
    #expect(abs(slope) < 1e-4)
    #expect(found > 0.2)
  }

  @Test("an intercept of numbers is the sum of the errors over one more than their count")
  func interceptOfNumbers() {
    let support = Examples(
      inputs: Matrix(rows: 3, columns: 2, scalars: [0, 0, 0, 0, 0, 0]), outcomes: [4, 4, 4])
    let query = Examples(
      inputs: Matrix(rows: 1, columns: 2, scalars: [0, 0]), outcomes: [1])
    let sums = Self.sums(
      .intercept, of: Self.number, .regression, on: Episode(support: support, query: query),
      at: [0, 0, 0])
    #expect(abs(sums.squaredError - 4) < 1e-9)
    // With a prior of spread 1/2 it is over four more.
    let narrow = Self.sums(
      .intercept, of: Self.number, .regression, on: Episode(support: support, query: query),
      at: [0, 0, 0], interceptSpread: 0.5)
    #expect(abs(narrow.squaredError - pow(12.0 / 7 - 1, 2)) < 1e-9)
  }

  @Test("the calibration error is zero where shares came true, and counts all episodes together")
  func calibration() {
    let zeros = Matrix(rows: 4, columns: 2, scalars: Array(repeating: 0, count: 8))
    let half = Episode(
      support: Examples(inputs: zeros, outcomes: [0, 1, 0, 1]),
      query: Examples(inputs: zeros, outcomes: [1, 1, 0, 0]))
    var ones = half
    ones.query.outcomes = [1, 1, 1, 1]
    var noughts = half
    noughts.query.outcomes = [0, 0, 0, 0]
    let judge = Judge(
      network: Self.odds, kind: .classification,
      adapter: GradientAdapter(network: Self.odds, rate: 0.1), alone: InnerLoop(steps: 0, rate: 0),
      contenders: [.adapted(steps: 0)])
    let tallies = [half, ones, noughts].map { episode in
      judge.results(of: episode, at: [0, 0, 0], fresh: [0, 0, 0])[0]
    }
    #expect(tallies[0].sums.expectedCalibrationError == 0)
    #expect(tallies[1].sums.expectedCalibrationError == 0.5)
    #expect((tallies[1] + tallies[2]).sums.expectedCalibrationError == 0)
  }

  @Test("a model that has diverged has no calibration error, and ends nothing")
  func diverged() {
    let zeros = Matrix(rows: 2, columns: 2, scalars: [0, 0, 0, 0])
    let examples = Examples(inputs: zeros, outcomes: [0, 1])
    for contender in [Contender.adapted(steps: 0), .intercept] {
      let sums = Self.sums(
        contender, of: Self.odds, .classification, on: Episode(support: examples, query: examples),
        at: [0, 0, .nan])
      #expect(sums.expectedCalibrationError?.isNaN == true)
    }
  }
}

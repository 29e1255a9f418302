import Cohorts
import MetaLearning
import Models
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What is said of more than two classes, against two classes and against the definitions.
@Suite struct SeveralClassesTests {
  /// Three outputs of two features.
  private static let three = network(outputs: 3)

  private static func network(outputs: Int) -> Network {
    Network(inputs: 2, hidden: [], outputs: outputs, loss: .softmaxCrossEntropy)
  }

  private static func judge(_ contenders: [Contender], outputs: Int) -> Judge {
    let network = network(outputs: outputs)
    return Judge(
      network: network, kind: .classification,
      adapter: GradientAdapter(network: network, rate: 0.1),
      alone: InnerLoop(steps: 0, rate: 0), contenders: contenders)
  }

  private static func examples(
    _ count: Int, classes: Int, using random: inout RandomStream
  ) -> Examples {
    let scalars = (0..<2 * count).map { _ in Float(random.normal()) }
    return Examples(
      inputs: Matrix(rows: count, columns: 2, scalars: scalars),
      outcomes: (0..<count).map { _ in Float(random.integer(below: classes)) })
  }

  /// Weights `[2, outputs]` and biases; of two outputs those of the first two of three, whose third is out
  /// of the question.
  private static func parameters(using random: inout RandomStream) -> (two: [Float], three: [Float])
  {
    let n = (0..<6).map { _ in Float(random.normal()) }
    return (
      [n[0], n[1], n[2], n[3], n[4], n[5]],
      [n[0], n[1], 0, n[2], n[3], 0, n[4], n[5], -1000]
    )
  }

  @Test("every figure is what its definition makes of the probabilities")
  func definitions() throws {
    var random = RandomStream(seed: 1)
    for _ in 0..<20 {
      let parameters = (0..<9).map { _ in Float(random.normal()) }
      let episode = Episode(
        support: Self.examples(1, classes: 3, using: &random),
        query: Self.examples(30, classes: 3, using: &random))
      let sums = Self.judge([.adapted(steps: 0)], outputs: 3)
        .results(of: episode, at: parameters, fresh: parameters)[0].sums
      var (logLoss, brier, correct) = (0.0, 0.0, 0.0)
      var gaps = Array(repeating: 0.0, count: 10)
      for (row, outcome) in episode.query.outcomes.enumerated() {
        let x = episode.query.inputs
        let powers = (0..<3).map { label in
          exp(
            Double(x[row, 0]) * Double(parameters[label])
              + Double(x[row, 1]) * Double(parameters[3 + label]) + Double(parameters[6 + label]))
        }
        let shares = powers.map { $0 / powers.reduce(0, +) }
        let top = try #require(shares.max())
        let isRight = shares[Int(outcome)] == top
        logLoss -= log(shares[Int(outcome)])
        for label in 0..<3 { brier += pow(shares[label] - (label == Int(outcome) ? 1 : 0), 2) }
        correct += isRight ? 1 : 0
        gaps[min(Int(top * 10), 9)] += top - (isRight ? 1 : 0)
      }
      #expect(abs(sums.logLoss - logLoss) < 1e-4)
      #expect(abs(sums.squaredError - brier) < 1e-4)
      #expect(sums.correct == correct && sums.judged == 30)
      #expect(abs(sums.calibrationError - gaps.reduce(0) { $0 + abs($1) }) < 1e-4)
      #expect(sums.pairs == 0 && sums.auroc == nil)
    }
  }

  @Test(
    "a class that is out of the question changes nothing, but that both others count in the Brier score"
  )
  func impossibleClass() {
    var random = RandomStream(seed: 2)
    for _ in 0..<20 {
      let parameters = Self.parameters(using: &random)
      let episode = Episode(
        support: Self.examples(12, classes: 2, using: &random),
        query: Self.examples(30, classes: 2, using: &random))
      for contender in [Contender.adapted(steps: 0), .adapted(steps: 3), .intercept] {
        let two = Self.judge([contender], outputs: 2)
          .results(of: episode, at: parameters.two, fresh: parameters.two)[0].sums
        let three = Self.judge([contender], outputs: 3)
          .results(of: episode, at: parameters.three, fresh: parameters.three)[0].sums
        #expect(abs(two.logLoss - three.logLoss) < 1e-4)
        #expect(two.correct == three.correct)
        #expect(abs(2 * two.squaredError - three.squaredError) < 1e-4)
      }
    }
  }

  @Test("the constant is the share of each class with one patient of each added")
  func constant() {
    let zeros = Matrix(rows: 3, columns: 2, scalars: Array(repeating: 0, count: 6))
    let episode = Episode(
      support: Examples(inputs: zeros, outcomes: [2, 0, 2]),
      query: Examples(inputs: zeros, outcomes: [2, 1, 0]))
    let sums = Self.judge([.supportConstant], outputs: 3)
      .results(of: episode, at: .init(repeating: 0, count: 9), fresh: [])[0].sums
    #expect(abs(sums.logLoss + log(3 / 6.0) + log(1 / 6.0) + log(2 / 6.0)) < 1e-12)
    #expect(sums.correct == 1)
  }

  @Test(
    "a class that the support set lacks takes its share from the logistic regression of the others")
  func linear() {
    var random = RandomStream(seed: 3)
    for count in [6, 12, 40] {
      let episode = Episode(
        support: Self.examples(count, classes: 2, using: &random),
        query: Self.examples(20, classes: 2, using: &random))
      let sums = [2, 3].map { outputs in
        Self.judge([.supportLinear], outputs: outputs)
          .results(
            of: episode, at: .init(repeating: 0, count: 3 * outputs), fresh: [])[0].sums
      }
      let share = 1 / Double(count + 2)
      #expect(abs(sums[1].logLoss - sums[0].logLoss - 20 * log(1 + share)) < 1e-9)
      #expect(sums[0].correct == sums[1].correct)
    }
  }

  @Test("of several classes, a linear model of many patients tells regions apart")
  func regions() {
    var random = RandomStream(seed: 4)
    func sample(_ count: Int) -> Examples {
      var examples = Self.examples(count, classes: 1, using: &random)
      for row in 0..<count {
        let (x, y) = (examples.inputs[row, 0], examples.inputs[row, 1])
        examples.outcomes[row] = x > 0 && y > -x ? 2 : y > 0 ? 1 : 0
      }
      return examples
    }
    let episode = Episode(support: sample(300), query: sample(300))
    let results = Self.judge([.supportLinear, .supportConstant], outputs: 3)
      .results(of: episode, at: .init(repeating: 0, count: 9), fresh: [])
    #expect(results[0].sums.logLoss < 0.5 * results[1].sums.logLoss)
    #expect(results[0].sums.correct > 0.85 * 300)
  }

  @Test("classes that are as probable count alike, and a model that has diverged counts none")
  func ties() {
    let examples = Examples(
      inputs: Matrix(rows: 3, columns: 2, scalars: Array(repeating: 0, count: 6)),
      outcomes: [0, 1, 2])
    let episode = Episode(support: examples, query: examples)
    let judge = Self.judge([.adapted(steps: 0)], outputs: 3)
    let alike = judge.results(of: episode, at: .init(repeating: 0, count: 9), fresh: [])[0].sums
    #expect(abs(alike.correct - 1) < 1e-12)
    #expect(abs(alike.logLoss - 3 * log(3.0)) < 1e-12)
    #expect(abs(alike.squaredError - 3 * (2.0 / 3)) < 1e-12)
    #expect(alike.calibrationError < 1e-12)
    let diverged = judge.results(of: episode, at: .init(repeating: .nan, count: 9), fresh: [])[0]
      .sums
    #expect(diverged.correct == 0 && diverged.logLoss.isNaN)
    #expect(diverged.expectedCalibrationError?.isNaN == true)
  }

  @Test(
    "the second-order meta-gradient of three classes is the derivative of the loss after adaptation"
  )
  func metaGradient() {
    let network = Network(
      inputs: 3, hidden: [Dense(units: 5, activation: .tanh)], outputs: 3,
      loss: .softmaxCrossEntropy, l2: 0.125)
    var random = RandomEpisodes(network, seed: 5)
    let inner = InnerLoop(steps: 3, rate: 0.2)
    let adaptation = Adaptation(network: network)
    let maml = MAML(network: network, inner: inner, order: .second)
    for _ in 0..<5 {
      let (theta, episode, direction) = (random.parameters(), random.episode(), random.direction())
      func loss(_ step: Float) -> Double {
        let moved = zip(theta, direction).map { $0 + step * $1 }
        let adapted = adaptation.adapted(
          moved, to: episode.support, steps: inner.steps, rate: inner.rate)
        return adaptation.loss(at: adapted, on: episode.query)
      }
      let step: Float = 1 / 128
      let slope = (loss(step) - loss(-step)) / Double(2 * step)
      let gradient = maml.metaGradient(at: theta, of: episode)
      let along = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(along - slope) < 2e-3 * max(1, abs(slope)))
    }
  }
}

import MetaLearning
import Models
import Tensors
import Testing

/// A linear network with mean squared error has the loss `p.M p / 2 - b.p + constant`, of which
/// everything is known in closed form.
private struct Quadratic {
  /// The Hessian.
  var hessian: [[Double]]
  /// What the Hessian times the minimum is.
  var offset: [Double]

  /// The loss of a network without hidden layers and with one output.
  init(_ examples: PreparedExamples, l2: Double) {
    let (rows, features) = (examples.count, examples.inputs.columns)
    hessian = Array(repeating: Array(repeating: 0, count: features + 1), count: features + 1)
    offset = Array(repeating: 0, count: features + 1)
    for row in 0..<rows {
      let point = examples.inputs.row(row).map(Double.init) + [1]
      for (i, x) in point.enumerated() {
        for (j, y) in point.enumerated() { hessian[i][j] += 2 * x * y / Double(rows) }
        offset[i] += 2 * x * Double(examples.targets[row, 0]) / Double(rows)
      }
    }
    for feature in 0..<features { hessian[feature][feature] += l2 }
  }

  func curved(_ vector: [Double]) -> [Double] {
    hessian.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  func gradient(_ point: [Double]) -> [Double] {
    zip(curved(point), offset).map { $0 - $1 }
  }

  /// `(I - rate M)^power` times `vector`.
  func contracted(_ vector: [Double], rate: Double, power: Int) -> [Double] {
    (0..<power).reduce(vector) { vector, _ in
      zip(vector, curved(vector)).map { $0 - rate * $1 }
    }
  }
}

@Suite struct QuadraticTests {
  static let network = Network(
    inputs: 4, hidden: [], outputs: 1, loss: .meanSquaredError, l2: 0.25)
  static let rate = 0.0625

  static func algorithm(steps: Int, order: Order) -> MAML {
    MAML(network: network, inner: InnerLoop(steps: steps, rate: Float(rate)), order: order)
  }

  @Test(
    "where support and query agree, the meta-gradient is (I - rate M)^2K M (theta - c)",
    arguments: [1, 2, 3, 5, 10])
  func sameData(steps: Int) {
    for seed in 0..<10 as Range<UInt64> {
      var random = RandomEpisodes(Self.network, seed: seed)
      let (theta, examples) = (random.parameters(), random.episode().query)
      let loss = Quadratic(examples, l2: 0.25)
      // M (theta - c) is the gradient at theta.
      let expected = loss.contracted(
        loss.gradient(theta.map(Double.init)), rate: Self.rate, power: 2 * steps)
      let gradient = Self.algorithm(steps: steps, order: .second)
        .metaGradient(at: theta, of: PreparedEpisode(support: examples, query: examples))
      #expect(relativeError(gradient, expected) < 2e-5)
    }
  }

  @Test(
    "the query gradient after adaptation is contracted once a step by second order, by first not",
    arguments: [1, 2, 3, 5, 10])
  func ownData(steps: Int) {
    for seed in 10..<20 as Range<UInt64> {
      var random = RandomEpisodes(Self.network, seed: seed)
      let (theta, episode) = (random.parameters(), random.episode(support: 8, query: 11))
      let support = Quadratic(episode.support, l2: 0.25)
      var adapted = theta.map(Double.init)
      for _ in 0..<steps {
        adapted = zip(adapted, support.gradient(adapted)).map { $0 - Self.rate * $1 }
      }
      let first = Quadratic(episode.query, l2: 0.25).gradient(adapted)
      let second = support.contracted(first, rate: Self.rate, power: steps)
      for (order, expected) in [(Order.first, first), (.second, second)] {
        let gradient = Self.algorithm(steps: steps, order: order)
          .metaGradient(at: theta, of: episode)
        #expect(relativeError(gradient, expected) < 2e-5)
      }
    }
  }
}

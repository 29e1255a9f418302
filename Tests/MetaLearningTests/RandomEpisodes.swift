import Cohorts
import MetaLearning
import Models
import Tensors

/// Episodes and parameters drawn at random, for laws that hold of all of them.
struct RandomEpisodes {
  let network: Network
  private var random: RandomStream

  init(_ network: Network, seed: UInt64) {
    self.network = network
    random = RandomStream(seed: seed).child("episodes")
  }

  /// A small network, with a penalty so that every term of the loss takes part.
  static func network(_ activation: Activation, _ loss: Loss) -> Network {
    Network(
      inputs: 3,
      hidden: [Dense(units: 5, activation: activation), Dense(units: 4, activation: activation)],
      outputs: loss == .softmaxCrossEntropy ? 2 : 1, loss: loss, l2: 0.125)
  }

  mutating func parameters() -> [Float] {
    (0..<network.parameterCount).map { _ in Float(random.normal() * 0.6) }
  }

  /// A vector of length 1.
  mutating func direction() -> [Float] {
    let draws = (0..<network.parameterCount).map { _ in random.normal() }
    let length = draws.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return draws.map { Float($0 / length) }
  }

  mutating func examples(_ count: Int) -> Examples {
    var scalars = (0..<count * network.inputs).map { _ in Float(random.normal()) }
    let codes = network.categories?.ranges ?? []
    for row in 1...max(1, count) {
      for (place, range) in codes.enumerated() {
        scalars[row * network.inputs - codes.count + place] =
          Float(range.lowerBound + random.integer(below: range.count))
      }
    }
    let outcomes = (0..<count).map { _ in
      network.loss == .meanSquaredError
        ? Float(random.normal()) : Float(random.integer(below: network.classes))
    }
    return Examples(
      inputs: Matrix(rows: count, columns: network.inputs, scalars: scalars), outcomes: outcomes)
  }

  mutating func episode(support: Int = 7, query: Int = 9) -> PreparedEpisode {
    PreparedEpisode(
      Episode(support: examples(support), query: examples(query)), for: network)
  }
}

extension MAML {
  /// The meta-gradient, as a vector of its own.
  func metaGradient(at parameters: [Float], of episode: PreparedEpisode) -> [Float] {
    var gradient = [Float](repeating: .nan, count: parameters.count)
    _ = metaGradient(at: parameters, of: episode, into: &gradient)
    return gradient
  }
}

/// The Euclidean norm of `left - right` over that of `right`.
func relativeError(_ left: [Float], _ right: [Double]) -> Double {
  let difference = zip(left, right).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  return (difference / right.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

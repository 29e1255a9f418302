import Models
import Tensors
import Testing

@Suite struct InitialiserTests {
  static let network = Network(
    inputs: 60, hidden: [Dense(units: 80, activation: .relu)], outputs: 20, loss: .meanSquaredError)

  static func parameters(_ initialiser: Initialiser, seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed)
    return network.initialParameters(initialiser, using: &random)
  }

  /// The weights of each layer, and all biases.
  static func parts(_ parameters: [Float]) -> (weights: [ArraySlice<Float>], biases: [Float]) {
    (
      [parameters[..<4800], parameters[4880..<6480]],
      Array(parameters[4800..<4880] + parameters[6480...])
    )
  }

  /// The variance that the weights of a layer should have.
  static func variance(_ initialiser: Initialiser, inputs: Double, outputs: Double) -> Double {
    switch initialiser {
    case .glorot: 2 / (inputs + outputs)
    case .he: 2 / inputs
    case .truncatedNormal: 1e-4 * 0.774_115  // Of the standard normal distribution cut at two.
    case .uniformFanIn: 1 / (3 * inputs)
    }
  }

  @Test(
    "the weights have mean zero and the variance of the formula", arguments: Initialiser.allCases)
  func moments(initialiser: Initialiser) {
    let weights = Self.parts(Self.parameters(initialiser, seed: 3)).weights
    for (layer, (inputs, outputs)) in zip(weights, [(60.0, 80.0), (80.0, 20.0)]) {
      let expected = Self.variance(initialiser, inputs: inputs, outputs: outputs)
      let count = Double(layer.count)
      let mean = layer.reduce(0.0) { $0 + Double($1) } / count
      let square = layer.reduce(0.0) { $0 + Double($1) * Double($1) } / count
      // Four and a half standard errors; no distribution here has a kurtosis above 3.
      #expect(abs(mean) < 4.5 * (expected / count).squareRoot())
      #expect(abs(square / expected - 1) < 4.5 * (2 / count).squareRoot())
    }
  }

  @Test("bounded weights reach towards their bound and never beyond it")
  func bounds() {
    let bounds: [(Initialiser, [Double])] = [
      (.glorot, [(6.0 / 140).squareRoot(), (6.0 / 100).squareRoot()]),
      (.uniformFanIn, [(1.0 / 60).squareRoot(), (1.0 / 80).squareRoot()]),
      (.truncatedNormal, [0.02, 0.02]),
    ]
    for (initialiser, bounds) in bounds {
      for (layer, bound) in zip(Self.parts(Self.parameters(initialiser, seed: 9)).weights, bounds) {
        let largest = Double(layer.map(abs).max() ?? 0)
        #expect(largest <= bound * 1.000_001 && largest > 0.95 * bound)
      }
    }
  }

  @Test("biases start at zero, except with uniform fan-in", arguments: Initialiser.allCases)
  func biases(initialiser: Initialiser) {
    let biases = Self.parts(Self.parameters(initialiser, seed: 4)).biases
    if initialiser == .uniformFanIn {
      #expect(Set(biases).count == 100)
      #expect(biases.allSatisfy { abs($0) <= Float((1.0 / 60).squareRoot()) })
    } else {
      #expect(biases.allSatisfy { $0 == 0 })
    }
  }

  @Test("the seed decides every parameter", arguments: Initialiser.allCases)
  func seeds(initialiser: Initialiser) {
    let first = Self.parameters(initialiser, seed: 1)
    #expect(first.count == Self.network.parameterCount)
    #expect(first == Self.parameters(initialiser, seed: 1))
    #expect(first != Self.parameters(initialiser, seed: 2))
  }
}

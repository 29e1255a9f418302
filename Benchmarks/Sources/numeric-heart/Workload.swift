import Cohorts
import MetaLearning
import Models
import Tensors

/// Something to measure: a network, episodes, and what is done with them.
struct Workload {
  let name: String
  let network: Network
  let points: Int
  let inner: InnerLoop
  /// Tasks a meta-step with Adam; 1 measures meta-gradients alone.
  let tasks: Int

  static let all = [
    Workload(
      name: "W1", network: .relu(1, 40, 1, .meanSquaredError), points: 10,
      inner: InnerLoop(steps: 1, rate: 0.01), tasks: 25),
    Workload(
      name: "W1x5", network: .relu(1, 40, 1, .meanSquaredError), points: 10,
      inner: InnerLoop(steps: 5, rate: 0.01), tasks: 25),
    Workload(
      name: "W2", network: .relu(13, 64, 2, .softmaxCrossEntropy), points: 16,
      inner: InnerLoop(steps: 5, rate: 0.05), tasks: 1),
    Workload(
      name: "W3", network: .relu(64, 256, 10, .softmaxCrossEntropy), points: 64,
      inner: InnerLoop(steps: 5, rate: 0.05), tasks: 1),
  ]

  /// The floating-point operations that a task cannot do without: those of its matrix products.
  ///
  /// A gradient takes, for each layer, the outputs, the derivative by the weights and, but for the first
  /// layer, the derivative by the inputs. A Hessian-vector product takes two products for each of
  /// these three, but one where an operand does not depend on the parameters, which is in the first
  /// layer. That a pass is computed again instead of being kept is not counted, nor is the loss before
  /// adaptation.
  var usefulOperations: Double {
    var (gradient, curvature) = (0.0, 0.0)
    for (position, layer) in network.layerShapes.enumerated() {
      let product = 2 * Double(points * layer.inputs * layer.outputs)
      gradient += position == 0 ? 2 * product : 3 * product
      curvature += position == 0 ? 2 * product : 6 * product
    }
    return Double(inner.steps + 1) * gradient + Double(inner.steps) * curvature
  }
}

extension Network {
  /// Two hidden layers of relu.
  static func relu(_ inputs: Int, _ units: Int, _ outputs: Int, _ loss: Loss) -> Network {
    let layer = Dense(units: units, activation: .relu)
    return Network(inputs: inputs, hidden: [layer, layer], outputs: outputs, loss: loss)
  }
}

// MARK: Episodes

extension Workload {
  /// Episodes of the shape of this workload: sinusoids, or classes that depend on the features.
  func episodes() -> [PreparedEpisode] {
    var random = RandomStream(seed: 1)
    return (0..<max(tasks, 8)).map { _ in
      let shift = random.uniform(in: 0...3)
      let support = examples(shift, &random)
      let query = examples(shift, &random)
      return PreparedEpisode(Episode(support: support, query: query), for: network)
    }
  }

  private func examples(_ shift: Double, _ random: inout RandomStream) -> Examples {
    var inputs = Matrix(rows: points, columns: network.inputs)
    for index in inputs.scalars.indices { inputs.scalars[index] = Float(random.normal()) }
    // Codes, where the network takes codes.
    let ranges = network.categories?.ranges ?? []
    for row in 0..<points {
      for (place, range) in ranges.enumerated() {
        inputs[row, network.inputs - ranges.count + place] =
          Float(range.lowerBound + random.integer(below: range.count))
      }
    }
    let outcomes = (0..<points).map { row in
      let signal = Double(inputs[row, 0]) + shift
      return network.loss == .meanSquaredError
        ? Float(signal) : Float(Int(abs(signal) * 2) % network.outputs)
    }
    return Examples(inputs: inputs, outcomes: outcomes)
  }
}

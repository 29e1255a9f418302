public import Models
import Scenarios

/// What an algorithm makes of a network: which numbers are learned, which travel, and where they lie.
public struct MethodLayout: Sendable {
  /// The network whose parameters come first among the meta-parameters.
  public let network: Network
  /// What is learned beside them, in order, by name and shape.
  public let others: [(name: String, shape: [Int])]
  /// The meta-parameters: the numbers that travel to a hospital in a round.
  public let parameters: Int
  /// The numbers that travel from a hospital in a round.
  public let contribution: Int

  init(_ network: Network, others: [(name: String, shape: [Int])] = [], contribution: Int? = nil) {
    self.network = network
    self.others = others
    // A context is adapted anew by every hospital, and not learned.
    parameters =
      network.parameterCount - network.context
      + others.reduce(0) { $0 + $1.shape.reduce(1, *) }
    self.contribution = contribution ?? parameters
  }
}

extension AlgorithmPlan {
  /// The numbers that the algorithm learns and sends, for `network`; see `Docs/algorithms.md`.
  func layout(for network: Network) -> MethodLayout {
    let count = network.parameterCount
    return switch name {
    case .metaSGD: MethodLayout(network, others: [("rates", [count])])
    case .mamlPlusPlus:
      MethodLayout(network, others: [("rates", [inner.steps, network.parameterTensors.count])])
    case .learnedInnerRate: MethodLayout(network, others: [("rate", [1])])
    case .aruba: MethodLayout(network, others: [("spread", [count]), ("gradients", [count])])
    case .scaffold: MethodLayout(network, others: [("control", [count])])
    case .cavia: MethodLayout(network.with(context: settings.context))
    case .prototypes: MethodLayout(network.embedding)
    case .fedrep: MethodLayout(network, contribution: network.head.lowerBound)
    case .maml, .fomaml, .reptile, .anil, .imaml, .fedavg, .fedprox,
      .perFedAvg,
      .pfedme, .ditto:
      MethodLayout(network)
    }
  }
}

extension Network {
  /// The same with so many context numbers beside the inputs.
  func with(context: Int) -> Network {
    Network(
      inputs: inputs, layers: layers, outputs: outputs, loss: loss, l2: l2, context: context,
      time: time)
  }

  /// All but the output layer: its last layer, dense and without activation, embeds.
  var embedding: Network {
    guard case .dense(let last) = layers.last else { return self }
    return Network(
      inputs: inputs, layers: layers.dropLast(), outputs: last.units, loss: loss, l2: l2,
      time: time)
  }
}

public import Models
import Scenarios

/// What an algorithm makes of a network: which numbers are learned, which travel, and where they lie.
public struct MethodLayout: Sendable {
  /// So many numbers of one kind.
  public struct Share: Equatable, Sendable {
    /// What they are, in a few words.
    public let name: String
    /// How many there are.
    public let count: Int

    init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The network whose parameters come first among the meta-parameters.
  public let network: Network
  /// What is learned beside them, in order, by name and shape.
  public let others: [(name: String, shape: [Int])]
  /// The meta-parameters: the numbers that travel to a hospital in a round.
  public let parameters: Int
  /// The numbers that travel from a hospital in a round.
  public let contribution: Int
  /// What they are, in order.
  public let sent: [Share]
  /// What a hospital keeps to itself: from round to round, or for the length of an episode.
  public let kept: Share?

  init(
    _ network: Network, others: [(name: String, shape: [Int])] = [], contribution: Int? = nil,
    sending sent: [String] = ["gradient"], keeping kept: Share? = nil
  ) {
    self.network = network
    self.others = others
    self.kept = kept
    // A context is adapted anew by every hospital, and not learned.
    parameters =
      network.parameterCount - network.context
      + others.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let count = contribution ?? parameters
    self.contribution = count
    // All that is learned in the same way is sent in one piece.
    self.sent =
      sent.count == 1 ? [Share(sent[0], count)] : sent.map { Share($0, count / sent.count) }
  }

  /// What the meta-parameters are that travel to a hospital, in order.
  public var received: [Share] {
    [Share("network", network.parameterCount - network.context)]
      + others.map { Share($0.name, $0.shape.reduce(1, *)) }
  }
}

extension AlgorithmPlan {
  /// The numbers that the algorithm learns, sends and keeps, for `network`; see `Docs/algorithms.md`.
  func layout(for network: Network) -> MethodLayout {
    let count = network.parameterCount
    let model = MethodLayout.Share("personal model", count)
    return switch name {
    case .metaSGD: MethodLayout(network, others: [("rates", [count])])
    case .mamlPlusPlus:
      MethodLayout(network, others: [("rates", [inner.steps, network.parameterTensors.count])])
    case .learnedInnerRate: MethodLayout(network, others: [("rate", [1])])
    case .aruba:
      MethodLayout(
        network, others: [("spread", [count]), ("gradients", [count])],
        sending: ["move", "squared move", "squared gradients"])
    case .scaffold:
      MethodLayout(
        network, others: [("control", [count])], sending: ["move", "change of control variate"],
        keeping: .init("control variate", count))
    case .cavia:
      MethodLayout(
        network.with(context: settings.context), keeping: .init("context", settings.context))
    case .prototypes: MethodLayout(network.embedding)
    case .fedrep:
      MethodLayout(
        network, contribution: network.head.lowerBound, sending: ["move of the body"],
        keeping: .init("head", network.head.count))
    case .reptile, .fedavg, .fedprox, .perFedAvg: MethodLayout(network, sending: ["move"])
    case .pfedme, .ditto: MethodLayout(network, sending: ["move"], keeping: model)
    case .maml, .fomaml, .anil, .imaml: MethodLayout(network)
    }
  }
}

extension Network {
  /// The same with so many context numbers beside the inputs.
  func with(context: Int) -> Network {
    Network(
      inputs: inputs, layers: layers, outputs: outputs, loss: loss, l2: l2, context: context,
      time: time, categories: categories)
  }

  /// All but the output layer: its last layer, dense and without activation, embeds.
  var embedding: Network {
    guard case .dense(let last) = layers.last else { return self }
    return Network(
      inputs: inputs, layers: layers.dropLast(), outputs: last.units, loss: loss, l2: l2,
      time: time, categories: categories)
  }
}

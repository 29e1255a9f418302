public import Models

/// Gradient steps on the support set, all of one size.
///
/// It serves MAML, Reptile, FedAvg (whose fine-tuning it is), FedProx, SCAFFOLD and Per-FedAvg. What
/// meta-parameters hold after the network's own is not looked at. Cost: a gradient a step.
public final class GradientAdapter: Adapter {
  private let adaptation: Adaptation
  private let rate: Float
  private var position: [Float]

  /// Steps of this size from the parameters of a network.
  public init(network: Network, rate: Float) {
    adaptation = Adaptation(network: network)
    self.rate = rate
    position = .zeros(network.parameterCount)
  }

  /// The models after so many gradient steps; see ``Adapter``.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    position.take(parameters)
    var taken = 0
    return steps.map { count in
      adaptation.adapt(&position, to: support, steps: count - taken, rate: rate)
      taken = count
      return body(NetworkModel(programs: adaptation.programs, parameters: position))
    }
  }
}

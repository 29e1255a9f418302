public import Models

/// Gradient steps on the support set that are held back to the meta-parameters.
///
/// A step descends the loss plus `lambda / 2 |p - theta|^2`, with momentum if wanted. It serves iMAML and proximal
/// MAML, and pFedMe and Ditto, whose new hospitals train a personal model in this way. What meta-parameters hold after the network's own is not
/// looked at. Cost: a gradient a step.
public final class ProximalAdapter: Adapter {
  private let programs: NetworkPrograms
  private let rate: Float
  private let lambda: Float
  private let momentum: Float
  private var velocity: [Float]
  private var position: [Float]
  private var gradient: [Float]

  /// Steps of size `rate` from the parameters of a network, held back by `lambda`, of which so much is
  /// kept for the next.
  public init(network: Network, rate: Float, lambda: Float, momentum: Float = 0) {
    programs = NetworkPrograms(network)
    self.rate = rate
    self.lambda = lambda
    self.momentum = momentum
    position = .zeros(network.parameterCount)
    (gradient, velocity) = (position, position)
  }

  /// The models after so many steps; see ``Adapter``.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    position.take(parameters)
    velocity.fill(0)
    var taken = 0
    return steps.map { count in
      while taken < count {
        descend(on: support, around: parameters)
        taken += 1
      }
      return body(NetworkModel(programs: programs, parameters: position))
    }
  }

  private func descend(on support: PreparedExamples, around centre: [Float]) {
    programs.gradient(at: position, on: support, into: &gradient)
    gradient.update(position, centre) { [lambda] in $0 + lambda * ($1 - $2) }
    velocity.update(gradient) { [momentum] in momentum * $0 + $1 }
    position.update(velocity) { [rate] in $0 - rate * $1 }
  }
}

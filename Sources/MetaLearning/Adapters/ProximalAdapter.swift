public import Models
public import Tensors

/// Gradient steps on the support set that are held back to the meta-parameters.
///
/// A step descends the loss plus `lambda / 2 |p - theta|^2`. It serves iMAML, pFedMe and Ditto, whose new
/// hospitals train a personal model in this way. What meta-parameters hold after the network's own is not
/// looked at. Cost: a gradient a step.
public final class ProximalAdapter: Adapter {
  private let programs: NetworkPrograms
  private let rate: Float
  private let lambda: Float
  private var position: [Float]
  private var gradient: [Float]

  /// Steps of size `rate` from the parameters of a network, held back by `lambda`.
  public init(network: Network, rate: Float, lambda: Float) {
    programs = NetworkPrograms(network)
    self.rate = rate
    self.lambda = lambda
    position = .zeros(network.parameterCount)
    gradient = position
  }

  /// The outputs after so many steps; see ``Adapter``.
  public func outputs(
    of query: PreparedExamples, after steps: [Int], on support: PreparedExamples,
    at parameters: [Float]
  ) -> [Matrix] {
    position.take(parameters)
    var taken = 0
    return steps.map { count in
      while taken < count {
        descend(on: support, around: parameters)
        taken += 1
      }
      return programs.outputs(at: position, of: query)
    }
  }

  private func descend(on support: PreparedExamples, around centre: [Float]) {
    programs.gradient(at: position, on: support, into: &gradient)
    position.update(gradient, centre) { [rate, lambda] here, gradient, centre in
      here - rate * (gradient + lambda * (here - centre))
    }
  }
}

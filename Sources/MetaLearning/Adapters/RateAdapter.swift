public import Models

/// Gradient steps on the support set with a rate for each parameter, as it was learnt or fixed.
///
/// It serves Meta-SGD, ANIL, FedRep, MAML++ and a learnt inner rate. Where rates were learnt for each step
/// apart, further steps use those of the last. Cost: a gradient a step.
public final class RateAdapter: Adapter {
  private let programs: NetworkPrograms
  private let layout: RateLayout
  private var position: [Float]
  private var gradient: [Float]
  private var rates: [Float]

  /// Steps from the parameters of a network, with rates of this kind after them.
  public init(network: Network, rates: InnerRates) {
    programs = NetworkPrograms(network)
    layout = RateLayout(rates, of: network)
    position = .zeros(network.parameterCount)
    gradient = position
    self.rates = position
  }

  /// The models after so many gradient steps; see ``Adapter``.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    position.take(parameters)
    var taken = 0
    return steps.map { count in
      while taken < count {
        layout.write(&rates, of: taken, from: parameters)
        programs.gradient(at: position, on: support, into: &gradient)
        position.update(gradient, rates) { $0 - $2 * $1 }
        taken += 1
      }
      return body(NetworkModel(programs: programs, parameters: position))
    }
  }
}

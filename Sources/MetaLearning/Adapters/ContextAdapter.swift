public import Models

/// Gradient steps of a context, which starts at zero for every hospital: CAVIA's adaptation.
///
/// Cost: a gradient a step.
public final class ContextAdapter: Adapter {
  private let steps: RateAdapter
  private var parameters: [Float]
  private let sharedCount: Int

  /// Steps of size `rate` of the context of a network.
  ///
  /// - Precondition: the network has a context.
  public init(network: Network, rate: Float) {
    steps = RateAdapter(network: network, rates: .context(of: network, rate: rate))
    parameters = .zeros(network.parameterCount)
    sharedCount = network.parameterCount - network.context
  }

  /// The models after so many steps of the context, of which the meta-parameters are all the rest.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at shared: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    precondition(
      shared.count == sharedCount, "there are \(sharedCount) meta-parameters, not \(shared.count)")
    parameters.put(shared, at: 0)
    return self.steps.models(after: steps, on: support, at: parameters, body)
  }
}

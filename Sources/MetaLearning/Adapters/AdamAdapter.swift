public import Models

/// Steps of Adam without a first moment on the support set, which begin anew on each.
///
/// It serves Reptile where it was trained that way. Cost: a gradient a step.
///
/// Reference: as ``InnerAdam``.
public final class AdamAdapter: Adapter {
  private let programs: NetworkPrograms
  private var steps: InnerSteps
  private var position: [Float]
  private var gradient: [Float]

  /// Steps of this rate from the parameters of a network.
  public init(network: Network, rate: Float, adam: InnerAdam = InnerAdam()) {
    programs = NetworkPrograms(network)
    steps = InnerSteps(rate: rate, adam: adam, parameterCount: network.parameterCount)
    position = .zeros(network.parameterCount)
    gradient = position
  }

  /// The models after so many steps; see ``Adapter``.
  public func models<Result>(
    after counts: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    position.take(parameters)
    steps.begin()
    var taken = 0
    return counts.map { count in
      while taken < count {
        programs.gradient(at: position, on: support, into: &gradient)
        steps.step(&position, along: gradient)
        taken += 1
      }
      return body(NetworkModel(programs: programs, parameters: position))
    }
  }
}

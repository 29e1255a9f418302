public import Models

/// Gradient steps on the support set at the rates that ARUBA has learnt for each parameter.
///
/// In the form ARUBA++ the sums of squared gradients grow within the task as well,
/// `g <- g + c grad^2`, so that steps shrink where the support set is steep. Cost: a gradient a step.
///
/// Reference: as ``ARUBA``.
public final class ARUBAAdapter: Adapter {
  private let programs: NetworkPrograms
  private let isIsotropic: Bool
  private let growth: Float
  private var state: [Float]
  private var position: [Float]
  private var gradient: [Float]
  private var rates: [Float]

  /// Steps from the parameters of a network, with the sums of ARUBA after them.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - isIsotropic: Whether all parameters share one rate.
  ///   - growth: The factor `c` of ARUBA++; 0 is ARUBA.
  public init(network: Network, isIsotropic: Bool = false, growth: Float = 0) {
    programs = NetworkPrograms(network)
    self.isIsotropic = isIsotropic
    self.growth = growth
    position = .zeros(network.parameterCount)
    (gradient, rates) = (position, position)
    state = .zeros(3 * position.count)
  }

  /// The models after so many steps; see ``Adapter``.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    position.take(parameters)
    state.take(parameters)
    ARUBA.write(&rates, from: state, isIsotropic: isIsotropic)
    var taken = 0
    return steps.map { count in
      while taken < count {
        descend(on: support)
        taken += 1
      }
      return body(NetworkModel(programs: programs, parameters: position))
    }
  }

  private func descend(on support: PreparedExamples) {
    programs.gradient(at: position, on: support, into: &gradient)
    position.update(gradient, rates) { $0 - $2 * $1 }
    guard growth != 0 else { return }
    let squares = 2 * gradient.count..<3 * gradient.count
    state.update(in: squares, gradient) { [growth] in $0 + growth * $1 * $1 }
    ARUBA.write(&rates, from: state, isIsotropic: isIsotropic)
  }
}

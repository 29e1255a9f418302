public import Models

/// CAVIA: only a few context numbers adapt, which the network takes as further inputs.
///
/// Every episode starts with a context of zero and moves it by `K` gradient steps on the support set; all other
/// parameters are shared as they are. Their meta-gradient goes through the steps of the context.
/// What a hospital adapts, and would have to keep of its patients, is the context alone.
///
/// Meta-parameters: theta, which is all but the context. Cost: as MAML. Memory: `2 K + 7` parameter vectors
/// and one pass.
///
/// Reference: Zintgraf, Shiarlis, Kurin, Hofmann and Whiteson, "Fast context adaptation via
/// meta-learning", ICML 2019, and its code.
public final class CAVIA: MetaAlgorithm {
  /// Which derivatives the meta-gradient takes.
  public let order: Order
  /// What every number of an episode's meta-gradient is kept within.
  public let clamp: Float?

  private let unrolling: Unrolling
  private let sharedCount: Int
  private var parameters: [Float]
  private var gradient: [Float]

  /// CAVIA for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt, with a context.
  ///   - inner: How the context is adapted to an episode; in the paper one step of size 1.
  ///   - order: Which derivatives the meta-gradient takes. Of first order the context is taken for a
  ///     constant.
  ///   - clamp: What every number of an episode's meta-gradient is kept within; 10 in the authors' code.
  ///
  /// - Precondition: the network has a context.
  public init(network: Network, inner: InnerLoop, order: Order, clamp: Float? = 10) {
    self.order = order
    self.clamp = clamp
    sharedCount = network.parameterCount - network.context
    unrolling = Unrolling(
      network: network, steps: inner.steps, rates: .context(of: network, rate: inner.rate))
    parameters = .zeros(network.parameterCount)
    gradient = parameters
  }

  /// The number of meta-parameters: the network's without the context.
  public var parameterCount: Int { sharedCount }

  /// The meta-parameters before learning: those of the network without the context.
  public func initialParameters(from theta: [Float]) -> [Float] { Array(theta[..<sharedCount]) }

  /// Overwrites `gradient` with the derivative by all that is shared.
  public func metaGradient(
    at shared: [Float], of episode: PreparedEpisode, into sharedGradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      shared.count == sharedCount && sharedGradient.count == sharedCount,
      "there are \(sharedCount) meta-parameters, not \(shared.count)")
    parameters.put(shared, at: 0)
    let losses = unrolling.metaGradient(
      at: parameters, of: episode, order: order, into: &gradient)
    sharedGradient.take(gradient)
    if let clamp { sharedGradient.update(gradient) { _, g in min(max(g, -clamp), clamp) } }
    return losses
  }
}

extension InnerRates {
  /// One rate for the context, and zero for all else.
  ///
  /// - Precondition: the network has a context.
  public static func context(of network: Network, rate: Float) -> InnerRates {
    precondition(network.context > 0, "a network without a context has none to adapt")
    var rates = [Float].zeros(network.parameterCount)
    for index in rates.indices.suffix(network.context) { rates[index] = rate }
    return .fixed(rates)
  }
}

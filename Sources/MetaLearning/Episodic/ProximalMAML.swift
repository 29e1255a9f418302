public import Models

/// MAML whose adaptation is held back to the meta-parameters, with momentum if wanted.
///
/// Adaptation takes `K` steps `m <- momentum m + g(p) + lambda (p - theta)`, `p <- p - rate m` from theta, and the
/// meta-gradient is the exact derivative through all of them. It is what ``ImplicitMAML`` tends to as its inner steps
/// become many, for any `K` and any curvature, at the memory of the steps.
///
/// Meta-parameters: theta. Cost: as MAML. Memory: `2 K + 6` parameter vectors and one pass.
///
/// Reference: Finn, Abbeel and Levine, ICML 2017, with the regularised adaptation of Rajeswaran, Finn, Kakade
/// and Levine, NeurIPS 2019.
public final class ProximalMAML: MetaAlgorithm {
  /// How an episode is adapted to.
  public let inner: InnerLoop
  /// How strongly adaptation is held back.
  public let lambda: Float
  /// How much of a step is kept for the next.
  public let momentum: Float
  /// Which derivatives the meta-gradient takes; of first order it is the query gradient as it is.
  public let order: Order

  private let unrolling: Unrolling

  /// Proximal MAML for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: How an episode is adapted to.
  ///   - lambda: How strongly adaptation is held back; 0 is MAML.
  ///   - momentum: How much of a step is kept for the next.
  ///   - order: Which derivatives the meta-gradient takes.
  public init(
    network: Network, inner: InnerLoop, lambda: Float, momentum: Float = 0, order: Order
  ) {
    self.inner = inner
    self.lambda = lambda
    self.momentum = momentum
    self.order = order
    let rates = [Float](repeating: inner.rate, count: network.parameterCount)
    unrolling = Unrolling(
      network: network, steps: inner.steps, rates: .fixed(rates), pull: lambda, momentum: momentum)
  }

  /// Overwrites `gradient` with the meta-gradient of one episode.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    unrolling.metaGradient(at: parameters, of: episode, order: order, into: &gradient)
  }
}

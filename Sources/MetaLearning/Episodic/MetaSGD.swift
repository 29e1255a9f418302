public import Models

/// Meta-SGD: the inner rate of every parameter is learnt together with where it starts.
///
/// Adaptation is `theta_{k+1} = theta_k - a ∘ g_k`, in the paper for one step. The meta-gradient is
/// `v - H (a ∘ v)` by theta and `-g ∘ v` by `a`, with `v` the query gradient after adaptation. Rates may
/// become negative.
///
/// Meta-parameters: theta, then `a`. Cost: as MAML; the derivative by `a` is free. Memory: `2 K + 5`
/// parameter vectors and one pass.
///
/// Reference: Li, Zhou, Chen and Li, "Meta-SGD: Learning to learn quickly for few-shot learning", 2017,
/// arXiv:1707.09835.
public final class MetaSGD: MetaAlgorithm {
  /// Which derivatives the meta-gradient takes; of first order `H` is taken to be zero.
  public let order: Order
  /// The value of every rate before learning.
  public let initialRate: Float

  private let unrolling: Unrolling

  /// Meta-SGD for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: The number of inner steps, and what every rate is before learning; the paper takes one
  ///     step and rates between 0.005 and 0.1.
  ///   - order: Which derivatives the meta-gradient takes.
  public init(network: Network, inner: InnerLoop, order: Order) {
    self.order = order
    initialRate = inner.rate
    unrolling = Unrolling(network: network, steps: inner.steps, rates: .perParameter)
  }

  /// The number of meta-parameters: twice that of the network's.
  public var parameterCount: Int { unrolling.count }

  /// The meta-parameters before learning: theta, then the same rate for each.
  public func initialParameters(from theta: [Float]) -> [Float] {
    theta + Array(repeating: initialRate, count: theta.count)
  }

  /// Overwrites `gradient` with the derivatives by theta and by the rates.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    unrolling.metaGradient(at: parameters, of: episode, order: order, into: &gradient)
  }
}

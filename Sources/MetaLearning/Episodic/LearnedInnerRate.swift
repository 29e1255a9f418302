public import Models

/// Meta-gradient descent of the INNER rate: one rate for all steps and parameters is learnt with theta.
///
/// The derivative of the query loss by the rate is `-sum_k g_k · v_{k+1}`, with `v` as in ``MAML``. This is not
/// hypergradient descent (``Optimiser/Hypergradient``), which learns the OUTER rate. The rate may
/// become negative.
///
/// Meta-parameters: theta, then the rate. Cost: as MAML. Memory: `2 K + 5` parameter vectors and one pass.
///
/// Reference: as ``MetaSGD``, of which it is the case of one number.
public final class LearnedInnerRate: MetaAlgorithm {
  /// Which derivatives the meta-gradient takes.
  public let order: Order
  /// The rate before learning.
  public let initialRate: Float

  private let unrolling: Unrolling

  /// A learnt inner rate for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: The number of inner steps, and what the rate is before learning.
  ///   - order: Which derivatives the meta-gradient takes.
  public init(network: Network, inner: InnerLoop, order: Order) {
    self.order = order
    initialRate = inner.rate
    unrolling = Unrolling(network: network, steps: inner.steps, rates: .single)
  }

  /// The number of meta-parameters: one more than the network's.
  public var parameterCount: Int { unrolling.count }

  /// The meta-parameters before learning: theta, then the rate.
  public func initialParameters(from theta: [Float]) -> [Float] { theta + [initialRate] }

  /// Overwrites `gradient` with the derivatives by theta and by the rate.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    unrolling.metaGradient(at: parameters, of: episode, order: order, into: &gradient)
  }
}

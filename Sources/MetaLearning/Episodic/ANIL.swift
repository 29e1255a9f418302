public import Models

/// Almost no inner loop: only the head adapts, the body is shared as it is.
///
/// Inner steps change the last layer alone, which is a rate of zero everywhere else. The body still has
/// a meta-gradient, the mixed second derivative of body and head included.
///
/// Meta-parameters: theta. Cost: as MAML. Memory: `2 K + 5` parameter vectors and one pass.
///
/// Reference: Raghu, Raghu, Bengio and Vinyals, "Rapid learning or feature reuse? Towards understanding
/// the effectiveness of MAML", ICLR 2020.
public final class ANIL: MetaAlgorithm {
  /// Which derivatives the meta-gradient takes.
  public let order: Order

  private let unrolling: Unrolling

  /// ANIL for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt; without hidden layers it is all head, and this
  ///     is MAML.
  ///   - inner: How the head is adapted to an episode.
  ///   - order: Which derivatives the meta-gradient takes.
  public init(network: Network, inner: InnerLoop, order: Order) {
    self.order = order
    unrolling = Unrolling(
      network: network, steps: inner.steps, rates: .head(of: network, rate: inner.rate))
  }

  /// Overwrites `gradient` with the derivative by head and body.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    unrolling.metaGradient(at: parameters, of: episode, order: order, into: &gradient)
  }
}

extension InnerRates {
  /// One rate for the last layer, and zero for all others: the body stays.
  public static func head(of network: Network, rate: Float) -> InnerRates {
    var rates = [Float].zeros(network.parameterCount)
    for index in network.head { rates[index] = rate }
    return .fixed(rates)
  }
}

public import Models

/// Almost no inner loop: only the head adapts, the body is shared as it is.
///
/// Inner steps change the last layer alone, on features that the body has computed once. The meta-gradient is
/// exact for the body too: the mixed second derivatives of head and body of all steps are gathered by the
/// features, and go through the body in one backward pass.
///
/// Meta-parameters: theta. Cost: a query loss and gradient, a gradient of the body on the support set, and `K`
/// gradients and `2 K` Hessian-vector products of the head alone; of first order the query's and the `K`
/// gradients of the head. Memory: `K + 3` heads, three vectors of parameters and three of features. After the
/// first episode of a size nothing is allocated.
///
/// Reference: Raghu, Raghu, Bengio and Vinyals, "Rapid learning or feature reuse? Towards understanding
/// the effectiveness of MAML", ICLR 2020.
public final class ANIL: MetaAlgorithm {
  /// How the head is adapted to an episode.
  public let inner: InnerLoop
  /// Which derivatives the meta-gradient takes.
  public let order: Order

  private let head: Range<Int>
  private let programs: NetworkPrograms
  private let support: HeadDescent
  private var position: [Float]
  private var bodyGradient: [Float]

  /// ANIL for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt; without hidden layers it is all head, and this
  ///     is MAML.
  ///   - inner: How the head is adapted to an episode.
  ///   - order: Which derivatives the meta-gradient takes.
  public init(network: Network, inner: InnerLoop, order: Order) {
    self.inner = inner
    self.order = order
    head = network.head
    programs = NetworkPrograms(network)
    support = HeadDescent(network, inner: inner)
    position = .zeros(network.parameterCount)
    bodyGradient = position
  }

  /// Overwrites `gradient` with the derivative by head and body.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == position.count && gradient.count == position.count,
      "the network has \(position.count) parameters, not \(parameters.count) with a gradient of"
        + " \(gradient.count)")
    position.take(parameters)
    let before = programs.loss(at: position, on: episode.query)
    support.descend(from: position, head, on: episode.support)
    position.put(support.end, at: head.lowerBound)
    let after = programs.gradient(at: position, on: episode.query, into: &gradient)
    if order == .second {
      support.pullBack(&gradient, head, on: episode.support)
      if support.hasBody {
        support.pullBackBody(at: parameters, of: episode.support, into: &bodyGradient)
        gradient.update(bodyGradient) { $0 - $1 }
      }
    }
    return EpisodeLosses(before: before, after: after)
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

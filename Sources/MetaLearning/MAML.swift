public import Models

/// Model-agnostic meta-learning: the meta-gradient is the derivative of the query loss after
/// adaptation.
///
/// Adaptation is `theta_{k+1} = theta_k - rate * g_k` for `K` steps, with `g_k` and `H_k` the gradient
/// and the Hessian of the support loss at `theta_k`. Of second order, the query gradient `v` at
/// `theta_K` is pulled back through every step, `v <- v - rate * H_k v`, with exact Hessian-vector
/// products; of first order it is taken as it is.
///
/// Cost: `K` gradients, a query loss and a query gradient; of second order also `K` Hessian-vector
/// products. Memory: `K + 1` parameter vectors, the kept pass of the last step, and one pass of the
/// network to work in, whatever `K` is. After the first episode of a size nothing is allocated.
///
/// Reference: Finn, Abbeel and Levine, "Model-agnostic meta-learning for fast adaptation of deep
/// networks", ICML 2017.
public final class MAML: MetaAlgorithm {
  /// The network whose parameters are learnt.
  public let network: Network
  /// How an episode is adapted to.
  public let inner: InnerLoop
  /// Which derivatives the meta-gradient takes.
  public let order: Order

  private let parameterCount: Int
  private let programs: NetworkPrograms
  private let trajectory: Trajectory

  /// MAML for a network, with its programs and the memory of its inner loop.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: How an episode is adapted to.
  ///   - order: Which derivatives the meta-gradient takes.
  ///   - keptPasses: Of how many of the last inner steps the activations are kept for the way back,
  ///     which saves computing them again: a quarter of a Hessian-vector product each. Only time,
  ///     memory and rounding depend on it. First order keeps none.
  ///
  /// - Precondition: `keptPasses` is not negative.
  public init(network: Network, inner: InnerLoop, order: Order, keptPasses: Int = 1) {
    precondition(keptPasses >= 0, "cannot keep \(keptPasses) passes")
    self.network = network
    self.inner = inner
    self.order = order
    parameterCount = network.parameterCount
    programs = NetworkPrograms(network)
    trajectory = Trajectory(
      steps: inner.steps, parameterCount: parameterCount,
      passes: order == .second ? keptPasses : 0)
  }

  /// The bytes of the parameter vectors that the inner loop keeps: `K + 1` of them, whatever the
  /// number of examples.
  public var trajectoryBytes: Int { trajectory.bytes }

  /// The bytes of the passes that the inner loop keeps, which grow with the number of examples and not
  /// with `K`.
  public var passBytes: Int { trajectory.passBytes }

  /// Overwrites `gradient` with the meta-gradient of one episode, of the ``order`` asked for.
  ///
  /// - Precondition: `parameters` and `gradient` have the length of the network's parameters.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == parameterCount && gradient.count == parameterCount,
      "the network has \(parameterCount) parameters, not \(parameters.count) with a gradient"
        + " of \(gradient.count)")
    return unsafe parameters.withUnsafeBufferPointer { start in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        unsafe metaGradient(from: start, of: episode, into: gradient)
      }
    }
  }

  private func metaGradient(
    from start: UnsafeBufferPointer<Float>, of episode: PreparedEpisode,
    into gradient: UnsafeMutableBufferPointer<Float>
  ) -> EpisodeLosses {
    let before = episode.query.withRows { unsafe programs.loss(at: start, on: $0) }
    episode.support.withRows { support in
      unsafe trajectory.descend(from: start, on: support, rate: inner.rate, with: programs)
    }
    let after = episode.query.withRows { query in
      unsafe programs.gradient(at: trajectory.end(from: start), on: query, into: gradient)
    }
    if order == .second {
      episode.support.withRows { support in
        unsafe trajectory.pullBack(
          gradient, from: start, on: support, rate: inner.rate, with: programs)
      }
    }
    return EpisodeLosses(before: before, after: after)
  }
}

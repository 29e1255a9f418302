public import Models

/// Reptile: move towards wherever gradient descent ends up.
///
/// Each episode runs `K` steps of gradient descent from theta, plain or, as published, of Adam without a first
/// moment, and reports `theta - theta_K`, which a server
/// takes for a gradient. With one step this is plain training of one model for all: it takes two
/// or more to learn to adapt. A server with momentum-free descent of rate 1 moves all the way.
///
/// Cost: `K` gradients and two query losses; nothing of second order, and memory of two parameter
/// vectors whatever `K` is. After the first episode of a size nothing is allocated.
///
/// Reference: Nichol, Achiam and Schulman, "On first-order meta-learning algorithms", 2018,
/// arXiv:1803.02999.
public final class Reptile: MetaAlgorithm {
  /// What the inner steps descend on.
  public enum Examples: Sendable {
    /// The support set. The query set is looked at for the losses only.
    case support
    /// Support and query set together, as in the paper, where an episode is not split. Then the loss after
    /// adaptation is one on examples that have been trained on.
    case all
  }

  /// The number of inner steps and their size.
  public let inner: InnerLoop
  /// The number by which `theta - theta_K` is multiplied: 1, or `1 / rate` for a sum of gradients.
  public let factor: Float

  private let programs: NetworkPrograms
  private var batches: EpisodeBatches
  private var position: [Float]
  private var step: [Float]
  private var steps: InnerSteps

  /// Reptile for a network, with its programs.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: The number of inner steps and their size.
  ///   - examples: What the inner steps descend on.
  ///   - batch: How many examples a step takes, in turn and from the first again after the last; `nil`
  ///     takes all in each step.
  ///   - adam: The constants of Adam in the inner steps; `nil` descends plainly.
  ///   - isScaled: Whether the result is divided by the rate, so that it is the sum of the inner
  ///     gradients and does not become small with the rate. With Adam at the server it makes no difference.
  public init(
    network: Network, inner: InnerLoop, examples: Examples = .support, batch: Int? = nil,
    adam: InnerAdam? = nil, isScaled: Bool = false
  ) {
    self.inner = inner
    factor = isScaled ? 1 / inner.rate : 1
    programs = NetworkPrograms(network)
    batches = EpisodeBatches(examples, batch: batch)
    position = .zeros(network.parameterCount)
    step = position
    steps = InnerSteps(rate: inner.rate, adam: adam, parameterCount: network.parameterCount)
  }

  /// Overwrites `gradient` with the way back from where the inner steps end to theta.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == position.count && gradient.count == position.count,
      "the network has \(position.count) parameters, not \(parameters.count) with a gradient of"
        + " \(gradient.count)")
    position.take(parameters)
    steps.begin()
    let before = programs.loss(at: position, on: episode.query)
    for number in 0..<inner.steps {
      batches.withBatch(number, of: episode) { rows in
        _ = programs.gradient(at: position, on: rows, into: &step)
      }
      steps.step(&position, along: step)
    }
    let after = programs.loss(at: position, on: episode.query)
    gradient.update(parameters, position) { [factor] _, start, end in
      factor * (start - end)
    }
    return EpisodeLosses(before: before, after: after)
  }
}

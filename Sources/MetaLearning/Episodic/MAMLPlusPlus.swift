public import Models

/// MAML++: rates for each layer and step are learnt, and early rounds look at the loss after every step.
///
/// Of the paper's remedies these are here: a learnt rate for each tensor and inner step; the multi-step loss,
/// a mean of the query losses after each step whose weights move to the last; and first order in the
/// first rounds. Batch normalisation, and with it the per-step statistics, is not: a network here has
/// none in the inner loop.
///
/// Meta-parameters: theta, then the rates, step by step and in each step tensor by tensor (weights and biases of the
/// first layer, of the second, and so on). Cost: as MAML; while the loss after every step counts, `K - 1`
/// gradients more. Memory: `2 K + 5` parameter vectors and one pass.
///
/// Reference: Antoniou, Edwards and Storkey, "How to train your MAML", ICLR 2019, and its code.
public final class MAMLPlusPlus: MetaAlgorithm {
  /// How learning goes from what is easy to what is meant.
  public struct Schedule: Equatable, Sendable {
    /// For how many rounds the losses after earlier steps count as well.
    public var multiStepRounds: Int
    /// For how many rounds derivatives of second order are left out.
    public var firstOrderRounds: Int

    /// So many rounds of each; none means neither.
    public init(multiStepRounds: Int, firstOrderRounds: Int = 0) {
      self.multiStepRounds = multiStepRounds
      self.firstOrderRounds = firstOrderRounds
    }
  }

  /// The number of inner steps, and what every rate is before learning.
  public let inner: InnerLoop
  /// How learning goes from what is easy to what is meant.
  public let schedule: Schedule
  /// The round that meta-gradients are computed for, from 0; to be set before each.
  public var round = 0 {
    didSet {
      if round != oldValue { weights = Self.weights(of: inner.steps, in: round, schedule) }
    }
  }

  private let unrolling: Unrolling
  private var weights: [Float]?

  /// MAML++ for a network, with its programs and the memory of its inner loop.
  ///
  /// - Precondition: there is at least one inner step.
  public init(network: Network, inner: InnerLoop, schedule: Schedule) {
    precondition(inner.steps > 0, "rates of no steps cannot be learnt")
    self.inner = inner
    self.schedule = schedule
    unrolling = Unrolling(
      network: network, steps: inner.steps, rates: .perTensor(steps: inner.steps))
    weights = Self.weights(of: inner.steps, in: 0, schedule)
  }

  /// The number of meta-parameters: the network's, and a rate for each of its tensors and each step.
  public var parameterCount: Int { unrolling.count }
  /// Which derivatives the meta-gradient takes in this round.
  public var order: Order { round < schedule.firstOrderRounds ? .first : .second }

  /// The meta-parameters before learning: theta, then the same rate for all.
  public func initialParameters(from theta: [Float]) -> [Float] {
    theta + Array(repeating: inner.rate, count: parameterCount - theta.count)
  }

  /// The shares of the losses after each inner step in a round, first to last; they sum to 1.
  ///
  /// In round `e` of `E`, of `N` steps: `max(1 / N - e / (N E), 0.03 / N)` for all but the last, and
  /// `min(1 / N + e (N - 1) / (N E), 1 - 0.03 (N - 1) / N)` for that.
  ///
  /// - Returns: `nil` from round `E` on, when only the last counts.
  public static func weights(of steps: Int, in round: Int, _ schedule: Schedule) -> [Float]? {
    guard round < schedule.multiStepRounds else { return nil }
    let (n, share) = (Double(steps), Double(round) / Double(schedule.multiStepRounds))
    let others = max((1 - share) / n, 0.03 / n)
    let last = min((1 + share * (n - 1)) / n, 1 - 0.03 * (n - 1) / n)
    return Array(repeating: Float(others), count: steps - 1) + [Float(last)]
  }

  /// Overwrites `gradient` with the derivatives by theta and by the rates, for the ``round``.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    unrolling.metaGradient(
      at: parameters, of: episode, order: order, weights: weights, into: &gradient)
  }
}

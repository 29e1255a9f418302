/// Which derivatives a meta-gradient takes.
public enum Order: String, Codable, CaseIterable, Sendable {
  /// The query gradient at the adapted parameters, as if adaptation were a constant shift.
  case first
  /// The exact derivative through every inner step.
  case second
}

/// The inner loop: so many gradient steps on the support set, at one rate.
public struct InnerLoop: Equatable, Sendable {
  /// The number of steps; none leaves the parameters as they are.
  public var steps: Int
  /// The size of each.
  public var rate: Float

  /// So many steps of this size.
  ///
  /// - Precondition: `steps` is not negative.
  public init(steps: Int, rate: Float) {
    precondition(steps >= 0, "an inner loop cannot take \(steps) steps")
    self.steps = steps
    self.rate = rate
  }
}

/// The loss on the query set of an episode, penalties included, before and after adaptation.
public struct EpisodeLosses: Equatable, Sendable {
  /// At the meta-parameters.
  public var before: Double
  /// At the parameters adapted to the support set.
  public var after: Double

  /// The losses before and after adaptation.
  public init(before: Double, after: Double) {
    self.before = before
    self.after = after
  }
}

/// A way to learn to learn: it makes of one episode what the meta-parameters are moved along.
///
/// A further algorithm is a further type. One instance serves one thread at a time.
public protocol MetaAlgorithm: AnyObject {
  /// Overwrites `gradient` with the meta-gradient of one episode.
  ///
  /// - Parameters:
  ///   - parameters: The meta-parameters, in the network's order.
  ///   - episode: What is adapted on, and what adaptation is judged on.
  ///   - gradient: Takes as many numbers as there are parameters.
  /// - Returns: The query losses, which come with the gradient at little cost.
  func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses
}

public import Models

#if canImport(Glibc)
  import Glibc
#endif

/// Prototypical networks: a class is where its support examples are on average, and a query belongs to
/// the nearest.
///
/// The network's outputs are an embedding. `p(y = k | x)` is the softmax of `-|f(x) - c_k|^2`, the squared
/// Euclidean distance and not its root, with `c_k` the mean embedding of the support examples of class `k`; the loss is
/// the mean negative log likelihood of the query set. There is no inner loop: adapting is taking means.
///
/// A class that the support set does not have, as happens with outcomes of two kinds and few patients, has its
/// prototype at the origin of the embedding. Learning then sees such episodes too and moves the
/// classes to where that is a fair guess; nothing becomes infinite.
///
/// Meta-parameters: those of the network. Cost: one gradient over support and query set together. Memory: one
/// pass.
///
/// Reference: Snell, Swersky and Zemel, "Prototypical networks for few-shot learning", NeurIPS 2017.
public final class PrototypicalNetwork: MetaAlgorithm {
  private let model: PrototypeModel

  /// Prototypical networks with their programs.
  ///
  /// - Parameters:
  ///   - network: The network that embeds; its loss is not looked at, its penalty is.
  ///   - classes: The number of classes. The targets of episodes have as many columns, or one with the number of
  ///     the class.
  public init(network: Network, classes: Int = 2) {
    model = PrototypeModel(network: network, classes: classes)
  }

  /// Overwrites `gradient` with the derivative of the query loss.
  ///
  /// - Returns: Before adaptation, the loss of knowing no support set: every prototype is at the
  ///   origin, and every class as likely.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    let before = log(Double(model.classes)) + model.penalty(at: parameters)
    let after = model.gradient(at: parameters, of: episode, into: &gradient)
    return EpisodeLosses(before: before, after: after)
  }
}

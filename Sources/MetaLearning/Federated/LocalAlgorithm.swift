/// The mini-batches of a hospital's training patients, one after the other.
public protocol BatchSource: AnyObject {
  /// The next batch. Batches that have to be independent are the results of different calls.
  ///
  /// - Throws: where the patients cannot be read.
  func next() throws -> PreparedExamples
}

/// A way to train a model in common: each hospital trains for itself and sends where it has got to.
///
/// A further algorithm is a further type. One instance serves one thread at a time.
public protocol LocalAlgorithm: AnyObject {
  /// Overwrites `contribution` with what the hospital sends: where it set out from minus where it got to,
  /// which a server takes for a gradient, and what the algorithm wants beside that.
  ///
  /// - Parameters:
  ///   - parameters: What the hospital was sent.
  ///   - batches: The hospital's own patients.
  ///   - memory: What the hospital keeps from round to round; empty before its first. It has to
  ///     survive a restart.
  ///   - contribution: Takes as many numbers as the algorithm says.
  /// - Returns: The loss on the first batch before and after training.
  /// - Throws: what the batches throw; then `memory` and `contribution` hold nothing of use.
  func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses
}

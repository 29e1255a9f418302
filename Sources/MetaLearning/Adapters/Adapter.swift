public import Tensors

/// How a hospital adapts to its own patients with what was learnt: this is what is judged.
///
/// One instance serves one thread at a time.
public protocol Adapter: AnyObject {
  /// The outputs of the network for the query set after each of so many steps on the support set.
  ///
  /// - Parameters:
  ///   - query: What is predicted; its targets are not looked at.
  ///   - steps: After how many steps, in ascending order; 0 is before adaptation.
  ///   - support: What is adapted on.
  ///   - parameters: The meta-parameters, as long as those of the algorithm that learnt them.
  /// - Returns: One matrix a number of steps, `[examples, outputs]`: logits, or numbers.
  func outputs(
    of query: PreparedExamples, after steps: [Int], on support: PreparedExamples,
    at parameters: [Float]
  ) -> [Matrix]
}

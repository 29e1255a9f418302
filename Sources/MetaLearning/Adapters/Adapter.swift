public import Tensors

/// How a hospital adapts to its own patients with what was learnt: this is what is judged.
///
/// One instance serves one thread at a time.
public protocol Adapter: AnyObject {
  /// What `body` makes of the model after each of so many steps on the support set.
  ///
  /// - Parameters:
  ///   - steps: After how many steps, in ascending order; 0 is before adaptation.
  ///   - support: What is adapted on.
  ///   - parameters: The meta-parameters, as long as those of the algorithm that learnt them.
  ///   - body: Is given the model after so many steps, and must not keep it.
  /// - Returns: One result a number of steps.
  func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result]
}

extension Adapter {
  /// The outputs of the network for the query set after each of so many steps on the support set.
  ///
  /// - Parameters:
  ///   - query: What is predicted; its targets are not looked at.
  ///   - steps: After how many steps, in ascending order; 0 is before adaptation.
  ///   - support: What is adapted on.
  ///   - parameters: The meta-parameters, as long as those of the algorithm that learnt them.
  /// - Returns: One matrix a number of steps, `[examples, outputs]`: logits, or numbers.
  public func outputs(
    of query: PreparedExamples, after steps: [Int], on support: PreparedExamples,
    at parameters: [Float]
  ) -> [Matrix] {
    models(after: steps, on: support, at: parameters) { $0.outputs(of: query) }
  }
}

public import Models
public import Tensors

/// Prototypes of the classes of a support set: what adapting is for ``PrototypicalNetwork``.
///
/// There are no steps; after any number of them the outputs are the same. They are logits of all classes where
/// the targets of the support set have a column for each, and of two classes in one column the log odds of
/// class 1. Cost: a forward pass over support and query set.
public final class PrototypeAdapter: Adapter {
  private let model: PrototypeModel

  /// Prototypes in the embedding of a network.
  public init(network: Network, classes: Int = 2) {
    model = PrototypeModel(network: network, classes: classes)
  }

  /// The outputs that the prototypes say, once for each number of steps; see ``Adapter``.
  ///
  /// - Precondition: targets of one column are of two classes.
  public func outputs(
    of query: PreparedExamples, after steps: [Int], on support: PreparedExamples,
    at parameters: [Float]
  ) -> [Matrix] {
    let logits = model.logits(at: parameters, of: query, knowing: support)
    guard support.targets.columns == 1 else { return steps.map { _ in logits } }
    precondition(model.classes == 2, "one column does not tell \(model.classes) classes apart")
    let odds = (0..<logits.rows).map { logits[$0, 1] - logits[$0, 0] }
    let column = Matrix(rows: logits.rows, columns: 1, scalars: odds)
    return steps.map { _ in column }
  }
}

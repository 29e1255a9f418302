public import Models
import Tensors

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

  /// The model that the prototypes make, once for each number of steps; see ``Adapter``.
  ///
  /// - Precondition: targets of one column are of two classes.
  public func models<Result>(
    after steps: [Int], on support: PreparedExamples, at parameters: [Float],
    _ body: (any AdaptedModel) -> Result
  ) -> [Result] {
    precondition(
      support.targets.columns != 1 || model.classes == 2,
      "one column does not tell \(model.classes) classes apart")
    let adapted = Adapted(model: model, parameters: parameters, support: support)
    return steps.map { _ in body(adapted) }
  }

  private struct Adapted: AdaptedModel {
    let model: PrototypeModel
    let parameters: [Float]
    let support: PreparedExamples

    func outputs(of examples: PreparedExamples) -> Matrix {
      let logits = model.logits(at: parameters, of: examples, knowing: support)
      guard support.targets.columns == 1 else { return logits }
      let odds = (0..<logits.rows).map { logits[$0, 1] - logits[$0, 0] }
      return Matrix(rows: logits.rows, columns: 1, scalars: odds)
    }

    func slopes(of examples: PreparedExamples) -> Matrix {
      guard examples.targets.columns == 1 else {
        return model.slopes(at: parameters, of: examples, knowing: support)
      }
      let weights = examples.targets.scalars.flatMap { [-$0, $0] }
      let odds = PreparedExamples(
        inputs: examples.inputs,
        targets: Matrix(rows: examples.count, columns: 2, scalars: weights))
      return model.slopes(at: parameters, of: odds, knowing: support)
    }
  }
}

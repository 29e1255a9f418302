internal import Autodiff

/// What a network's outputs are judged by: a mean over the examples.
public enum Loss: String, CaseIterable, Codable, Sendable {
  /// The negative log likelihood of the softmax of the outputs; targets are one-hot, `[n, outputs]`.
  case softmaxCrossEntropy
  /// The negative log likelihood of the logistic function of each output; targets are 0 or 1,
  /// `[n, outputs]`; the mean is over examples and outputs.
  case binaryCrossEntropy
  /// `(output - target)^2`; targets are `[n, outputs]`; the mean is over examples and outputs.
  case meanSquaredError
}

extension Loss {
  /// The loss of `outputs`, `[n, m]`, against `targets`, `[n, m]`.
  func callAsFunction(_ outputs: Traced, _ targets: Traced) -> Traced {
    let rows = Float(outputs.shape.rows)
    let count = Float(outputs.shape.count)
    return switch self {
    case .softmaxCrossEntropy:
      (outputs.logSumExp() - (outputs * targets).rowSums()).total().scaled(by: 1 / rows)
    case .binaryCrossEntropy:
      (outputs.softplus() - outputs * targets).total().scaled(by: 1 / count)
    case .meanSquaredError:
      (outputs - targets).squared().total().scaled(by: 1 / count)
    }
  }
}

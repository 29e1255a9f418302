/// A part of a network's parameter vector that has a name and a shape.
public struct ParameterTensor: Equatable, Sendable {
  /// What the numbers do, which decides how they start.
  public enum Role: Equatable, Sendable {
    /// They multiply: so many inputs for each of so many outputs. The penalty is on these alone.
    case weights(inputs: Int, outputs: Int)
    /// They are added to what comes of so many inputs; they start at 0 unless an initialiser says otherwise.
    case shift(inputs: Int)
    /// They scale what has been normalised; they start at 1.
    case gain
    /// They are added to what has been normalised; they start at 0.
    case offset
  }

  /// Such as `weight`; within a residual layer with the number of the layer before it: `0.weight`.
  public var name: String
  /// The extents, the last varying fastest.
  public var shape: [Int]
  /// What the numbers do.
  public var role: Role

  /// The number of its entries.
  public var count: Int { shape.reduce(1, *) }

  /// Whether the penalty is on it.
  public var isPenalised: Bool { if case .weights = role { true } else { false } }
}

extension ParameterTensor {
  /// The matrix from `inputs` numbers to `outputs`.
  static func weights(_ inputs: Int, _ outputs: Int, named name: String = "weight") -> Self {
    Self(name: name, shape: [inputs, outputs], role: .weights(inputs: inputs, outputs: outputs))
  }

  /// What is added to `outputs` numbers that come of `inputs`.
  static func shift(_ inputs: Int, _ outputs: Int) -> Self {
    Self(name: "bias", shape: [outputs], role: .shift(inputs: inputs))
  }
}

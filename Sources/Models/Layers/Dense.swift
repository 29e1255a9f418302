internal import Autodiff

/// An affine map onto `units` numbers, then an activation.
public struct Dense: Equatable, Sendable {
  /// The number of outputs.
  public var units: Int
  /// What is applied to each.
  public var activation: Activation

  /// A layer of `units` outputs.
  public init(units: Int, activation: Activation) {
    precondition(units > 0, "a layer is not empty")
    self.units = units
    self.activation = activation
  }
}

extension Dense: LayerRule {
  func output(of signal: Signal) -> Signal { Signal(beside: units) }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    [.weights(signal.width, units), .shift(signal.width, units)]
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    activation(x.product(parameters[0]) + parameters[1].repeatedDown(x.shape.rows))
  }
}

internal import Autodiff

/// The function after a layer's affine map.
public enum Activation: String, CaseIterable, Codable, Sendable {
  /// `max(x, 0)`, with derivative 0 at 0.
  case relu
  /// The hyperbolic tangent.
  case tanh
  /// The logistic function.
  case sigmoid
  /// The Gaussian error linear unit, in the tanh form.
  case gelu
  /// Nothing: the layer is affine.
  case identity
}

extension Activation {
  func callAsFunction(_ x: Traced) -> Traced {
    switch self {
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .gelu: x.gelu()
    case .identity: x
    }
  }
}

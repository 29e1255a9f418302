internal import Autodiff

/// One layer of a network before the last.
public indirect enum Layer: Equatable, Sendable {
  /// An affine map onto so many numbers, then an activation.
  case dense(Dense)
  /// The numbers of each example are brought to mean 0 and variance 1, then scaled and shifted.
  case normalisation
  /// What these layers make of the numbers is added to the numbers.
  case residual([Layer])
}

/// What a kind of layer is: what comes out, what it learns, and how it computes.
protocol LayerRule {
  /// What comes out where `signal` goes in.
  func output(of signal: Signal) -> Signal
  /// What is learnt, in order, where `signal` goes in.
  func tensors(of signal: Signal) -> [ParameterTensor]
  /// What comes out for `x`, a row an example, with these parameters.
  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced
}

extension Layer {
  var rule: any LayerRule {
    switch self {
    case .dense(let dense): dense
    case .normalisation: Normalisation()
    case .residual(let layers): Residual(layers: layers)
    }
  }
}

internal import Autodiff

/// One layer of a network before the last.
public indirect enum Layer: Equatable, Sendable {
  /// An affine map onto so many numbers, then an activation.
  case dense(Dense)
  /// The numbers of each example are brought to mean 0 and variance 1, then scaled and shifted.
  case normalisation
  /// What these layers make of the numbers is added to the numbers.
  case residual([Layer])
  /// The same map of every few steps of a sequence.
  case convolution(Convolution)
  /// A state that every step of a sequence may change.
  case recurrent(GatedRecurrentUnit)
  /// A vector for every code of every category; the first layer of a network.
  case embedding(Embedding)
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
  /// Whether it takes a sequence.
  var readsTime: Bool {
    switch self {
    case .convolution, .recurrent: true
    case .dense, .normalisation, .embedding: false
    case .residual(let layers): layers.contains(where: \.readsTime)
    }
  }

  /// Whether it takes codes.
  var takesCodes: Bool { if case .embedding = self { true } else { false } }

  var rule: any LayerRule {
    switch self {
    case .dense(let dense): dense
    case .normalisation: Normalisation()
    case .residual(let layers): Residual(layers: layers)
    case .convolution(let convolution): convolution
    case .recurrent(let unit): unit
    case .embedding(let embedding): embedding
    }
  }
}

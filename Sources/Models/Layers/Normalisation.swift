internal import Autodiff

/// Layer normalisation: the numbers of each example, all steps included, are brought to mean 0 and variance 1, then each
/// is scaled by a gain and shifted.
///
/// An example is normalised by itself. What batch normalisation would take from the other examples of a support set is
/// no property of the patient, and would differ with who happens to be in it.
///
/// Reference: Ba, Kiros and Hinton, "Layer normalization", 2016.
struct Normalisation: LayerRule {
  /// What is added to the variance, so that equal numbers become 0.
  static let epsilon: Float = 1e-5

  func output(of signal: Signal) -> Signal { signal }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    [
      ParameterTensor(name: "gain", shape: [signal.width], role: .gain),
      ParameterTensor(name: "offset", shape: [signal.width], role: .offset),
    ]
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    let (rows, width) = (x.shape.rows, x.shape.columns)
    let share = 1 / Float(width)
    let centred = x - x.rowSums().scaled(by: share).repeatedAcross(width)
    let variance = centred.squared().rowSums().scaled(by: share)
    let scale = (variance + x.trace.filled(Self.epsilon, variance.shape)).inverseRoot()
    return centred * scale.repeatedAcross(width) * parameters[0].repeatedDown(rows)
      + parameters[1].repeatedDown(rows)
  }
}

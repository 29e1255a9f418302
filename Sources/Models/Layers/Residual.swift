internal import Autodiff

/// What some layers make of the numbers, added to the numbers.
///
/// Reference: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016.
struct Residual: LayerRule {
  let layers: [Layer]

  func output(of signal: Signal) -> Signal {
    precondition(
      steps(from: signal).end.width == signal.width,
      "a residual layer gives as many numbers as it takes, \(signal.width)")
    return signal
  }

  func tensors(of signal: Signal) -> [ParameterTensor] {
    zip(layers, steps(from: signal).entering).enumerated().flatMap { position, step in
      step.0.rule.tensors(of: step.1).map { tensor in
        var tensor = tensor
        tensor.name = "\(position).\(tensor.name)"
        return tensor
      }
    }
  }

  func value(of x: Traced, _ signal: Signal, _ parameters: [Traced]) -> Traced {
    var (value, rest) = (x, parameters[...])
    for (layer, entering) in zip(layers, steps(from: signal).entering) {
      let own = rest.prefix(layer.rule.tensors(of: entering).count)
      value = layer.rule.value(of: value, entering, Array(own))
      rest = rest.dropFirst(own.count)
    }
    return x + value
  }

  /// What goes into each of the layers, and what comes out of the last.
  private func steps(from signal: Signal) -> (entering: [Signal], end: Signal) {
    layers.reduce(into: (entering: [], end: signal)) { steps, layer in
      steps.entering.append(steps.end)
      steps.end = layer.rule.output(of: steps.end)
    }
  }
}

import Glibc
import Models

/// The loss of a network in `Double`, straight from the definitions: what the programs are held against.
struct ReferenceNetwork {
  let network: Network

  func outputs(_ parameters: [Double], _ input: [Double]) -> [Double] {
    var rest = parameters.dropLast(network.context)
    var context = Array(parameters.suffix(network.context))
    var x = input
    let last = Layer.dense(Dense(units: network.outputs, activation: .identity))
    for layer in network.layers + [last] {
      if case .dense = layer {
        x += context
        context = []
      }
      x = value(of: layer, x, &rest)
    }
    return x
  }

  func loss(_ parameters: [Double], _ inputs: [[Double]], _ targets: [[Double]]) -> Double {
    let losses = zip(inputs, targets).map { input, target in
      loss(of: outputs(parameters, input), target)
    }
    return losses.reduce(0, +) / Double(inputs.count) + penalty(parameters)
  }

  private func penalty(_ parameters: [Double]) -> Double {
    let weights = zip(network.parameterTensors, network.tensors).filter { tensor, _ in
      ["bias", "gain", "offset"].allSatisfy { !tensor.name.hasSuffix($0) }
    }
    let sum = weights.reduce(0) { sum, weight in
      sum + parameters[weight.1].reduce(0) { $0 + $1 * $1 }
    }
    return Double(network.l2) / 2 * sum
  }

  private func value(of activation: Activation, at x: Double) -> Double {
    switch activation {
    case .relu: max(x, 0)
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .gelu: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .identity: x
    }
  }

  private func loss(of z: [Double], _ y: [Double]) -> Double {
    switch network.loss {
    case .softmaxCrossEntropy:
      log(z.reduce(0) { $0 + exp($1) }) - zip(z, y).reduce(0) { $0 + $1.0 * $1.1 }
    case .binaryCrossEntropy:
      zip(z, y).reduce(0) { $0 + log(1 + exp($1.0)) - $1.0 * $1.1 } / Double(z.count)
    case .meanSquaredError:
      zip(z, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(z.count)
    }
  }
}

// MARK: Layers

extension ReferenceNetwork {
  /// What a layer makes of an example; its parameters are the first of those that are left.
  private func value(
    of layer: Layer, _ x: [Double], _ rest: inout ArraySlice<Double>
  ) -> [Double] {
    switch layer {
    case .dense(let dense):
      return affine(x, dense.units, &rest).map { value(of: dense.activation, at: $0) }
    case .normalisation:
      let (gains, offsets) = (take(x.count, &rest), take(x.count, &rest))
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
      return x.indices.map {
        (x[$0] - mean) / (variance + Double(Float(1e-5))).squareRoot() * gains[$0] + offsets[$0]
      }
    case .residual(let layers):
      return zip(x, layers.reduce(x) { value(of: $1, $0, &rest) }).map { $0 + $1 }
    }
  }

  private func affine(
    _ x: [Double], _ outputs: Int, _ rest: inout ArraySlice<Double>
  ) -> [Double] {
    let (weights, biases) = (take(x.count * outputs, &rest), take(outputs, &rest))
    return (0..<outputs).map { output in
      x.indices.reduce(biases[output]) { $0 + x[$1] * weights[$1 * outputs + output] }
    }
  }

  private func take(_ count: Int, _ rest: inout ArraySlice<Double>) -> [Double] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}

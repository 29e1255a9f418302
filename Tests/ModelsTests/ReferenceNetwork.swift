import Glibc
import Models

/// The loss of a network in `Double`, straight from the definitions: what the programs are held against.
struct ReferenceNetwork {
  let network: Network

  func outputs(_ parameters: [Double], _ input: [Double]) -> [Double] {
    let activations = network.hidden.map(\.activation) + [.identity]
    var (x, offset) = (input + parameters.suffix(network.context), 0)
    for (layer, activation) in zip(network.layerShapes, activations) {
      let biases = offset + layer.inputs * layer.outputs
      x = (0..<layer.outputs).map { output in
        let sum = x.indices.reduce(parameters[biases + output]) {
          $0 + x[$1] * parameters[offset + $1 * layer.outputs + output]
        }
        return value(of: activation, at: sum)
      }
      offset = biases + layer.outputs
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
    var (sum, offset) = (0.0, 0)
    for layer in network.layerShapes {
      let weights = parameters[offset..<offset + layer.inputs * layer.outputs]
      sum += weights.reduce(0) { $0 + $1 * $1 }
      offset += (layer.inputs + 1) * layer.outputs
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

internal import Autodiff

/// The buffers of a network's programs.
extension Buffer {
  static let parameters = Buffer(0)
  static let inputs = Buffer(1)
  static let targets = Buffer(2)
  static let direction = Buffer(3)
  static let derivative = Buffer(4)
  static let loss = Buffer(5)
  static let outputs = Buffer(6)
  static let pass = Buffer(7)
}

extension Network {
  /// The program that computes the outputs for `rows` examples.
  func outputProgram(rows: Int) -> Program {
    Program.trace { trace in
      let outputs = outputs(at: parameters(in: trace), rows: rows, in: trace)
      return [.init(outputs, at: Buffer.outputs.at(0))]
    }
  }

  /// The program that computes the loss on `rows` examples.
  func lossProgram(rows: Int) -> Program {
    Program.trace { trace in
      let parameters = parameters(in: trace)
      let outputs = outputs(at: parameters, rows: rows, in: trace)
      let targets = trace.input(at: Buffer.targets.at(0), outputs.shape)
      var total = loss(outputs, targets)
      for (weights, _) in parameters where l2 != 0 {
        total = total + weights.squared().total().scaled(by: l2 / 2)
      }
      return [.init(total, at: Buffer.loss.at(0))]
    }
  }

  /// The program that computes the loss and its gradient.
  func gradientProgram(rows: Int) -> Program {
    lossProgram(rows: rows)
      .reversed(from: Buffer.loss.at(0), with: .parameters, into: .derivative)
  }

  /// The program that computes the derivative of the gradient along a direction.
  func hessianVectorProgram(rows: Int) -> Program {
    gradientProgram(rows: rows).only(.derivative).forward(along: [.parameters: .direction])
  }

  /// The gradient, and its derivative along a direction out of what the gradient has left behind.
  func linearisedGradient(rows: Int) -> Linearisation {
    gradientProgram(rows: rows)
      .linearised(of: .derivative, along: [.parameters: .direction], keeping: .pass)
  }

  private func parameters(in trace: Trace) -> [(weights: Traced, biases: Traced)] {
    var offset = 0
    return layerShapes.map { layer in
      defer { offset += (layer.inputs + 1) * layer.outputs }
      let biases = Buffer.parameters.at(offset + layer.inputs * layer.outputs)
      return (
        trace.input(at: Buffer.parameters.at(offset), Shape(layer.inputs, layer.outputs)),
        trace.input(at: biases, Shape(1, layer.outputs))
      )
    }
  }

  private func outputs(
    at parameters: [(weights: Traced, biases: Traced)], rows: Int, in trace: Trace
  ) -> Traced {
    let activations = hidden.map(\.activation) + [.identity]
    var x = trace.input(at: Buffer.inputs.at(0), Shape(rows, inputs))
    for (layer, activation) in zip(parameters, activations) {
      x = activation(x.product(layer.weights) + layer.biases.repeatedDown(rows))
    }
    return x
  }
}

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
  static let queries = Buffer(8)
  static let queryTargets = Buffer(9)
}

extension Network {
  /// The program that computes the outputs for `rows` examples.
  func outputProgram(rows: Int) -> Program {
    Program.trace { trace in
      let outputs = outputs(at: layers(in: trace), of: .inputs, rows: rows, in: trace)
      return [.init(outputs, at: Buffer.outputs.at(0))]
    }
  }

  /// The program that computes the loss on `rows` examples.
  func lossProgram(rows: Int) -> Program {
    Program.trace { trace in
      let layers = layers(in: trace)
      let outputs = outputs(at: layers, of: .inputs, rows: rows, in: trace)
      let targets = trace.input(at: Buffer.targets.at(0), outputs.shape)
      let total = penalised(loss(outputs, targets), layers)
      return [.init(total, at: Buffer.loss.at(0))]
    }
  }

  /// The program that computes the loss and its gradient.
  func gradientProgram(rows: Int) -> Program {
    lossProgram(rows: rows)
      .reversed(from: Buffer.loss.at(0), with: .parameters, into: .derivative)
  }

  /// The program that computes the derivatives of all outputs, weighted and added up, by the inputs; of a network
  /// whose codes are spelled out, since there are none by codes.
  ///
  /// Examples do not act on each other, so a row of these is of that row's outputs alone.
  func slopeProgram(rows: Int) -> Program {
    let weighted = Program.trace { trace in
      let outputs = outputs(at: layers(in: trace), of: .inputs, rows: rows, in: trace)
      let weights = trace.input(at: Buffer.targets.at(0), outputs.shape)
      return [.init((outputs * weights).total(), at: Buffer.loss.at(0))]
    }
    return weighted.reversed(from: Buffer.loss.at(0), with: .inputs, into: .derivative)
      .only(.derivative)
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
}

// MARK: Layers

extension Network {
  /// A layer with its parameters in a trace.
  struct TracedLayer {
    /// The layer, and what goes into it.
    let stage: Stage
    /// Its tensors; the biases of a layer with a context have what comes of that added.
    let parameters: [Traced]
    /// The weights that the penalty is on: all of them.
    let penalised: [Traced]

    func callAsFunction(_ x: Traced) -> Traced {
      stage.layer.rule.value(of: x, stage.signal, parameters)
    }
  }

  func layers(in trace: Trace) -> [TracedLayer] {
    var offset = 0
    return stages.map { stage in
      let tensors = stage.tensors
      defer { offset += tensors.reduce(0) { $0 + $1.count } }
      return stage.hasContext
        ? layerWithContext(stage, at: offset, in: trace)
        : layer(stage, tensors, at: offset, in: trace)
    }
  }

  private func layer(
    _ stage: Stage, _ tensors: [ParameterTensor], at offset: Int, in trace: Trace
  ) -> TracedLayer {
    var place = offset
    let parameters = tensors.map { tensor in
      defer { place += tensor.count }
      let columns = tensor.shape.last ?? 1
      return trace.input(
        at: Buffer.parameters.at(place), Shape(tensor.count / columns, columns))
    }
    let penalised = zip(tensors, parameters).filter { $0.0.isPenalised }.map(\.1)
    return TracedLayer(stage: stage, parameters: parameters, penalised: penalised)
  }

  /// A dense layer whose last weights are those of the context.
  private func layerWithContext(_ stage: Stage, at offset: Int, in trace: Trace) -> TracedLayer {
    let (all, outputs) = (stage.signal.width, stage.layer.rule.output(of: stage.signal).width)
    let own = all - context
    let place = { Buffer.parameters.at(offset + $0 * outputs) }
    let biases = trace.input(at: place(all), Shape(1, outputs))
    let weights = trace.input(at: place(0), Shape(own, outputs))
    let rows = trace.input(at: place(own), Shape(context, outputs))
    let numbers = trace.input(
      at: Buffer.parameters.at(parameterCount - context), Shape(1, context))
    return TracedLayer(
      stage: stage, parameters: [weights, numbers.product(rows) + biases],
      penalised: [weights, rows])
  }

  func outputs(
    at layers: [TracedLayer], of buffer: Buffer, rows: Int, in trace: Trace
  ) -> Traced {
    let features = features(at: layers, of: buffer, rows: rows, in: trace)
    return layers.last.map { $0(features) } ?? features
  }

  /// What the last layer takes: the outputs of the one before, or the inputs.
  func features(
    at layers: [TracedLayer], of buffer: Buffer, rows: Int, in trace: Trace
  ) -> Traced {
    let inputs = trace.input(at: buffer.at(0), Shape(rows, inputs))
    return layers.dropLast().reduce(time?.arranged(inputs) ?? inputs) { x, layer in layer(x) }
  }

  /// The loss with the penalty on the weights.
  func penalised(_ loss: Traced, _ layers: [TracedLayer]) -> Traced {
    guard l2 != 0 else { return loss }
    return layers.flatMap(\.penalised).reduce(loss) { total, weights in
      total + weights.squared().total().scaled(by: l2 / 2)
    }
  }
}

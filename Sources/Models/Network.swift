/// A network of layers, the last dense and without activation, and the loss it is judged by.
///
/// Its parameters are one flat vector, the tensors of the first layer, then of the second, and so on: of a dense layer
/// the weights, `[inputs, outputs]` row by row, and the biases. A context is so many further inputs of the first dense
/// layer that are the same for all examples and parameters themselves: their weights are the last rows of that
/// layer's, and their values lie at the end of the vector.
public struct Network: Equatable, Sendable {
  /// The number of features.
  public let inputs: Int
  /// The layers between.
  public let layers: [Layer]
  /// The number of outputs: classes for softmax, otherwise numbers.
  public let outputs: Int
  /// What the outputs are judged by.
  public let loss: Loss
  /// Half of this times the sum of the squared weights (not biases) is part of every loss.
  public let l2: Float
  /// The number of inputs that are parameters and the same for all examples.
  public let context: Int
  /// Which of the inputs are readings over time, where layers look at them as such.
  public let time: TimeAxis?
  /// Which of the inputs are codes, where the first layer embeds them.
  public let categories: Categories?
  /// The length of the parameter vector.
  public private(set) var parameterCount = 0

  /// A network; without layers between, a linear model.
  ///
  /// - Precondition: no layer is empty, what goes into a residual layer has as many numbers as what comes out,
  ///   layers that take a sequence are given one, and the first layer is an embedding where there are codes, and
  ///   no other layer is.
  public init(
    inputs: Int, layers: [Layer], outputs: Int, loss: Loss, l2: Float = 0, context: Int = 0,
    time: TimeAxis? = nil, categories: Categories? = nil
  ) {
    precondition(
      inputs > 0 && outputs > 0 && context >= 0, "the layers of a network are not empty")
    precondition(
      layers.first.map(\.takesCodes) ?? false == (categories != nil),
      "codes are inputs of a first layer that embeds them, and of no other")
    self.context = context
    self.inputs = inputs
    self.layers = layers
    self.outputs = outputs
    self.loss = loss
    self.l2 = l2
    self.time = layers.contains(where: \.readsTime) ? time : nil
    self.categories = categories
    parameterCount = context + parameterTensors.reduce(0) { $0 + $1.count }
  }

  /// A network of dense layers.
  public init(
    inputs: Int, hidden: [Dense], outputs: Int, loss: Loss, l2: Float = 0, context: Int = 0
  ) {
    self.init(
      inputs: inputs, layers: hidden.map { .dense($0) }, outputs: outputs, loss: loss, l2: l2,
      context: context)
  }
}

extension Network {
  /// A layer with what goes into it, a context included.
  struct Stage {
    let layer: Layer
    let signal: Signal
    let hasContext: Bool
    var tensors: [ParameterTensor] { layer.rule.tensors(of: signal) }
  }

  /// All layers, the last included.
  var stages: [Stage] {
    let all = layers + [.dense(Dense(units: outputs, activation: .identity))]
    let first = all.firstIndex { if case .dense = $0 { true } else { false } }
    let numbers = inputs - (categories?.width ?? 0)
    var signal = time?.signal(of: numbers) ?? Signal(beside: numbers)
    signal.categories = categories
    return all.enumerated().map { position, layer in
      let hasContext = context > 0 && position == first
      var entering = signal
      if hasContext { entering.beside += context }
      signal = layer.rule.output(of: entering)
      return Stage(layer: layer, signal: entering, hasContext: hasContext)
    }
  }

  /// The tensors of the parameter vector in order, each with the number of its layer, such as `layer0.weight`.
  ///
  /// A context, which comes after them, is not among them.
  public var parameterTensors: [ParameterTensor] {
    stages.enumerated().flatMap { position, stage in
      stage.tensors.map { tensor in
        var tensor = tensor
        tensor.name = "layer\(position).\(tensor.name)"
        return tensor
      }
    }
  }

  /// Where each of ``parameterTensors`` is in the parameter vector.
  public var tensors: [Range<Int>] {
    var offset = 0
    return parameterTensors.map { tensor in
      defer { offset += tensor.count }
      return offset..<offset + tensor.count
    }
  }

  /// The number of inputs, context included, and outputs of each dense layer that is in no other, first to last.
  public var layerShapes: [(inputs: Int, outputs: Int)] {
    stages.compactMap { stage in
      guard case .dense(let dense) = stage.layer else { return nil }
      return (inputs: stage.signal.width, outputs: dense.units)
    }
  }

  /// Where the head is in the parameter vector: the weights and biases of the last layer.
  public var head: Range<Int> {
    let tensors = tensors
    return tensors[tensors.count - 2].lowerBound..<tensors[tensors.count - 1].upperBound
  }

  /// How many classes its outputs tell apart, where outcomes are classes: one for each output with
  /// softmax cross-entropy, else two by a single number.
  public var classes: Int { loss == .softmaxCrossEntropy ? outputs : 2 }

  /// How many numbers the last layer takes, without a context.
  var featureCount: Int {
    guard let last = stages.last else { return inputs }
    return last.signal.width - (last.hasContext ? context : 0)
  }
}

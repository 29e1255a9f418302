/// A hidden layer: an affine map onto `units` numbers, then an activation.
public struct Dense: Codable, Equatable, Sendable {
  /// The number of outputs.
  public var units: Int
  /// What is applied to each.
  public var activation: Activation

  /// A layer of `units` outputs.
  public init(units: Int, activation: Activation) {
    self.units = units
    self.activation = activation
  }
}

/// A network of dense layers, the last without activation, and the loss it is judged by.
///
/// Its parameters are one flat vector: the weights of the first layer, `[inputs, outputs]` row by row,
/// its biases, the weights of the second layer, and so on. A context is so many further inputs that are the
/// same for all examples and parameters themselves: their weights are the last rows of the first layer's, and
/// their values lie at the end of the vector.
public struct Network: Codable, Equatable, Sendable {
  /// The number of features.
  public let inputs: Int
  /// The layers between.
  public let hidden: [Dense]
  /// The number of outputs: classes for softmax, otherwise numbers.
  public let outputs: Int
  /// What the outputs are judged by.
  public let loss: Loss
  /// Half of this times the sum of the squared weights (not biases) is part of every loss.
  public let l2: Float
  /// The number of inputs that are parameters and the same for all examples.
  public let context: Int

  /// A network; without hidden layers, a linear model.
  public init(
    inputs: Int, hidden: [Dense], outputs: Int, loss: Loss, l2: Float = 0, context: Int = 0
  ) {
    precondition(
      inputs > 0 && outputs > 0 && context >= 0 && hidden.allSatisfy { $0.units > 0 },
      "the layers of a network are not empty")
    self.context = context
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.loss = loss
    self.l2 = l2
  }
}

extension Network {
  /// The number of inputs, context included, and outputs of each layer, first to last.
  public var layerShapes: [(inputs: Int, outputs: Int)] {
    let sizes = [inputs + context] + hidden.map(\.units) + [outputs]
    return zip(sizes, sizes.dropFirst()).map { (inputs: $0, outputs: $1) }
  }

  /// The length of the parameter vector.
  public var parameterCount: Int {
    // Asked for with every gradient: counts without making an array.
    var (count, width) = (context, inputs + context)
    for layer in hidden {
      count += (width + 1) * layer.units
      width = layer.units
    }
    return count + (width + 1) * outputs
  }

  /// Where the weights and the biases of each layer are in the parameter vector, first to last.
  public var tensors: [Range<Int>] {
    var offset = 0
    return layerShapes.flatMap { layer in
      let biases = offset + layer.inputs * layer.outputs
      defer { offset = biases + layer.outputs }
      return [offset..<biases, biases..<biases + layer.outputs]
    }
  }

  /// Where the head is in the parameter vector: the weights and biases of the last layer.
  public var head: Range<Int> {
    let tensors = tensors
    return tensors[tensors.count - 2].lowerBound..<tensors[tensors.count - 1].upperBound
  }
}

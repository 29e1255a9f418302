public import Tensors

/// How the weights of a network start.
///
/// Biases start at zero unless said otherwise.
public enum Initialiser: String, CaseIterable, Sendable {
  /// Uniform within sqrt(6 / (fan-in + fan-out)); Glorot and Bengio 2010.
  case glorot
  /// Normal with variance 2 / fan-in; He et al. 2015.
  case he
  /// Normal with standard deviation 0.01, drawn again beyond two of them; the MAML paper's code.
  case truncatedNormal
  /// Weights and biases uniform within 1 / sqrt(fan-in).
  case uniformFanIn

  /// Draws one weight of a layer with so many inputs and outputs.
  private func weight(inputs: Int, outputs: Int, using random: inout RandomStream) -> Float {
    switch self {
    case .glorot: Self.uniform(within: 6 / Double(inputs + outputs), using: &random)
    case .he: Float(random.normal() * (2 / Double(inputs)).squareRoot())
    case .truncatedNormal: Float(random.truncatedNormal() * 0.01)
    case .uniformFanIn: Self.uniform(within: 1 / Double(inputs), using: &random)
    }
  }

  /// Draws one bias of a layer with so many inputs.
  private func bias(inputs: Int, using random: inout RandomStream) -> Float {
    switch self {
    case .glorot, .he, .truncatedNormal: 0
    case .uniformFanIn: Self.uniform(within: 1 / Double(inputs), using: &random)
    }
  }

  /// Draws one number of a tensor.
  fileprivate func number(
    of role: ParameterTensor.Role, using random: inout RandomStream
  ) -> Float {
    switch role {
    case .weights(let inputs, let outputs): weight(inputs: inputs, outputs: outputs, using: &random)
    case .shift(let inputs): bias(inputs: inputs, using: &random)
    case .gain: 1
    case .offset: 0
    }
  }

  private static func uniform(within square: Double, using random: inout RandomStream) -> Float {
    let bound = square.squareRoot()
    return Float(random.uniform(in: -bound...bound))
  }
}

extension Network {
  /// Parameters to start from, ``parameterCount`` numbers in the network's order, which is also the
  /// order in which they are drawn; a context starts at zero.
  public func initialParameters(
    _ initialiser: Initialiser, using random: inout RandomStream
  ) -> [Float] {
    var parameters: [Float] = []
    parameters.reserveCapacity(parameterCount)
    for tensor in parameterTensors {
      for _ in 0..<tensor.count {
        parameters.append(initialiser.number(of: tensor.role, using: &random))
      }
    }
    return parameters + Array(repeating: 0, count: context)
  }
}

public import Models
public import Tensors

/// Gradient steps on a support set: what a hospital does with meta-parameters it was given.
///
/// One instance serves one thread at a time.
public final class Adaptation {
  let programs: NetworkPrograms
  private var gradient: [Float]

  /// Adaptation of the parameters of a network.
  public init(network: Network) {
    programs = NetworkPrograms(network)
    gradient = Array(repeating: 0, count: network.parameterCount)
  }

  /// The network whose parameters are adapted.
  public var network: Network { programs.network }

  /// Moves `parameters` by so many gradient steps on the support set.
  ///
  /// Steps may be taken in several calls: what is carried from one to the next is in `parameters`.
  public func adapt(
    _ parameters: inout [Float], to support: PreparedExamples, steps: Int, rate: Float
  ) {
    precondition(
      parameters.count == gradient.count,
      "the network has \(gradient.count) parameters, not \(parameters.count)")
    for _ in 0..<steps {
      descend(&parameters, on: support, rate: rate)
    }
  }

  /// The parameters after so many gradient steps on the support set.
  public func adapted(
    _ parameters: [Float], to support: PreparedExamples, steps: Int, rate: Float
  ) -> [Float] {
    var parameters = parameters
    adapt(&parameters, to: support, steps: steps, rate: rate)
    return parameters
  }

  /// The loss on examples, penalties included.
  public func loss(at parameters: [Float], on examples: PreparedExamples) -> Double {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      examples.withRows { unsafe programs.loss(at: parameters, on: $0) }
    }
  }

  /// The outputs of the network, `[examples, outputs]`: logits, or numbers.
  public func outputs(at parameters: [Float], of examples: PreparedExamples) -> Matrix {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe programs.outputs(at: parameters, inputs: examples.inputs)
    }
  }

  private func descend(_ parameters: inout [Float], on support: PreparedExamples, rate: Float) {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        support.withRows { rows in
          unsafe _ = programs.gradient(at: here, on: rows, into: gradient)
        }
      }
    }
    for index in parameters.indices { parameters[index] -= rate * gradient[index] }
  }
}

import Models
public import Tensors

/// A model as it is after some steps of adaptation; not to be kept, as steps go on.
public protocol AdaptedModel {
  /// The outputs for examples, `[examples, outputs]`: logits, or numbers. Targets are not looked at.
  func outputs(of examples: PreparedExamples) -> Matrix
  /// The derivatives of the outputs by the inputs, `[examples, features]`: of each example the sum of its
  /// outputs, weighted by its targets.
  func slopes(of examples: PreparedExamples) -> Matrix
}

/// A network at its parameters.
struct NetworkModel: AdaptedModel {
  let programs: NetworkPrograms
  let parameters: [Float]

  func outputs(of examples: PreparedExamples) -> Matrix {
    programs.outputs(at: parameters, of: examples)
  }

  func slopes(of examples: PreparedExamples) -> Matrix {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      examples.withRows { unsafe programs.slopes(at: parameters, of: $0) }
    }
  }
}

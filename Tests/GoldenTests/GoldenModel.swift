import MetaLearning
import Models
import Tensors

/// The network of a golden case, and what is asked of it.
struct GoldenModel {
  let network: Network
  let programs: NetworkPrograms

  init(_ record: GoldenRecord) throws {
    let sizes = try record.vector("sizes").map { Int($0) }
    guard sizes.count >= 2, sizes.allSatisfy({ $0 > 0 }) else {
      throw GoldenError.malformed("\(record.path).sizes", expected: "two or more sizes of layers")
    }
    let activation = try Self.activation(record)
    network = try Network(
      inputs: sizes[0],
      hidden: sizes[1..<sizes.count - 1].map { Dense(units: $0, activation: activation) },
      outputs: sizes[sizes.count - 1], loss: Self.loss(record), l2: Float(record.number("l2")))
    programs = NetworkPrograms(network)
    guard try record.number("parameter_count") == Double(network.parameterCount) else {
      throw GoldenError.malformed(
        "\(record.path).parameter_count", expected: "\(network.parameterCount)")
    }
    try record.finish()
  }

  private static func activation(_ record: GoldenRecord) throws -> Activation {
    switch try record.text("activation") {
    case "relu": .relu
    case "tanh": .tanh
    case "gelu_tanh": .gelu
    case "none": .identity
    case let name: throw GoldenError.unknown("\(record.path).activation = \(name)")
    }
  }

  private static func loss(_ record: GoldenRecord) throws -> Loss {
    switch try record.text("loss") {
    case "mse": .meanSquaredError
    case "softmax_ce": .softmaxCrossEntropy
    case "logistic_bce": .binaryCrossEntropy
    case let name: throw GoldenError.unknown("\(record.path).loss = \(name)")
    }
  }
}

// MARK: Data

extension GoldenModel {
  /// A parameter vector of the case.
  func parameters(_ record: GoldenRecord, _ name: String) throws -> [Float] {
    try record.vector(name, count: network.parameterCount).map { Float($0) }
  }

  func examples(_ record: GoldenRecord) throws -> PreparedExamples {
    let inputs = try record.vectors("x", count: network.inputs)
    let targets =
      switch network.loss {
      case .meanSquaredError:
        try record.vectors("y", rows: inputs.count, count: network.outputs)
      case .binaryCrossEntropy: try record.vector("y", count: inputs.count).map { [$0] }
      case .softmaxCrossEntropy:
        try indicators(record.vector("y", count: inputs.count), at: record.path)
      }
    try record.finish()
    return PreparedExamples(inputs: Self.matrix(inputs), targets: Self.matrix(targets))
  }

  func episode(_ record: GoldenRecord) throws -> PreparedEpisode {
    try PreparedEpisode(
      support: examples(record.record("support")), query: examples(record.record("query")))
  }

  private func indicators(_ classes: [Double], at path: String) throws -> [[Double]] {
    try classes.map { index in
      guard (0..<network.outputs).contains(Int(index)) else {
        throw GoldenError.malformed("\(path).y", expected: "indices of \(network.outputs) classes")
      }
      return (0..<network.outputs).map { $0 == Int(index) ? 1 : 0 }
    }
  }

  private static func matrix(_ rows: [[Double]]) -> Matrix {
    Matrix(
      rows: rows.count, columns: rows.first?.count ?? 0, scalars: rows.joined().map { Float($0) })
  }
}

// MARK: Quantities

extension GoldenModel {
  func outputs(_ parameters: [Float], _ examples: PreparedExamples) -> [Float] {
    unsafe parameters.withUnsafeBufferPointer {
      unsafe programs.outputs(at: $0, inputs: examples.inputs).scalars
    }
  }

  func loss(_ parameters: [Float], _ examples: PreparedExamples) -> Double {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      examples.withRows { unsafe programs.loss(at: parameters, on: $0) }
    }
  }

  /// The gradient, and the loss that comes with it.
  func gradient(
    _ parameters: [Float], _ examples: PreparedExamples
  ) -> (gradient: [Float], loss: Double) {
    var gradient = [Float](repeating: .nan, count: parameters.count)
    let loss = unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        examples.withRows { unsafe programs.gradient(at: parameters, on: $0, into: gradient) }
      }
    }
    return (gradient, loss)
  }

  func hessianVectorProduct(
    _ parameters: [Float], along direction: [Float], _ examples: PreparedExamples
  ) -> [Float] {
    var product = [Float](repeating: .nan, count: parameters.count)
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe direction.withUnsafeBufferPointer { direction in
        unsafe product.withUnsafeMutableBufferPointer { product in
          examples.withRows {
            unsafe programs.hessianVectorProduct(
              at: parameters, along: direction, on: $0, into: product)
          }
        }
      }
    }
    return product
  }
}

import Models
import Tensors

/// A network with random parameters and examples.
struct Problem {
  let network: Network
  let rows: Int
  let parameters: [Float]
  let inputs: [Float]
  let targets: [Float]
  let programs: NetworkPrograms
  var random: RandomStream

  init(_ network: Network, rows: Int, seed: UInt64) {
    self.network = network
    self.rows = rows
    programs = NetworkPrograms(network)
    random = RandomStream(seed: seed)
    parameters = Self.normals(network.parameterCount, 0.5, &random)
    inputs = Self.inputs(network, rows: rows, &random)
    targets = Self.targets(network, rows: rows, &random)
  }

  /// Normal numbers, and codes where the network takes codes.
  private static func inputs(
    _ network: Network, rows: Int, _ random: inout RandomStream
  ) -> [Float] {
    var inputs = normals(rows * network.inputs, 1, &random)
    guard let categories = network.categories else { return inputs }
    let first = network.inputs - categories.levels.count
    for row in 0..<rows {
      for (place, range) in categories.ranges.enumerated() {
        inputs[row * network.inputs + first + place] =
          Float(range.lowerBound + random.integer(below: range.count))
      }
    }
    return inputs
  }

  private static func targets(
    _ network: Network, rows: Int, _ random: inout RandomStream
  ) -> [Float] {
    switch network.loss {
    case .softmaxCrossEntropy:
      return (0..<rows).flatMap { _ in
        let picked = random.integer(below: network.outputs)
        return (0..<network.outputs).map { $0 == picked ? Float(1) : 0 }
      }
    case .binaryCrossEntropy:
      return (0..<rows * network.outputs).map { _ in Float(random.integer(below: 2)) }
    case .meanSquaredError:
      return normals(rows * network.outputs, 1, &random)
    }
  }

  /// A random direction in parameter space.
  mutating func direction() -> [Float] { Self.normals(parameters.count, 1, &random) }

  static func normals(_ count: Int, _ scale: Double, _ random: inout RandomStream) -> [Float] {
    (0..<count).map { _ in Float(scale * random.normal()) }
  }

  func withRows<Result>(_ body: (LabelledRows) -> Result) -> Result {
    unsafe inputs.withUnsafeBufferPointer { inputs in
      unsafe targets.withUnsafeBufferPointer { targets in
        unsafe body(LabelledRows(inputs: inputs, targets: targets, rows: rows))
      }
    }
  }

  func loss() -> Double {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      withRows { unsafe programs.loss(at: parameters, on: $0) }
    }
  }

  func gradient() -> (loss: Double, gradient: [Float]) {
    var loss = 0.0
    let gradient = unsafe vector { gradient in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        loss = withRows { unsafe programs.gradient(at: parameters, on: $0, into: gradient) }
      }
    }
    return (loss, gradient)
  }

  func hessian(times direction: [Float]) -> [Float] {
    unsafe vector { product in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        unsafe direction.withUnsafeBufferPointer { direction in
          withRows {
            unsafe programs.hessianVectorProduct(
              at: parameters, along: direction, on: $0, into: product)
          }
        }
      }
    }
  }

  func gradient(keeping pass: Pass) -> [Float] {
    unsafe vector { gradient in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        _ = withRows {
          unsafe programs.gradient(at: parameters, on: $0, into: gradient, keeping: pass)
        }
      }
    }
  }

  func hessian(times direction: [Float], of pass: Pass) -> [Float] {
    unsafe vector { product in
      unsafe parameters.withUnsafeBufferPointer { parameters in
        unsafe direction.withUnsafeBufferPointer { direction in
          withRows {
            unsafe programs.hessianVectorProduct(
              at: parameters, along: direction, on: $0, of: pass, into: product)
          }
        }
      }
    }
  }

  private func vector(_ fill: (UnsafeMutableBufferPointer<Float>) -> Void) -> [Float] {
    var vector = Array(repeating: Float.nan, count: parameters.count)
    unsafe vector.withUnsafeMutableBufferPointer { unsafe fill($0) }
    return vector
  }

  /// The loss by the reference at `parameters + a u + b v`.
  func reference(_ u: [Float], _ a: Double, _ v: [Float] = [], _ b: Double = 0) -> Double {
    let moved = parameters.indices.map {
      Double(parameters[$0]) + a * Double(u[$0]) + (v.isEmpty ? 0 : b * Double(v[$0]))
    }
    return ReferenceNetwork(network: network).loss(
      moved, lines(inputs, network.inputs), lines(targets, network.outputs))
  }

  private func lines(_ numbers: [Float], _ width: Int) -> [[Double]] {
    (0..<rows).map { row in (0..<width).map { Double(numbers[row * width + $0]) } }
  }
}

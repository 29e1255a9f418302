import Models
import Tensors

/// Arithmetic on flat vectors, in place: nothing is allocated.
///
/// Operands may be longer than the vector; then their first numbers count, or those from an offset on.
extension [Float] {
  /// `self[i] = function(self[i], x[offset + i])`.
  @inline(__always)
  mutating func update(_ x: [Float], from offset: Int = 0, _ function: (Float, Float) -> Float) {
    precondition(x.count >= offset + count, "\(x.count) numbers are not \(offset) and \(count)")
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe x.withUnsafeBufferPointer { x in
        for i in 0..<own.count { unsafe own[i] = function(own[i], x[offset + i]) }
      }
    }
  }

  /// `self[i] = function(self[i], x[i], y[i])`.
  @inline(__always)
  mutating func update(_ x: [Float], _ y: [Float], _ function: (Float, Float, Float) -> Float) {
    precondition(x.count >= count && y.count >= count, "vectors of \(x.count) and \(y.count)")
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          for i in 0..<own.count { unsafe own[i] = function(own[i], x[i], y[i]) }
        }
      }
    }
  }

  /// `self[i] = function(x[i], y[i], z[i])`.
  @inline(__always)
  mutating func set(
    _ x: [Float], _ y: [Float], _ z: [Float], _ function: (Float, Float, Float) -> Float
  ) {
    precondition(
      x.count >= count && y.count >= count && z.count >= count,
      "vectors of \(x.count), \(y.count) and \(z.count)")
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          unsafe z.withUnsafeBufferPointer { z in
            for i in 0..<own.count { unsafe own[i] = function(x[i], y[i], z[i]) }
          }
        }
      }
    }
  }

  /// Takes over the numbers of `other` from an offset on, as many as fit.
  mutating func take(_ other: [Float], from offset: Int = 0) {
    update(other, from: offset) { $1 }
  }

  /// Writes `other` to the places from `offset` on.
  mutating func put(_ other: [Float], at offset: Int) {
    precondition(offset + other.count <= count, "\(count) numbers are not \(offset + other.count)")
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe other.withUnsafeBufferPointer { other in
        for i in 0..<other.count { unsafe own[offset + i] = other[i] }
      }
    }
  }

  /// Overwrites every number.
  mutating func fill(_ number: Float) { update(self) { _, _ in number } }

  /// The inner product, summed in `Double`.
  func dot(_ other: [Float]) -> Double {
    precondition(count == other.count, "vectors of \(count) and \(other.count)")
    var sum = 0.0
    for i in indices { sum += Double(self[i]) * Double(other[i]) }
    return sum
  }

  /// The Euclidean norm.
  var norm: Double { dot(self).squareRoot() }

  /// Zeros.
  static func zeros(_ count: Int) -> [Float] { .init(repeating: 0, count: count) }
}

// MARK: Programs on vectors

extension NetworkPrograms {
  func loss(at parameters: [Float], on examples: PreparedExamples) -> Double {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      examples.withRows { unsafe loss(at: parameters, on: $0) }
    }
  }

  @discardableResult
  func gradient(
    at parameters: [Float], on rows: LabelledRows, into gradient: inout [Float]
  ) -> Double {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        unsafe self.gradient(at: here, on: rows, into: gradient)
      }
    }
  }

  /// The gradient, and what a Hessian-vector product at the same place needs of it if there is a pass.
  @discardableResult
  func gradient(
    at parameters: [Float], on examples: PreparedExamples, into gradient: inout [Float],
    keeping pass: Pass? = nil
  ) -> Double {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe gradient.withUnsafeMutableBufferPointer { gradient in
        examples.withRows { rows in
          guard let pass else {
            return unsafe self.gradient(at: here, on: rows, into: gradient)
          }
          return unsafe self.gradient(at: here, on: rows, into: gradient, keeping: pass)
        }
      }
    }
  }

  /// The Hessian times `direction`, out of a pass if one was kept there.
  func hessianVectorProduct(
    at parameters: [Float], along direction: [Float], on examples: PreparedExamples,
    of pass: Pass? = nil, into product: inout [Float]
  ) {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe direction.withUnsafeBufferPointer { direction in
        unsafe product.withUnsafeMutableBufferPointer { product in
          examples.withRows { rows in
            if let pass {
              unsafe hessianVectorProduct(
                at: here, along: direction, on: rows, of: pass, into: product)
            } else {
              unsafe hessianVectorProduct(at: here, along: direction, on: rows, into: product)
            }
          }
        }
      }
    }
  }
}

extension NetworkPrograms {
  /// The outputs for the inputs of examples, `[examples, outputs]`.
  func outputs(at parameters: [Float], of examples: PreparedExamples) -> Matrix {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe outputs(at: parameters, inputs: examples.inputs)
    }
  }
}

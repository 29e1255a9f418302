import Models
import Tensors

/// Arithmetic on flat vectors, in place: nothing is allocated, and loops are left to the vectoriser.
///
/// What is updated is all numbers or those in a range; operands are read from an offset on (the second at one), and may be longer.
extension [Float] {
  /// `self[i] = function(self[i], x[i])`.
  @inline(__always)
  mutating func update(
    in range: Range<Int>? = nil, _ x: [Float], from offset: Int = 0,
    _ function: (Float, Float) -> Float
  ) {
    let range = range ?? 0..<count
    check(range, x, offset)
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe x.withUnsafeBufferPointer { x in
        let own = unsafe UnsafeMutableBufferPointer(rebasing: own[range])
        let x = unsafe UnsafeBufferPointer(rebasing: x[offset..<offset + own.count])
        for i in 0..<own.count { unsafe own[i] = function(own[i], x[i]) }
      }
    }
  }

  /// `self[i] = function(self[i], x[i], y[i])`.
  @inline(__always)
  mutating func update(
    in range: Range<Int>? = nil, _ x: [Float], from offset: Int = 0, _ y: [Float],
    at other: Int = 0, _ function: (Float, Float, Float) -> Float
  ) {
    let range = range ?? 0..<count
    check(range, x, offset)
    check(range, y, other)
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          let own = unsafe UnsafeMutableBufferPointer(rebasing: own[range])
          let x = unsafe UnsafeBufferPointer(rebasing: x[offset..<offset + own.count])
          let y = unsafe UnsafeBufferPointer(rebasing: y[other..<other + own.count])
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
    check(0..<count, x, 0)
    check(0..<count, y, 0)
    check(0..<count, z, 0)
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

  /// Whether the numbers from `offset` on are those of `other`, bit for bit.
  func holds(_ other: [Float], at offset: Int) -> Bool {
    other.check(0..<other.count, self, offset)
    return unsafe withUnsafeBufferPointer { own in
      unsafe other.withUnsafeBufferPointer { other in
        var difference: UInt32 = 0
        for i in 0..<other.count {
          unsafe difference |= own[offset + i].bitPattern ^ other[i].bitPattern
        }
        return difference == 0
      }
    }
  }

  func check(_ range: Range<Int>, _ operand: [Float], _ offset: Int) {
    precondition(
      range.upperBound <= count && offset + range.count <= operand.count,
      "\(range) of \(count) numbers and \(offset) of \(operand.count) do not fit")
  }

  /// Takes over the numbers of `other` from an offset on, as many as fit.
  mutating func take(_ other: [Float], from offset: Int = 0) {
    update(other, from: offset) { $1 }
  }

  /// Writes `other` to the places from `offset` on.
  mutating func put(_ other: [Float], at offset: Int) {
    update(in: offset..<offset + other.count, other) { $1 }
  }

  /// Overwrites every number, or those in a range.
  mutating func fill(_ number: Float, in range: Range<Int>? = nil) {
    // Not by `update` with itself: a second reference would make it a copy.
    let range = range ?? 0..<count
    unsafe withUnsafeMutableBufferPointer { own in
      for i in range { unsafe own[i] = number }
    }
  }

  /// Multiplies every number.
  mutating func scale(by factor: Float) {
    unsafe withUnsafeMutableBufferPointer { own in
      for i in 0..<own.count { unsafe own[i] *= factor }
    }
  }

  /// The inner product of all numbers or those in a range, summed in `Double`.
  func dot(_ other: [Float], in range: Range<Int>? = nil) -> Double {
    let range = range ?? 0..<count
    check(range, other, range.lowerBound)
    return unsafe withUnsafeBufferPointer { own in
      unsafe other.withUnsafeBufferPointer { other in
        var lanes = SIMD4<Double>.zero
        let whole = range.lowerBound + (range.count & ~3)
        for i in stride(from: range.lowerBound, to: whole, by: 4) {
          let x = unsafe SIMD4<Float>(own[i], own[i + 1], own[i + 2], own[i + 3])
          let y = unsafe SIMD4<Float>(other[i], other[i + 1], other[i + 2], other[i + 3])
          lanes += SIMD4<Double>(x) * SIMD4<Double>(y)
        }
        var sum = lanes.sum()
        for i in whole..<range.upperBound { unsafe sum += Double(own[i]) * Double(other[i]) }
        return sum
      }
    }
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

#if canImport(Glibc)
  internal import Glibc
#endif
internal import Tensors

/// `exp(x) / sum(exp(x))` of every row, without overflow.
struct Softmax: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(operands[0], worksInPlace: true) { x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows {
        let row = unsafe x + i * columns
        let largest = unsafe largestEntry(row, columns)
        for j in 0..<columns { unsafe result[i * columns + j] = row[j] - largest }
      }
      unsafe Pointwise.map(result, into: result, count: rows * columns, Exponential.exp)
      for i in 0..<rows {
        let row = unsafe result + i * columns
        var sum: Float = 0
        for j in 0..<columns { sum += unsafe row[j] }
        for j in 0..<columns { unsafe row[j] /= sum }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { value.softmaxJacobian($0) }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [value.softmaxJacobian(adjoint)]
  }
}

/// `log(sum(exp(x)))` of every row, without overflow: `[n, m]` to `[n, 1]`.
struct LogSumExp: Operation {
  func computation(of operands: [Shape]) -> Computation {
    let shape = Shape(operands[0].rows, 1)
    return unsafe Computation(shape, columns: operands[0].columns) {
      x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows {
        let row = unsafe x + i * columns
        let largest = unsafe largestEntry(row, columns)
        var sum: Float = 0
        for j in 0..<columns { sum += unsafe expf(row[j] - largest) }
        unsafe result[i] = largest + logf(sum)
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0].map { (operands[0].softmax() * $0).rowSums() }
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.repeatedAcross(operands[0].shape.columns) * operands[0].softmax()]
  }
}

extension Traced {
  /// The softmax of every row.
  public func softmax() -> Traced { trace.value(of: Softmax(), on: self) }

  /// The logarithm of the sum of the exponentials of every row: `[n, m]` to `[n, 1]`.
  public func logSumExp() -> Traced { trace.value(of: LogSumExp(), on: self) }

  /// With `self` a softmax: its Jacobian, which is symmetric, times `x`.
  fileprivate func softmaxJacobian(_ x: Traced) -> Traced {
    let weighted = self * x
    return weighted - self * weighted.rowSums().repeatedAcross(shape.columns)
  }
}

private func largestEntry(_ row: UnsafePointer<Float>, _ columns: Int) -> Float {
  var largest = unsafe row[0]
  for j in 1..<max(columns, 1) { largest = unsafe max(largest, row[j]) }
  return largest
}

internal import Tensors

/// The matrix product of two arrays, each transposed or not, times a factor; with a third operand,
/// added to that.
struct Product: Operation {
  var leftTransposed = false
  var rightTransposed = false
  var factor: Float = 1

  func computation(of operands: [Shape]) -> Computation {
    let (rows, inner) = sides(operands[0], leftTransposed)
    let (height, columns) = sides(operands[1], rightTransposed)
    let shape = Shape(rows, columns)
    precondition(
      inner == height && (operands.count < 3 || operands[2] == shape),
      "cannot multiply \(operands) as matrices")
    return unsafe Computation(
      shape, inner: inner, factors: (factor, operands.count < 3 ? 0 : 1),
      accumulatesOnto: operands.count < 3 ? nil : 2,
      kernel: vectorKernel(rows, columns, inner) ?? kernel)
  }

  private func sides(_ shape: Shape, _ transposed: Bool) -> (Int, Int) {
    transposed ? (shape.columns, shape.rows) : (shape.rows, shape.columns)
  }

  /// The kernel where a side is 1; a transposed vector lies in memory as the vector does.
  private func vectorKernel(_ rows: Int, _ columns: Int, _ inner: Int) -> Kernel? {
    if inner == 1 {
      return { x, y, result, rows, columns, _, alpha, beta in
        unsafe VectorProduct.outer(
          x, y, into: result, rows: rows, columns: columns, alpha: alpha, beta: beta)
      }
    }
    if columns == 1 && !leftTransposed {
      return { x, y, result, rows, _, inner, alpha, beta in
        unsafe VectorProduct.rows(
          x, y, into: result, rows: rows, inner: inner, alpha: alpha, beta: beta)
      }
    }
    if columns == 1 {
      return { x, y, result, rows, _, inner, alpha, beta in
        unsafe VectorProduct.combination(
          y, x, into: result, columns: rows, inner: inner, alpha: alpha, beta: beta)
      }
    }
    if rows == 1 && !rightTransposed {
      return { x, y, result, _, columns, inner, alpha, beta in
        unsafe VectorProduct.combination(
          x, y, into: result, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    }
    return nil
  }

  private var kernel: Kernel {
    switch (leftTransposed, rightTransposed) {
    case (false, false):
      { x, y, result, rows, columns, inner, alpha, beta in
        unsafe BLAS.product(
          x, leftTransposed: false, y, rightTransposed: false, into: result,
          rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    case (true, false):
      { x, y, result, rows, columns, inner, alpha, beta in
        unsafe BLAS.product(
          x, leftTransposed: true, y, rightTransposed: false, into: result,
          rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    case (false, true):
      { x, y, result, rows, columns, inner, alpha, beta in
        unsafe BLAS.product(
          x, leftTransposed: false, y, rightTransposed: true, into: result,
          rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    case (true, true):
      { x, y, result, rows, columns, inner, alpha, beta in
        unsafe BLAS.product(
          x, leftTransposed: true, y, rightTransposed: true, into: result,
          rows: rows, columns: columns, inner: inner, alpha: alpha, beta: beta)
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    var parts: [Traced] = []
    if let tangent = tangents[0] { parts.append(product(tangent, operands[1])) }
    if let tangent = tangents[1] { parts.append(product(operands[0], tangent)) }
    if operands.count > 2, let tangent = tangents[2] { parts.append(tangent) }
    return parts.sum
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    let (left, right) = (operands[0], operands[1])
    let toLeft =
      leftTransposed
      ? right.product(adjoint, rightTransposed, true, factor)
      : adjoint.product(right, false, !rightTransposed, factor)
    let toRight =
      rightTransposed
      ? adjoint.product(left, true, leftTransposed, factor)
      : left.product(adjoint, !leftTransposed, false, factor)
    return operands.count < 3 ? [toLeft, toRight] : [toLeft, toRight, adjoint]
  }

  private func product(_ left: Traced, _ right: Traced) -> Traced {
    left.product(right, leftTransposed, rightTransposed, factor)
  }
}

extension Traced {
  /// The matrix product, each operand transposed first if asked, times `factor`.
  public func product(
    _ right: Traced, _ leftTransposed: Bool = false, _ rightTransposed: Bool = false,
    _ factor: Float = 1
  ) -> Traced {
    let operation = Product(
      leftTransposed: leftTransposed, rightTransposed: rightTransposed, factor: factor)
    return trace.value(of: operation, on: self, right)
  }
}

internal import Tensors

/// The sum over the rows: `[n, m]` to `[1, m]`.
struct ColumnSums: Operation {
  func computation(of operands: [Shape]) -> Computation {
    let shape = Shape(1, operands[0].columns)
    return unsafe Computation(shape, rows: operands[0].rows) {
      x, _, result, rows, columns, _, _, _ in
      for j in 0..<columns { unsafe result[j] = x[j] }
      for i in 1..<max(rows, 1) {
        let row = unsafe x + i * columns
        for j in 0..<columns { unsafe result[j] += row[j] }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.columnSums()
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.repeatedDown(operands[0].shape.rows)]
  }
}

/// The sum over the columns: `[n, m]` to `[n, 1]`.
struct RowSums: Operation {
  func computation(of operands: [Shape]) -> Computation {
    let shape = Shape(operands[0].rows, 1)
    return unsafe Computation(shape, columns: operands[0].columns) {
      x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows {
        var sum: Float = 0
        for j in 0..<columns { sum += unsafe x[i * columns + j] }
        unsafe result[i] = sum
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.rowSums()
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.repeatedAcross(operands[0].shape.columns)]
  }
}

/// The sum of all entries, in `Double`.
struct Total: Operation {
  func computation(of operands: [Shape]) -> Computation {
    unsafe Computation(.total, rows: operands[0].rows, columns: operands[0].columns) {
      x, _, result, rows, columns, _, _, _ in
      unsafe result.storeTotal(Pointwise.sum(x, count: rows * columns))
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.total()
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.spread(over: operands[0].shape)]
  }
}

extension Traced {
  /// The sum over the rows: `[n, m]` to `[1, m]`.
  public func columnSums() -> Traced {
    if let number = filling {
      return trace.filled(number * Float(shape.rows), Shape(1, shape.columns))
    }
    return trace.value(of: ColumnSums(), on: self)
  }

  /// The sum over the columns: `[n, m]` to `[n, 1]`.
  public func rowSums() -> Traced {
    if let number = filling {
      return trace.filled(number * Float(shape.columns), Shape(shape.rows, 1))
    }
    return trace.value(of: RowSums(), on: self)
  }

  /// The sum of all entries, in `Double`.
  public func total() -> Traced { trace.value(of: Total(), on: self) }
}

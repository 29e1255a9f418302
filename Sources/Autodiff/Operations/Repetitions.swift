/// A row repeated: `[1, m]` to `[n, m]`.
struct RepeatDown: Operation {
  let rows: Int

  func computation(of operands: [Shape]) -> Computation {
    precondition(operands[0].rows == 1, "only a row can be repeated down, not \(operands[0])")
    return unsafe Computation(Shape(rows, operands[0].columns)) {
      x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows {
        let row = unsafe result + i * columns
        for j in 0..<columns { unsafe row[j] = x[j] }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.repeatedDown(rows)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.columnSums()]
  }
}

/// A column repeated: `[n, 1]` to `[n, m]`.
struct RepeatAcross: Operation {
  let columns: Int

  func computation(of operands: [Shape]) -> Computation {
    precondition(
      operands[0].columns == 1, "only a column can be repeated across, not \(operands[0])")
    return unsafe Computation(Shape(operands[0].rows, columns)) {
      x, _, result, rows, columns, _, _, _ in
      for i in 0..<rows {
        for j in 0..<columns { unsafe result[i * columns + j] = x[i] }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.repeatedAcross(columns)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.rowSums()]
  }
}

/// A total in every entry of an array.
struct Spread: Operation {
  let shape: Shape

  func computation(of operands: [Shape]) -> Computation {
    precondition(operands[0].isTotal, "only a total can be spread, not \(operands[0])")
    return unsafe Computation(shape) { x, _, result, rows, columns, _, _, _ in
      let number = unsafe Float(x.loadTotal())
      for i in 0..<rows * columns { unsafe result[i] = number }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.spread(over: shape)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.total()]
  }
}

extension Traced {
  /// A row repeated: `[1, m]` to `[rows, m]`.
  public func repeatedDown(_ rows: Int) -> Traced {
    if let number = filling { return trace.filled(number, Shape(rows, shape.columns)) }
    return rows == 1 ? self : trace.value(of: RepeatDown(rows: rows), on: self)
  }

  /// A column repeated: `[n, 1]` to `[n, columns]`.
  public func repeatedAcross(_ columns: Int) -> Traced {
    if let number = filling { return trace.filled(number, Shape(shape.rows, columns)) }
    return columns == 1 ? self : trace.value(of: RepeatAcross(columns: columns), on: self)
  }

  /// A total in every entry of an array.
  func spread(over shape: Shape) -> Traced {
    if let number = filling { return trace.filled(number, shape) }
    return trace.value(of: Spread(shape: shape), on: self)
  }
}

/// Rows of a table, as codes say: `[n, m]` codes and a table `[l, w]` to `[n, m w]`.
///
/// Columns `j w` and following of row `i` are the table's row whose number is code `j` of row `i`; zeros where the table
/// has no such row. It is the product of the codes, each written as a row of 0 and a 1, with the table. Its derivative by
/// the codes is zero, as of a gate.
struct Lookup: Operation {
  func computation(of operands: [Shape]) -> Computation {
    let (codes, table) = (operands[0], operands[1])
    // The number of rows goes to the kernel as a factor, which is exact up to here.
    precondition(table.rows < 1 << 24, "a table of \(table.rows) rows is longer than codes go")
    return unsafe Computation(
      Shape(codes.rows, codes.columns * table.columns), rows: codes.count, columns: table.columns,
      factors: (Float(table.rows), 0)
    ) { codes, table, result, count, width, _, rows, _ in
      for i in 0..<count {
        let target = unsafe result + i * width
        guard let row = unsafe number(codes[i], below: rows) else {
          for j in 0..<width { unsafe target[j] = 0 }
          continue
        }
        for j in 0..<width { unsafe target[j] = table[row * width + j] }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[1]?.rows(at: operands[0])
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [nil, adjoint.added(at: operands[0], of: operands[1].shape.rows)]
  }
}

/// What ``Lookup`` takes out of a table, added up where it has been: `[n, m]` codes and `[n, m w]` to `[l, w]`.
struct Posting: Operation {
  let rows: Int

  func computation(of operands: [Shape]) -> Computation {
    let (codes, x) = (operands[0], operands[1])
    precondition(
      rows < 1 << 24 && x.rows == codes.rows && x.columns.isMultiple(of: codes.columns),
      "\(x) are no rows for codes of \(codes)")
    let width = x.columns / codes.columns
    return unsafe Computation(
      Shape(rows, width), rows: codes.count, columns: width, factors: (Float(rows), 0)
    ) { codes, x, result, count, width, _, rows, _ in
      for i in 0..<Int(rows) * width { unsafe result[i] = 0 }
      for i in 0..<count {
        guard let row = unsafe number(codes[i], below: rows) else { continue }
        for j in 0..<width { unsafe result[row * width + j] += x[i * width + j] }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[1]?.added(at: operands[0], of: rows)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [nil, adjoint.rows(at: operands[0])]
  }
}

/// The row that a code stands for; nil where there is none.
private func number(_ code: Float, below rows: Float) -> Int? {
  code >= 0 && code < rows ? Int(code) : nil
}

extension Traced {
  /// The rows of this table that `codes` name, those of a row side by side: `[l, w]` to `[n, m w]`.
  public func rows(at codes: Traced) -> Traced {
    if filling == 0 {
      return trace.filled(0, Shape(codes.shape.rows, codes.shape.columns * shape.columns))
    }
    return trace.value(of: Lookup(), on: codes, self)
  }

  /// What is meant for the rows of a table that `codes` name, added up for each of them: `[n, m w]` to `[rows, w]`.
  fileprivate func added(at codes: Traced, of rows: Int) -> Traced {
    if filling == 0 { return trace.filled(0, Shape(rows, shape.columns / codes.shape.columns)) }
    return trace.value(of: Posting(rows: rows), on: codes, self)
  }
}

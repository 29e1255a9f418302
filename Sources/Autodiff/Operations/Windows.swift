/// Stretches of every row, one below the other: `[n, m]` to `[n c, w]`.
///
/// Row `i c + t` of the value is the stretch of row `i` that begins at `offset + t stride`; there are as many (`c`) as
/// fit. So a row that is a sequence becomes a row for each of its steps, or for each place of a filter; with a stride of
/// a whole row it is a part of the columns. The derivative is that of copying: what overlaps adds up.
struct Windows: Operation {
  let offset: Int
  let width: Int
  let stride: Int

  func computation(of operands: [Shape]) -> Computation {
    let (rows, columns) = (operands[0].rows, operands[0].columns)
    let shape = Shape(rows * count(in: columns), width)
    return unsafe Computation(
      shape, rows: rows, columns: columns, inner: width, factors: (Float(stride), Float(offset))
    ) { x, _, result, rows, columns, width, stride, offset in
      let (stride, offset) = (Int(stride), Int(offset))
      let count = (columns - offset - width) / stride + 1
      for i in 0..<rows {
        for t in 0..<count {
          let source = unsafe x + i * columns + offset + t * stride
          let target = unsafe result + (i * count + t) * width
          for j in 0..<width { unsafe target[j] = source[j] }
        }
      }
    }
  }

  /// How many stretches fit into a row.
  func count(in columns: Int) -> Int {
    // Offset and stride go to the kernel as factors, which are exact up to here.
    precondition(
      width > 0 && stride > 0 && offset >= 0 && offset + width <= columns && columns < 1 << 24,
      "a row of \(columns) has no stretches of \(width) from \(offset) on")
    return (columns - offset - width) / stride + 1
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.windows(self)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.laid(as: self, in: operands[0].shape.columns)]
  }
}

/// Rows put back where ``Windows`` takes them from, added where they overlap, and 0 where nothing is: `[n c, w]`
/// to `[n, m]`.
struct Overlay: Operation {
  let windows: Windows
  let columns: Int

  func computation(of operands: [Shape]) -> Computation {
    let count = windows.count(in: columns)
    precondition(
      operands[0].columns == windows.width && operands[0].rows.isMultiple(of: count),
      "\(operands[0]) are no \(count) stretches of \(windows.width) a row")
    return unsafe Computation(
      Shape(operands[0].rows / count, columns), inner: windows.width,
      factors: (Float(windows.stride), Float(windows.offset))
    ) { x, _, result, rows, columns, width, stride, offset in
      let (stride, offset) = (Int(stride), Int(offset))
      let count = (columns - offset - width) / stride + 1
      for i in 0..<rows * columns { unsafe result[i] = 0 }
      for i in 0..<rows {
        for t in 0..<count {
          let source = unsafe x + (i * count + t) * width
          let target = unsafe result + i * columns + offset + t * stride
          for j in 0..<width { unsafe target[j] += source[j] }
        }
      }
    }
  }

  func tangent(along tangents: [Traced?], at operands: [Traced], value: Traced) -> Traced? {
    tangents[0]?.laid(as: windows, in: columns)
  }

  func adjoints(of adjoint: Traced, at operands: [Traced], value: Traced) -> [Traced?] {
    [adjoint.windows(windows)]
  }
}

extension Traced {
  func windows(_ windows: Windows) -> Traced {
    let columns = shape.columns
    let count = windows.count(in: columns)
    if let number = filling {
      return trace.filled(number, Shape(shape.rows * count, windows.width))
    }
    return windows.width == columns ? self : trace.value(of: windows, on: self)
  }

  func laid(as windows: Windows, in columns: Int) -> Traced {
    if filling == 0 {
      return trace.filled(0, Shape(shape.rows / windows.count(in: columns), columns))
    }
    return windows.width == columns
      ? self : trace.value(of: Overlay(windows: windows, columns: columns), on: self)
  }

  /// Stretches of `width` columns, one every `stride` columns, each a row: `[n, m]` to `[n c, width]`.
  public func windows(of width: Int, every stride: Int) -> Traced {
    windows(Windows(offset: 0, width: width, stride: stride))
  }

  /// So many rows after another as one: `[n c, m]` to `[n, c m]`.
  public func joined(_ count: Int) -> Traced {
    laid(
      as: Windows(offset: 0, width: shape.columns, stride: shape.columns), in: count * shape.columns
    )
  }

  /// Some of the columns.
  public func columns(_ range: Range<Int>) -> Traced {
    windows(Windows(offset: range.lowerBound, width: range.count, stride: shape.columns))
  }

  /// The columns of `self`, and those of `others` after them.
  public func beside(_ others: [Traced]) -> Traced {
    let parts = [self] + others
    let all = parts.reduce(0) { $0 + $1.shape.columns }
    var offset = 0
    let placed = parts.map { part in
      defer { offset += part.shape.columns }
      return part.laid(
        as: Windows(offset: offset, width: part.shape.columns, stride: all), in: all)
    }
    return placed.dropFirst().reduce(placed[0]) { $0 + $1 }
  }
}

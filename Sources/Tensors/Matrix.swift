/// A dense matrix of `Float` in row-major order.
public struct Matrix: Equatable, Sendable {
  /// The number of rows; for examples, the number of patients or points.
  public let rows: Int
  /// The number of columns; for examples, the number of features or outputs.
  public let columns: Int
  /// The `rows * columns` entries, row by row.
  public var scalars: [Float]

  /// Takes `scalars` as the entries, row by row.
  ///
  /// - Precondition: `scalars.count == rows * columns`.
  public init(rows: Int, columns: Int, scalars: [Float]) {
    precondition(
      scalars.count == rows * columns,
      "a [\(rows), \(columns)] matrix has \(rows * columns) entries, not \(scalars.count)")
    self.rows = rows
    self.columns = columns
    self.scalars = scalars
  }

  /// A matrix filled with one number.
  public init(rows: Int, columns: Int, repeating scalar: Float = 0) {
    self.init(
      rows: rows, columns: columns, scalars: Array(repeating: scalar, count: rows * columns))
  }

  /// The entry in row `row` and column `column`.
  public subscript(row: Int, column: Int) -> Float {
    get { scalars[row * columns + column] }
    set { scalars[row * columns + column] = newValue }
  }

  /// One row as a slice of the entries.
  public func row(_ index: Int) -> ArraySlice<Float> {
    scalars[index * columns..<(index + 1) * columns]
  }

  /// The matrix of the rows at `indices`, in that order.
  public func rows(at indices: some Collection<Int>) -> Matrix {
    var picked: [Float] = []
    picked.reserveCapacity(indices.count * columns)
    for index in indices { picked.append(contentsOf: row(index)) }
    return Matrix(rows: indices.count, columns: columns, scalars: picked)
  }
}

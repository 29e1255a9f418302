/// Matrix products in which one side is 1: networks of one input or one output are full of them, and for
/// these a call of BLAS costs more than the arithmetic.
///
/// As in ``BLAS``: `result = alpha * left * right + beta * result`, and with `beta` zero the old contents
/// are not read.
public enum VectorProduct {
  /// A matrix `[rows, inner]` times a column: one inner product a row.
  @inlinable
  public static func rows(
    _ left: UnsafePointer<Float>, _ column: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, rows: Int, inner: Int, alpha: Float, beta: Float
  ) {
    for i in 0..<rows {
      let product = unsafe alpha * dot(left + i * inner, column, count: inner)
      unsafe result[i] = beta == 0 ? product : beta * result[i] + product
    }
  }

  /// The sum of the rows of a matrix `[inner, columns]`, each times its entry in `factors`.
  @inlinable
  public static func combination(
    _ factors: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, columns: Int, inner: Int, alpha: Float, beta: Float
  ) {
    unsafe scaled(right, by: alpha * factors[0], into: result, columns, beta)
    for k in 1..<max(inner, 1) {
      unsafe scaled(right + k * columns, by: alpha * factors[k], into: result, columns, 1)
    }
  }

  /// A column times a row: `[rows, columns]`.
  @inlinable
  public static func outer(
    _ column: UnsafePointer<Float>, _ row: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, rows: Int, columns: Int, alpha: Float, beta: Float
  ) {
    for i in 0..<rows {
      unsafe scaled(row, by: alpha * column[i], into: result + i * columns, columns, beta)
    }
  }

  /// `result = factor * vector + beta * result`.
  @inlinable @inline(__always)
  static func scaled(
    _ vector: UnsafePointer<Float>, by factor: Float, into result: UnsafeMutablePointer<Float>,
    _ count: Int, _ beta: Float
  ) {
    if beta == 0 {
      unsafe Pointwise.map(vector, into: result, count: count) { factor * $0 }
    } else {
      unsafe Pointwise.zip(vector, result, into: result, count: count) { factor * $0 + beta * $1 }
    }
  }

  /// The inner product of two vectors.
  @inlinable @inline(__always)
  static func dot(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int
  ) -> Float {
    var lanes = Lanes.zero
    let whole = count & ~7
    var i = 0
    while i < whole {
      lanes += unsafe Pointwise.load(left + i) * Pointwise.load(right + i)
      i += 8
    }
    var sum = lanes.sum()
    while i < count {
      sum += unsafe left[i] * right[i]
      i += 1
    }
    return sum
  }
}

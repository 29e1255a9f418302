import Tensors
import Testing

struct VectorProductTests {
  /// A matrix of these sides as numbers that Float adds without rounding.
  private func matrix(_ rows: Int, _ columns: Int, _ seed: Int) -> [Float] {
    (0..<rows * columns).map { Float(($0 * 7 + seed * 5) % 11 - 5) }
  }

  /// Both ways of one product onto the same old contents.
  private func expectAgreement(
    _ sides: (rows: Int, columns: Int, inner: Int), beta: Float, leftTransposed: Bool = false,
    by vectorProduct: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    let left = matrix(sides.rows, sides.inner, 1)
    let right = matrix(sides.inner, sides.columns, 2)
    var fast = matrix(sides.rows, sides.columns, 3)
    var exact = fast
    unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        guard let x = left.baseAddress, let y = right.baseAddress else { return }
        unsafe fast.withUnsafeMutableBufferPointer { fast in
          if let base = fast.baseAddress { unsafe vectorProduct(x, y, base) }
        }
        unsafe exact.withUnsafeMutableBufferPointer { exact in
          guard let base = exact.baseAddress else { return }
          unsafe BLAS.product(
            x, leftTransposed: leftTransposed, y, rightTransposed: false, into: base,
            rows: sides.rows, columns: sides.columns, inner: sides.inner, alpha: 2, beta: beta)
        }
      }
    }
    #expect(fast == exact)
  }

  @Test("a matrix times a column is what BLAS says", arguments: [0, 1, 0.5] as [Float])
  func rows(beta: Float) {
    for (rows, inner) in [(1, 1), (3, 2), (10, 40), (7, 13), (16, 64)] {
      unsafe expectAgreement((rows, 1, inner), beta: beta) { x, y, result in
        unsafe VectorProduct.rows(
          x, y, into: result, rows: rows, inner: inner, alpha: 2, beta: beta)
      }
    }
  }

  @Test("a row times a matrix is what BLAS says", arguments: [0, 1, 0.5] as [Float])
  func combination(beta: Float) {
    for (columns, inner) in [(2, 1), (3, 2), (40, 10), (13, 7), (64, 16)] {
      unsafe expectAgreement((1, columns, inner), beta: beta) { x, y, result in
        unsafe VectorProduct.combination(
          x, y, into: result, columns: columns, inner: inner, alpha: 2, beta: beta)
      }
    }
  }

  @Test("a transposed matrix times a column is what BLAS says", arguments: [0, 1, 0.5] as [Float])
  func transposed(beta: Float) {
    for (rows, inner) in [(2, 1), (3, 2), (40, 10), (13, 7), (64, 16)] {
      unsafe expectAgreement((rows, 1, inner), beta: beta, leftTransposed: true) { x, y, result in
        unsafe VectorProduct.combination(
          y, x, into: result, columns: rows, inner: inner, alpha: 2, beta: beta)
      }
    }
  }

  @Test("a column times a row is what BLAS says", arguments: [0, 1, 0.5] as [Float])
  func outer(beta: Float) {
    for (rows, columns) in [(1, 1), (3, 2), (10, 40), (7, 13), (64, 9)] {
      unsafe expectAgreement((rows, columns, 1), beta: beta) { x, y, result in
        unsafe VectorProduct.outer(
          x, y, into: result, rows: rows, columns: columns, alpha: 2, beta: beta)
      }
    }
  }
}

import Tensors
import Testing

struct BLASTests {
  @Test(
    "products of all shapes and transpositions agree with their definition",
    arguments: [(1, 1, 1), (10, 40, 1), (10, 1, 40), (3, 5, 7), (16, 64, 13), (65, 33, 70)])
  func products(rows: Int, columns: Int, inner: Int) {
    var random = RandomStream(seed: UInt64(rows * 10_000 + columns * 100 + inner))
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    for (leftTransposed, rightTransposed) in [
      (false, false), (false, true), (true, false), (true, true),
    ] {
      let (left, right) = (numbers(rows * inner), numbers(inner * columns))
      let start = numbers(rows * columns)
      for beta: Float in [0, 1, -0.5] {
        let result = product(
          left, leftTransposed, right, rightTransposed, onto: start, (rows, columns, inner), beta)
        for i in 0..<rows {
          for j in 0..<columns {
            let exact = (0..<inner).reduce(Double(beta) * Double(start[i * columns + j])) {
              sum, k in
              let x = left[leftTransposed ? k * rows + i : i * inner + k]
              let y = right[rightTransposed ? j * inner + k : k * columns + j]
              return sum + 1.5 * Double(x) * Double(y)
            }
            #expect(abs(Double(result[i * columns + j]) - exact) < 2e-5 * Double(inner + 1))
          }
        }
      }
    }
  }

  @Test("with beta zero the old contents are not read, not even when they are no numbers")
  func oldContents() {
    let old = Array(repeating: Float.nan, count: 4)
    let result = product([1, 2, 3, 4], false, [1, 0, 0, 1], false, onto: old, (2, 2, 2), 0)
    #expect(result == [1.5, 3, 4.5, 6])
  }

  private func product(
    _ left: [Float], _ leftTransposed: Bool, _ right: [Float], _ rightTransposed: Bool,
    onto start: [Float], _ sizes: (rows: Int, columns: Int, inner: Int), _ beta: Float
  ) -> [Float] {
    var result = start
    unsafe left.withUnsafeBufferPointer { left in
      unsafe right.withUnsafeBufferPointer { right in
        unsafe result.withUnsafeMutableBufferPointer { result in
          guard let x = left.baseAddress, let y = right.baseAddress, let z = result.baseAddress
          else { return }
          unsafe BLAS.product(
            x, leftTransposed: leftTransposed, y, rightTransposed: rightTransposed, into: z,
            rows: sizes.rows, columns: sizes.columns, inner: sizes.inner, alpha: 1.5, beta: beta)
        }
      }
    }
    return result
  }
}

import Tensors

/// What the machine can do at best: the product of two matrices of side 1024, one thread.
struct Peak {
  private let left = [Float](repeating: 0.5, count: 1 << 20)
  private var result = [Float](repeating: 0, count: 1 << 20)

  /// Floating-point operations a second.
  static func measured() -> Double {
    BLAS.useOneThread()
    var peak = Peak()
    return 2 * Double(1 << 30) * Rates(seconds: 0.05) { peak.multiply() }.highest
  }

  private mutating func multiply() {
    unsafe left.withUnsafeBufferPointer { left in
      unsafe result.withUnsafeMutableBufferPointer { result in
        guard let x = left.baseAddress, let z = result.baseAddress else { return }
        unsafe BLAS.product(
          x, leftTransposed: false, x, rightTransposed: false, into: z,
          rows: 1024, columns: 1024, inner: 1024, alpha: 1, beta: 0)
      }
    }
  }
}

import Tensors
import Testing

struct PointwiseTests {
  @Test("every count of numbers is mapped, and nothing behind them is touched", arguments: 0...33)
  func everyCount(count: Int) {
    var numbers = (0...count).map { Float($0) }
    unsafe numbers.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe Pointwise.map(base, into: base, count: count) { 2 * $0 + 1 }
      unsafe Pointwise.zip(base, base, into: base, count: count) { $0 + $1 }
    }
    #expect(numbers == (0..<count).map { 4 * Float($0) + 2 } + [Float(count)])
  }

  @Test("sums are taken in Double", arguments: [1, 7, 8, 9, 1_000])
  func sum(count: Int) {
    // In Float the ones would vanish beside the large number.
    let numbers = [0x1p30] + Array(repeating: Float(1), count: count) + [-0x1p30]
    let sum = unsafe numbers.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe Pointwise.sum($0, count: count + 2) }
    }
    #expect(sum == Double(count))
  }
}

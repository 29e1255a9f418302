/// The smallest and the largest magnitude in a vector: what limbs it needs, and whether it is finite.
struct MagnitudeRange {
  /// The bits of the largest magnitude.
  private var largest: UInt32 = 0
  /// The bits of the smallest magnitude above zero, less one; of zero, all ones.
  private var smallest = UInt32.max

  init(of vector: UnsafeBufferPointer<Float>) {
    for index in 0..<vector.count {
      let magnitude = unsafe vector[index].bitPattern & 0x7FFF_FFFF
      largest = max(largest, magnitude)
      // Zero wraps around to the largest number, and so never is the smallest magnitude.
      smallest = min(smallest, magnitude &- 1)
    }
  }

  /// Whether no number is infinite or a NaN.
  var isFinite: Bool { largest < Float.infinity.bitPattern }

  /// The limbs in which the lowest bits of all numbers lie; `nil` where every number is zero.
  var limbs: ClosedRange<Int>? {
    largest == 0 ? nil : Self.limb(of: smallest + 1)...Self.limb(of: largest)
  }

  private static func limb(of magnitude: UInt32) -> Int {
    (max(Int(magnitude >> 23), 1) - 1) >> 5
  }
}

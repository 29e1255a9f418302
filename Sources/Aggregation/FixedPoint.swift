/// Rounding of fixed-point numbers, to nearest with ties to even.
enum FixedPoint {
  /// The number nearest to `units * 2^weight`.
  ///
  /// - Parameters:
  ///   - units: The number in units of its lowest bit.
  ///   - weight: The power of two of the lowest bit, below which the result has none either.
  ///   - precision: The bits of the result: 24 of a `Float`, 53 of a `Double`.
  /// - Returns: The rounded number, which has at most `precision` bits.
  static func nearest(to units: Int128, weight: Int, precision: Int) -> Double {
    let magnitude = nearest(
      to: units.magnitude, isMore: false, weight: weight, precision: precision)
    return units < 0 ? -magnitude : magnitude
  }

  /// The number nearest to the sum of `digits[i] * 2^(32 i + weight)`.
  ///
  /// - Parameters:
  ///   - digits: The least significant first; the last two are zero, for carries. Overwritten.
  ///   - weight: The power of two that digit 0 counts in, below which the result has no bit either.
  ///   - precision: The bits of the result: 24 of a `Float`, 53 of a `Double`.
  /// - Returns: The rounded number, which has at most `precision` bits.
  static func nearest(to digits: inout [Int64], weight: Int, precision: Int) -> Double {
    let isNegative = makeMagnitude(&digits)
    guard let top = digits.lastIndex(where: { $0 != 0 }) else { return 0 }
    // Three digits hold the result and eleven bits more; of those below only matters if there are any.
    let lowest = max(top - 2, 0)
    let window = digits[lowest...top].reversed().reduce(0 as UInt128) { $0 << 32 | UInt128($1) }
    let magnitude = nearest(
      to: window, isMore: digits[..<lowest].contains { $0 != 0 }, weight: weight + 32 * lowest,
      precision: precision)
    return isNegative ? -magnitude : magnitude
  }

  /// The number nearest to `(magnitude + more) * 2^weight`, where `more` is less than one unit and
  /// zero unless `isMore`.
  private static func nearest(
    to magnitude: UInt128, isMore: Bool, weight: Int, precision: Int
  ) -> Double {
    let cut = max(0, 128 - magnitude.leadingZeroBitCount - precision)
    var significand = UInt64(truncatingIfNeeded: magnitude >> UInt128(cut))
    if cut > 0 {
      let half = UInt128(1) << UInt128(cut - 1)
      let rest = magnitude & (half << 1 - 1)
      let isBeyond = rest > half || (rest == half && (isMore || significand & 1 == 1))
      significand += isBeyond ? 1 : 0
    }
    return Double(sign: .plus, exponent: cut + weight, significand: Double(significand))
  }

  /// Makes `digits` the magnitude of the number, each in `0..<2^32`; returns whether it was negative.
  private static func makeMagnitude(_ digits: inout [Int64]) -> Bool {
    carry(&digits)
    guard let last = digits.last, last < 0 else { return false }
    for index in digits.indices { digits[index] = -digits[index] }
    carry(&digits)
    return true
  }

  private static func carry(_ digits: inout [Int64]) {
    for index in 0..<digits.count - 1 {
      digits[index + 1] += digits[index] >> 32
      digits[index] &= 0xFFFF_FFFF
    }
  }
}

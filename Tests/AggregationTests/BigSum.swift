/// An oracle for exact sums: integers of any length, in two's complement, nothing shared with the
/// code under test.
struct BigSum {
  /// Bits, the least significant first, in units of 2^-1074; 2300 of them hold every sum tested.
  private var words = [UInt64](repeating: 0, count: 36)

  /// Adds a finite number.
  mutating func add(_ number: Double) {
    guard number != 0 else { return }
    var magnitude = abs(number)
    var power = 0
    // Scale by exact powers of two until the magnitude is a whole number of 2^-1074.
    while magnitude < 0x1p-1000 {
      magnitude *= 0x1p60
      power -= 60
    }
    let exponent = Int(magnitude.exponent) - 52
    let significand = UInt64(magnitude.significand * 0x1p52)
    addShifted(significand, by: exponent + power + 1074, negative: number < 0)
  }

  private mutating func addShifted(_ significand: UInt64, by shift: Int, negative: Bool) {
    // A negative shift only drops zero bits, of subnormal numbers.
    let whole = shift < 0 ? significand >> UInt64(-shift) : significand
    let place = max(shift, 0)
    var addend = [UInt64](repeating: 0, count: words.count)
    let wide = UInt128(whole) << UInt128(place % 64)
    addend[place / 64] = UInt64(truncatingIfNeeded: wide)
    addend[place / 64 + 1] = UInt64(truncatingIfNeeded: wide >> 64)
    accumulate(negative ? Self.negated(addend) : addend)
  }

  private mutating func accumulate(_ addend: [UInt64]) {
    var carry: UInt64 = 0
    for index in words.indices {
      let sum = UInt128(words[index]) + UInt128(addend[index]) + UInt128(carry)
      words[index] = UInt64(truncatingIfNeeded: sum)
      carry = UInt64(truncatingIfNeeded: sum >> 64)
    }
  }

  private static func negated(_ words: [UInt64]) -> [UInt64] {
    var carry = true
    return words.map { word in
      let (flipped, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
      carry = overflow
      return flipped
    }
  }

  /// The sign and the magnitude.
  private var magnitude: (negative: Bool, words: [UInt64]) {
    let negative = words[words.count - 1] >> 63 == 1
    return (negative, negative ? Self.negated(words) : words)
  }

  /// Whether bit `position` of the magnitude is set.
  private static func bit(_ position: Int, of words: [UInt64]) -> Bool {
    position >= 0 && words[position / 64] >> UInt64(position % 64) & 1 == 1
  }

  /// The exact sum rounded to nearest, ties to even, bit by bit.
  ///
  /// - Parameters:
  ///   - precision: The bits of the significand.
  ///   - lowest: The power of two of the lowest bit that the format has.
  /// - Returns: The rounded number.
  func rounded(precision: Int, lowest: Int) -> Double {
    let (negative, words) = magnitude
    let floor = lowest + 1074
    guard let top = (0..<words.count * 64).last(where: { Self.bit($0, of: words) }) else {
      return 0
    }
    let cut = max(floor, top - precision + 1)
    var significand: UInt64 = 0
    for position in stride(from: max(top, cut), through: cut, by: -1) {
      significand = significand << 1 | (Self.bit(position, of: words) ? 1 : 0)
    }
    let half = Self.bit(cut - 1, of: words)
    let rest = cut > 1 && (0..<cut - 1).contains { Self.bit($0, of: words) }
    if half && (rest || significand & 1 == 1) { significand += 1 }
    return Double(
      sign: negative ? .minus : .plus, exponent: cut - 1074, significand: Double(significand))
  }

  /// The nearest `Float`.
  var float: Float { Float(rounded(precision: 24, lowest: -149)) }
  /// The nearest `Double`.
  var double: Double { rounded(precision: 53, lowest: -1074) }
}

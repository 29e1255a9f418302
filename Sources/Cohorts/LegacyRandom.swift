#if canImport(Glibc)
  import Glibc
#endif

/// The draws of numpy's legacy generator, `numpy.random.RandomState`, bit for bit but for what the C library
/// makes of a logarithm: MT19937, and normal numbers in pairs by the polar method.
///
/// It is here for data sets that were published as a program and a seed; all that is drawn for other
/// purposes comes from `RandomStream`.
///
/// References: Matsumoto and Nishimura, "Mersenne twister", ACM TOMACS 1998; Marsaglia and Bray, "A
/// convenient method for generating normal variables", SIAM Review 1964.
struct LegacyRandom: Sendable {
  private static let length = 624
  private static let middle = 397

  private var words: [UInt32]
  private var position = length
  /// The second number of the last pair, if it is still to be used.
  private var second: Double?

  /// The generator after `seed(seed)`.
  init(seed: UInt32) {
    words = [seed]
    words.reserveCapacity(Self.length)
    for index in 1..<UInt32(Self.length) {
      let last = words[words.count - 1]
      words.append(1_812_433_253 &* (last ^ (last >> 30)) &+ index)
    }
  }

  /// A number from 0 to below 1, of 53 bits.
  mutating func uniform() -> Double {
    let (high, low) = (next() >> 5, next() >> 6)
    return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
  }

  /// A normal number.
  mutating func normal(mean: Double = 0, spread: Double = 1) -> Double {
    if let number = second {
      second = nil
      return mean + spread * number
    }
    let (x, y, square) = pair()
    let factor = (-2 * log(square) / square).squareRoot()
    second = factor * x
    return mean + spread * (factor * y)
  }

  /// Goes on as if so many normal numbers had been drawn.
  mutating func skip(normals count: Int) {
    var rest = count
    if rest > 0, second != nil {
      second = nil
      rest -= 1
    }
    while rest > 1 {
      _ = pair()
      rest -= 2
    }
    if rest == 1 { _ = normal() }
  }

  /// A point of the unit disc other than its middle, and its squared distance from that.
  private mutating func pair() -> (x: Double, y: Double, square: Double) {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1 && square != 0 { return (x, y, square) }
    }
  }

  private mutating func next() -> UInt32 {
    if position == Self.length { twist() }
    var word = words[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  private mutating func twist() {
    for index in 0..<Self.length {
      let following = words[(index + 1) % Self.length]
      let joined = (words[index] & 0x8000_0000) | (following & 0x7fff_ffff)
      let turned = joined & 1 == 0 ? joined >> 1 : (joined >> 1) ^ 0x9908_b0df
      words[index] = words[(index + Self.middle) % Self.length] ^ turned
    }
    position = 0
  }
}

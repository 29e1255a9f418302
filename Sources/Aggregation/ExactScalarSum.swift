/// The exact sum of `Double` numbers: the same bits for every order and every grouping.
///
/// For losses, metrics and the sums and squares of features. 67 limbs of 32 bits span the numbers
/// from 2^-1074 to beyond 2^1024; a sum holds about half a kibibyte. Up to 2^39 contributions.
public struct ExactScalarSum: Sendable {
  private static let limbCount = 67
  private static let additionsBetweenCarries = 1 << 30

  private var limbs = [Int64](repeating: 0, count: limbCount)
  private var pending = 0
  /// How many numbers have been added, those in merged sums included.
  public private(set) var contributions = 0

  /// The sum of no numbers: zero.
  public init() {}

  /// Adds a number.
  ///
  /// - Throws: ``NonFiniteContribution`` where it is infinite or a NaN; nothing is added then.
  public mutating func add(_ number: Double) throws(NonFiniteContribution) {
    guard number.isFinite else { throw NonFiniteContribution(index: 0) }
    if pending >= Self.additionsBetweenCarries { carry() }
    let biased = Int(number.exponentBitPattern)
    let significand = number.significandBitPattern | (biased == 0 ? 0 : 1 << 52)
    let shift = max(biased, 1) - 1
    spread(UInt128(significand) << UInt128(shift & 31), from: shift >> 5, negative: number < 0)
    pending += 1
    contributions += 1
  }

  /// Adds all that `other` holds, as if its numbers had been added one by one.
  public mutating func add(_ other: ExactScalarSum) {
    var other = other
    other.carry()
    carry()
    for index in limbs.indices { limbs[index] += other.limbs[index] }
    pending = 1
    contributions += other.contributions
  }

  /// Forgets all contributions.
  public mutating func reset() {
    self = ExactScalarSum()
  }

  /// The limbs, each but the topmost in `0..<2^32`.
  var carried: [Int64] {
    var sum = self
    sum.carry()
    return sum.limbs
  }

  /// The sums that `words` hold, one a number.
  ///
  /// - Parameters:
  ///   - words: What has travelled.
  ///   - contributions: How many numbers were added to each of them, wherever that was.
  /// - Returns: As many sums as `words` has numbers.
  /// - Throws: ``ImplausibleSum`` where so many finite numbers cannot have these sums.
  public static func sums(
    of words: ExactWords, contributions: Int
  ) throws(ImplausibleSum) -> [ExactScalarSum] {
    let (first, limbs) = try words.limbs(on: .double, contributions: contributions)
    return (0..<words.count).map { index in
      var sum = ExactScalarSum()
      for (limb, place) in stride(from: index, to: limbs.count, by: words.count).enumerated() {
        sum.limbs[first + limb] = limbs[place]
      }
      sum.carry()
      sum.contributions = contributions
      return sum
    }
  }

  /// The `Double` nearest to the exact sum; infinite where it exceeds all of them.
  public var rounded: Double {
    var digits = limbs + [0, 0]
    return FixedPoint.nearest(to: &digits, weight: -1074, precision: 53)
  }

  /// Adds up to 84 bits to three neighbouring limbs.
  private mutating func spread(_ units: UInt128, from limb: Int, negative: Bool) {
    for place in 0..<3 {
      let digit = Int64(UInt64(truncatingIfNeeded: units >> UInt128(32 * place)) & 0xFFFF_FFFF)
      limbs[limb + place] += negative ? -digit : digit
    }
  }

  private mutating func carry() {
    for index in 0..<limbs.count - 1 {
      limbs[index + 1] += limbs[index] >> 32
      limbs[index] &= 0xFFFF_FFFF
    }
    pending = 0
  }
}

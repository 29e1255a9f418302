/// Exact sums as they travel: whole numbers of several 64-bit words, in units of a power of two.
///
/// Number `i` is the integer in two's complement of the words `w * count + i`, the least significant
/// first, times 2^``exponent``. Nothing is rounded, so sums of sums are the sum of all, to the last bit,
/// whoever adds them up and in whatever groups.
///
/// Bytes: 8 a word; gradients take a word a number, or two where some are below 2^-30.
public struct ExactWords: Equatable, Sendable {
  /// How many numbers there are.
  public let count: Int
  /// The power of two that the integers count in.
  public let exponent: Int
  /// The words, the least significant of all numbers first.
  public let words: [Int64]

  /// Takes the parts as they are.
  ///
  /// - Precondition: every number has as many words as the others.
  public init(count: Int, exponent: Int, words: [Int64]) {
    precondition(
      words.count.isMultiple(of: max(count, 1)),
      "\(words.count) words are not the same number of words for each of \(count) numbers")
    self.count = count
    self.exponent = exponent
    self.words = words
  }

  /// How many words each number has.
  public var width: Int { count == 0 ? 0 : words.count / count }
}

// MARK: Limbs into words

extension ExactWords {
  private static let low: Int64 = 0xFFFF_FFFF

  /// Packs limbs of 32 bits, `count` numbers a limb and the least significant limb first, into no
  /// more words than the largest number needs.
  ///
  /// Every limb is in `0..<2^32` but the topmost, which has a sign and up to 63 bits.
  init(limbs: [Int64], count: Int, exponent: Int) {
    let held = count == 0 ? 0 : limbs.count / count
    guard held > 0 else {
      self.init(count: count, exponent: exponent, words: [])
      return
    }
    var words = [Int64](repeating: 0, count: (held / 2 + 1) * count)
    for place in words.indices {
      let (word, index) = (place / count, place % count)
      let top = limbs[(held - 1) * count + index]
      func half(_ limb: Int) -> Int64 {
        limb < held - 1
          ? limbs[limb * count + index] : top >> Int64(min(32 * (limb - held + 1), 63)) & Self.low
      }
      words[place] = half(2 * word) | half(2 * word + 1) << 32
    }
    Self.trim(&words, count)
    self.init(count: count, exponent: exponent, words: words)
  }

  /// Drops topmost words that only repeat the sign of those below.
  private static func trim(_ words: inout [Int64], _ count: Int) {
    while words.count > count {
      let below = words.count - 2 * count
      let repeatsSign = (below..<below + count).allSatisfy { words[$0 + count] == words[$0] >> 63 }
      guard repeatsSign else { return }
      words.removeLast(count)
    }
  }
}

// MARK: Words into limbs

extension ExactWords {
  /// The limbs that the words stand for, from limb `first` of `scale`, the least significant first.
  ///
  /// Every limb is in `0..<2^32` but the topmost, which has a sign and at most 61 bits: what lies
  /// above the topmost limb of the scale is added to it, so that limbs of both origins can be added
  /// without overflow.
  ///
  /// - Parameters:
  ///   - scale: Of what kind the numbers are that were added.
  ///   - contributions: How many of them, all finite, are said to have been added.
  /// - Returns: The lowest limb's place on the scale, and the limbs.
  /// - Throws: ``ImplausibleSum`` where so many numbers cannot have this sum.
  func limbs(
    on scale: LimbScale, contributions: Int
  ) throws(ImplausibleSum) -> (first: Int, limbs: [Int64]) {
    let first = try firstLimb(on: scale, contributions: contributions)
    let held = min(2 * width, scale.topmost + 1 - first)
    var limbs = [Int64](repeating: 0, count: held * count)
    for place in limbs.indices {
      let (limb, index) = (place / count, place % count)
      guard limb == held - 1 else {
        limbs[place] = half(limb, of: index) & Self.low
        continue
      }
      let top = top(from: limb, of: index)
      // All that is below the topmost limb of the scale, one number can be.
      if first + limb == scale.topmost, !scale.holds(top, contributions: contributions) {
        throw .tooLarge(index: index, contributions: contributions)
      }
      limbs[place] = Int64(truncatingIfNeeded: top)
    }
    return (first, limbs)
  }

  private func firstLimb(
    on scale: LimbScale, contributions: Int
  ) throws(ImplausibleSum) -> Int {
    guard (0...LimbScale.mostContributions).contains(contributions),
      contributions > 0 || words.allSatisfy({ $0 == 0 })
    else { throw .contributions(contributions) }
    let (first, rest) = (exponent - scale.weight).quotientAndRemainder(dividingBy: 32)
    // Four limbs from the topmost on fit 128 bits.
    guard rest == 0, (0..<scale.topmost).contains(first), first + 2 * width <= scale.topmost + 4
    else { throw .range(exponent: exponent, words: width) }
    return first
  }

  /// Half a word, with a sign if it is the upper one.
  private func half(_ limb: Int, of index: Int) -> Int64 {
    let word = words[limb / 2 * count + index]
    return limb.isMultiple(of: 2) ? word & Self.low : word >> 32
  }

  /// What the limbs from `limb` on are together, in units of that limb.
  private func top(from limb: Int, of index: Int) -> Int128 {
    var top = Int128(half(2 * width - 1, of: index))
    for below in stride(from: 2 * width - 2, through: limb, by: -1) {
      top = top << 32 | Int128(half(below, of: index) & Self.low)
    }
    return top
  }
}

/// Where the limbs of 32 bits of one kind of number lie.
struct LimbScale: Sendable {
  /// More contributions than sums are made for.
  static let mostContributions = 1 << 39

  /// The power of two of the lowest bit of limb 0.
  let weight: Int
  /// The limb into which the largest finite number reaches, and from which on sums take carries only.
  let topmost: Int
  /// Every finite number is below two to so many, in units of the topmost limb.
  private let bits: Int

  /// Of `Float`: from 2^-149 to below 2^128.
  static let float = LimbScale(weight: -149, topmost: 8, bits: 21)
  /// Of `Double`: from 2^-1074 to below 2^1024.
  static let double = LimbScale(weight: -1074, topmost: 65, bits: 18)

  /// Whether so many numbers can have a sum of `top` units of the topmost limb and a bit more.
  func holds(_ top: Int128, contributions: Int) -> Bool {
    let bound = Int128(contributions) << Int128(bits)
    return -bound <= top && top < bound
  }
}

/// Words that cannot be the sum they are said to be; nothing of it was added.
public enum ImplausibleSum: Error, Equatable, Sendable {
  /// No sum is of so many contributions, or the sum of none is not zero.
  case contributions(Int)
  /// The words lie outside the range of such sums.
  case range(exponent: Int, words: Int)
  /// The number at an index exceeds what so many finite contributions can add up to.
  case tooLarge(index: Int, contributions: Int)
}

extension ImplausibleSum: CustomStringConvertible {
  /// What was found and what is accepted, in words.
  public var description: String {
    switch self {
    case .contributions(let count):
      "an exact sum of \(count) contributions; accepted are sums of at most 2^39, and zero of none"
    case .range(let exponent, let words):
      "an exact sum of \(words) words from 2^\(exponent) on, which is outside the range of such sums"
    case .tooLarge(let index, let contributions):
      "an exact sum whose number at index \(index) is larger than \(contributions) finite"
        + " contributions can make it"
    }
  }
}

// MARK: Sums in and out

extension ExactWords {
  /// What `sum` holds.
  public init(_ sum: ExactSum) {
    self = sum.words
  }

  /// What `sums` hold, in the units of the finest of them.
  public init(_ sums: [ExactScalarSum]) {
    let rows = sums.map(\.carried)
    let used = rows.compactMap { limbs in limbs.firstIndex { $0 != 0 } }
    // The topmost limb alone would be no place for what carries leave below it.
    let first = min(used.min() ?? 0, LimbScale.double.topmost - 1)
    let held = rows.first?.count ?? 0
    let limbs = (first..<max(held, first)).flatMap { limb in rows.map { $0[limb] } }
    self.init(
      limbs: limbs, count: sums.count, exponent: LimbScale.double.weight + 32 * first)
  }
}

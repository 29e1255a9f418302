#if canImport(Glibc)
  import Glibc
#endif

/// A stream of random numbers with a name, made from a seed or from a parent stream.
///
/// Children are made by name and not by order, so what one part of a program draws never depends on
/// what another has drawn before it, on threads, or on which process it happens in:
///
///     let run = RandomStream(seed: 7)
///     var support = run.child("round", 3).child("st-anna").child("support")
///     let picked = support.sample(5, of: patients.count)
///
/// Numbers come from ``Philox`` in counter mode, keyed by the path of names.
public struct RandomStream: Sendable, RandomNumberGenerator {
  private let key: UInt64
  private var counter: UInt64 = 0
  private var spare: UInt64?

  /// The root stream of a seed.
  public init(seed: UInt64) {
    key = Self.derive(from: seed, name: 0, index: 0)
  }

  private init(key: UInt64) {
    self.key = key
  }

  /// The stream called `name` below this one, whatever has been drawn from this one.
  public func child(_ name: String) -> RandomStream {
    RandomStream(key: Self.derive(from: key, name: Self.hash(name), index: 0))
  }

  /// The stream called `name` and numbered `index` below this one.
  public func child(_ name: String, _ index: Int) -> RandomStream {
    RandomStream(
      key: Self.derive(
        from: key, name: Self.hash(name), index: UInt32(truncatingIfNeeded: index) &+ 1))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    if let kept = spare {
      spare = nil
      return kept
    }
    let block = Philox.block(at: Self.counterBlock(counter), key: Self.words(key))
    counter += 1
    spare = Self.join(block[2], block[3])
    return Self.join(block[0], block[1])
  }
}

// MARK: Draws

extension RandomStream {
  /// A number drawn uniformly from `[0, 1)`, a multiple of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number drawn uniformly from `[range.lowerBound, range.upperBound)`.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A number drawn from the standard normal distribution (Box and Muller 1958; two draws a number).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A standard normal number, drawn again until it lies within `bound` of zero.
  public mutating func truncatedNormal(within bound: Double = 2) -> Double {
    while true {
      let draw = normal()
      if abs(draw) <= bound { return draw }
    }
  }

  /// A whole number drawn uniformly from `0..<bound`, without bias.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "cannot draw a whole number below \(bound)")
    let bound = UInt64(bound)
    // Lemire 2019: the high word of a product, drawn again in the sliver that would be biased.
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= (0 &- bound) % bound { return Int(product.high) }
    }
  }

  /// `count` different numbers of `0..<population` in random order (Fisher and Yates).
  ///
  /// Costs O(population) time and memory, or O(count) where few of many are drawn.
  ///
  /// - Precondition: `count <= population`.
  public mutating func sample(_ count: Int, of population: Int) -> [Int] {
    precondition(count <= population, "cannot draw \(count) of \(population) without repetition")
    // Below this a row of numbers is laid out faster than a few are looked up.
    if population > 1024, count < population / 16 { return sampleFew(count, of: population) }
    var numbers = Array(0..<population)
    for position in 0..<count {
      numbers.swapAt(position, position + integer(below: population - position))
    }
    return Array(numbers.prefix(count))
  }

  /// The same numbers from the same draws, noting only those that have been moved.
  private mutating func sampleFew(_ count: Int, of population: Int) -> [Int] {
    var moved: [Int: Int] = [:]
    return (0..<count).map { position in
      let drawn = position + integer(below: population - position)
      let number = moved[drawn] ?? drawn
      moved[drawn] = moved.removeValue(forKey: position) ?? position
      return number
    }
  }
}

// MARK: Keys

extension RandomStream {
  private static func derive(from key: UInt64, name: UInt64, index: UInt32) -> UInt64 {
    // The last word keeps derivation apart from drawing, whose counters have zero there.
    let names = words(name)
    let block = Philox.block(at: .init(names[0], names[1], index, 0x4E61_6D65), key: words(key))
    return join(block[0], block[1])
  }

  private static func counterBlock(_ counter: UInt64) -> Philox.Block {
    .init(words(counter)[0], words(counter)[1], 0, 0)
  }

  private static func words(_ number: UInt64) -> SIMD2<UInt32> {
    .init(UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32))
  }

  private static func join(_ low: UInt32, _ high: UInt32) -> UInt64 {
    UInt64(high) << 32 | UInt64(low)
  }

  /// FNV-1a over the UTF-8 bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

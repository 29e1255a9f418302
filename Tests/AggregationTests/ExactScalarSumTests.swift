import Aggregation
import Tensors
import Testing

@Suite struct ExactScalarSumTests {
  /// Finite numbers of every exponent, or of few, so that they cancel.
  static func numbers(exponents: Int, seed: UInt64) -> [Double] {
    var random = RandomStream(seed: seed).child("scalars", exponents)
    return (0..<60).map { _ in
      let magnitude = UInt64(random.integer(below: exponents)) << 52 | random.next() >> 12
      return (random.integer(below: 2) == 0 ? 1 : -1) * Double(bitPattern: magnitude)
    }
  }

  static func sum(_ numbers: some Sequence<Double>) throws -> ExactScalarSum {
    var sum = ExactScalarSum()
    for number in numbers { try sum.add(number) }
    return sum
  }

  @Test("the sum is the exact sum rounded once, in every order", arguments: [1, 3, 60, 2047])
  func roundedOnce(exponents: Int) throws {
    for seed in 0..<30 as Range<UInt64> {
      let numbers = Self.numbers(exponents: exponents, seed: seed)
      var oracle = BigSum()
      for number in numbers { oracle.add(number) }
      #expect(try Self.sum(numbers).rounded == oracle.double)
      #expect(try Self.sum(numbers.reversed()).rounded == oracle.double)
      #expect(try Self.sum(numbers.sorted()).rounded == oracle.double)
    }
  }

  @Test("sums of sums are the sum of all")
  func merging() throws {
    for seed in 0..<30 as Range<UInt64> {
      let numbers = Self.numbers(exponents: 2047, seed: seed)
      var merged = try Self.sum(numbers[40...])
      merged.add(try Self.sum(numbers[..<7]))
      merged.add(try Self.sum(numbers[7..<40]))
      #expect(try Self.sum(numbers).rounded == merged.rounded)
      #expect(merged.contributions == numbers.count)
    }
  }

  @Test("what floating point loses is kept")
  func cancellation() throws {
    #expect(try Self.sum([1e308, 1, -1e308]).rounded == 1)
    #expect(try Self.sum([1e308, 1e308, 1e308]).rounded == .infinity)
    #expect(
      try Self.sum([1e308, 1e308, -1e308, .leastNonzeroMagnitude, -1e308]).rounded == 0x1p-1074)
    #expect(try Self.sum([]).rounded == 0)
  }

  @Test("a number that is not finite is refused", arguments: [Double.nan, .infinity, -.infinity])
  func refused(number: Double) throws {
    var sum = try Self.sum([2])
    #expect(throws: NonFiniteContribution(index: 0)) { try sum.add(number) }
    #expect(sum.rounded == 2)
    sum.reset()
    #expect(sum.rounded == 0 && sum.contributions == 0)
  }
}

import Aggregation
import Tensors
import Testing

@Suite struct ExactSumTests {
  /// `vectors` contributions of `count` numbers each; an odd number lets cancelling pairs cancel.
  static func contributions(
    of kind: AdversarialNumbers, vectors: Int = 41, count: Int = 17, seed: UInt64
  ) -> [[Float]] {
    var random = RandomStream(seed: seed).child(kind.rawValue)
    return (0..<vectors).map { index in (0..<count).map { _ in kind.draw(index, using: &random) } }
  }

  static func sum(_ vectors: some Collection<[Float]>, count: Int = 17) throws -> ExactSum {
    var sum = ExactSum(count: count)
    for vector in vectors { try sum.add(vector) }
    return sum
  }

  static func oracles(_ vectors: [[Float]], count: Int = 17) -> [BigSum] {
    (0..<count).map { index in
      var oracle = BigSum()
      for vector in vectors { oracle.add(Double(vector[index])) }
      return oracle
    }
  }

  @Test("the sum is the exact sum rounded once", arguments: AdversarialNumbers.allCases)
  func roundedOnce(kind: AdversarialNumbers) throws {
    for seed in 0..<20 as Range<UInt64> {
      let vectors = Self.contributions(of: kind, seed: seed)
      let expected = Self.oracles(vectors).map(\.float)
      #expect(try Self.sum(vectors).rounded() == expected)
    }
  }

  @Test("the mean is within 1e-7 of the exact mean", arguments: AdversarialNumbers.allCases)
  func mean(kind: AdversarialNumbers) throws {
    let vectors = Self.contributions(of: kind, seed: 3)
    let mean = try Self.sum(vectors).mean(over: 41)
    for (mean, oracle) in zip(mean, Self.oracles(vectors)) {
      let exact = oracle.double / 41
      #expect(abs(Double(mean) - exact) <= max(1e-7 * abs(exact), 0x1p-150))
    }
  }

  @Test("every order gives the same bits", arguments: AdversarialNumbers.allCases)
  func everyOrder(kind: AdversarialNumbers) throws {
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomStream(seed: seed).child("order")
      let vectors = Self.contributions(of: kind, seed: seed)
      let shuffled = random.sample(vectors.count, of: vectors.count).map { vectors[$0] }
      let bits = try Self.sum(vectors).rounded().map(\.bitPattern)
      #expect(try Self.sum(shuffled).rounded().map(\.bitPattern) == bits)
    }
  }

  @Test("every grouping gives the same bits", arguments: AdversarialNumbers.allCases)
  func everyGrouping(kind: AdversarialNumbers) throws {
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomStream(seed: seed).child("grouping")
      let vectors = Self.contributions(of: kind, seed: seed)
      var groups = try (0..<5).map { group in
        try Self.sum(vectors.enumerated().filter { $0.offset % 5 == group }.map(\.element))
      }
      while groups.count > 1 {
        let other = groups.remove(at: random.integer(below: groups.count))
        groups[random.integer(below: groups.count)].add(other)
      }
      #expect(groups[0].contributions == vectors.count)
      #expect(try Self.sum(vectors).rounded() == groups[0].rounded())
    }
  }

  @Test("a grouping of mixed kinds needs limbs above and below, and stays exact")
  func mixedKinds() throws {
    let kinds: [AdversarialNumbers] = [.normal, .huge, .subnormal, .everyExponent, .normal]
    let vectors = kinds.flatMap { Self.contributions(of: $0, seed: 11) }
    var merged = ExactSum(count: 17)
    for kind in kinds { merged.add(try Self.sum(Self.contributions(of: kind, seed: 11))) }
    #expect(merged.rounded() == Self.oracles(vectors).map(\.float))
    #expect(try Self.sum(vectors).rounded() == merged.rounded())
  }

  @Test("the largest numbers of one sign do not overflow a limb in many additions")
  func manyAdditions() throws {
    var sum = ExactSum(count: 2)
    // Of all significands the one that fills a limb most: 24 ones, shifted by 31.
    let largest = Float(sign: .plus, exponent: 1, significand: 2 - Float.ulpOfOne)
    for _ in 0..<10_000 { try sum.add([largest, -largest]) }
    #expect(sum.rounded() == [Float(Double(largest) * 10_000), Float(Double(largest) * -10_000)])
    #expect(sum.mean(over: 10_000) == [largest, -largest])
  }
}

@Suite struct ExactSumRefusalTests {
  @Test(
    "a contribution that is not finite is refused whole",
    arguments: [Float.infinity, -.infinity, .nan])
  func refusedWhole(number: Float) throws {
    var sum = ExactSum(count: 4)
    try sum.add([1, 2, 3, 4])
    #expect(throws: NonFiniteContribution(index: 2)) { try sum.add([5, 6, number, .nan]) }
    #expect(sum.rounded() == [1, 2, 3, 4])
    #expect(sum.contributions == 1)
    #expect(NonFiniteContribution(index: 2).description.contains("at index 2"))
  }

  @Test("an empty sum, zeros and a reset sum are zero")
  func zeros() throws {
    var sum = ExactSum(count: 3)
    #expect(sum.rounded() == [0, 0, 0])
    try sum.add([0, -0.0, 0])
    #expect(sum.rounded().map(\.bitPattern) == [0, 0, 0])
    #expect(sum.bytes == 0)
    try sum.add([1e-20, 7, -3])
    sum.reset()
    #expect(sum.rounded() == [0, 0, 0] && sum.contributions == 0)
    try sum.add([0, 7, 0.5])
    #expect(sum.rounded() == [0, 7, 0.5])
  }

  @Test("a sum beyond the largest finite number is infinite, and comes back")
  func overflow() throws {
    var sum = ExactSum(count: 1)
    let largest = Float.greatestFiniteMagnitude
    for _ in 0..<3 { try sum.add([largest]) }
    #expect(sum.rounded() == [.infinity])
    #expect(sum.mean(over: 3) == [largest])
    for _ in 0..<2 { try sum.add([-largest]) }
    #expect(sum.rounded() == [largest])
  }

  @Test("the memory does not grow with the number of contributions")
  func boundedMemory() throws {
    var random = RandomStream(seed: 5)
    var sum = ExactSum(count: 1000)
    for _ in 0..<500 {
      try sum.add((0..<1000).map { _ in Float(random.uniform(in: 1e-6...1)) })
    }
    #expect(sum.bytes == 2 * 8 * 1000)
  }
}

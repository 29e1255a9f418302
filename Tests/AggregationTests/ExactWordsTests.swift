import Aggregation
import Tensors
import Testing

@Suite("Exact sums that travel") struct ExactWordsTests {
  /// A sum after a journey in words.
  static func sent(_ sum: ExactSum) throws -> ExactSum {
    try ExactSum(ExactWords(sum), contributions: sum.contributions)
  }

  /// The sum over a tree of random shape with `vectors` as its leaves: what each branch has added up
  /// travels to the one above.
  static func overTree(
    _ vectors: ArraySlice<[Float]>, using random: inout RandomStream
  ) throws -> ExactSum {
    var sum = ExactSum(count: vectors.first?.count ?? 0)
    var rest = vectors
    while !rest.isEmpty {
      let size = 1 + random.integer(below: rest.count)
      if size == vectors.count || size <= 2 {
        try sum.add(rest.removeFirst())
      } else {
        sum.add(try sent(overTree(rest.prefix(size), using: &random)))
        rest = rest.dropFirst(size)
      }
    }
    return sum
  }

  @Test("a tree of any shape has the bits of the flat sum", arguments: AdversarialNumbers.allCases)
  func anyTree(kind: AdversarialNumbers) throws {
    for seed in 0..<30 as Range<UInt64> {
      let vectors = ExactSumTests.contributions(of: kind, seed: seed)
      var random = RandomStream(seed: seed).child("tree")
      let tree = try Self.overTree(vectors[...], using: &random)
      let flat = try ExactSumTests.sum(vectors)
      #expect(tree.contributions == vectors.count)
      #expect(tree.rounded().map(\.bitPattern) == flat.rounded().map(\.bitPattern))
      #expect(tree.mean(over: 41).map(\.bitPattern) == flat.mean(over: 41).map(\.bitPattern))
    }
  }

  @Test("a sum is the same after a journey, and the words of it as well")
  func journey() throws {
    for kind in AdversarialNumbers.allCases {
      let sum = try ExactSumTests.sum(ExactSumTests.contributions(of: kind, seed: 1))
      let words = ExactWords(sum)
      #expect(ExactWords(try Self.sent(sum)) == words)
      #expect(words.count == 17 && words.words.count == 17 * words.width)
    }
  }

  @Test("numbers of gradients' magnitudes take a word each or two, however many are added")
  func width() throws {
    var random = RandomStream(seed: 5)
    var sum = ExactSum(count: 100)
    for _ in 0..<500 {
      try sum.add((0..<100).map { _ in Float(random.uniform(in: -1...1)) })
    }
    #expect(ExactWords(sum).width == 1)
    try sum.add(Array(repeating: 1e-12, count: 100))
    #expect(ExactWords(sum).width == 2)
  }

  @Test("a sum of no vectors and one of zeros travel too")
  func nothing() throws {
    #expect(try Self.sent(ExactSum(count: 3)).rounded() == [0, 0, 0])
    var zeros = ExactSum(count: 3)
    try zeros.add([0, -0.0, 0])
    #expect(try Self.sent(zeros).rounded().map(\.bitPattern) == [0, 0, 0])
    zeros.add(try Self.sent(ExactSumTests.sum([[1, 2, 3]], count: 3)))
    #expect(zeros.rounded() == [1, 2, 3])
  }

  @Test("many large sums of one sign do not overflow a limb")
  func manyLargeSums() throws {
    let largest = Float.greatestFiniteMagnitude
    var part = ExactSum(count: 2)
    for _ in 0..<1000 { try part.add([largest, -largest]) }
    var total = ExactSum(count: 2)
    for _ in 0..<1000 { total.add(try Self.sent(part)) }
    #expect(total.mean(over: 1_000_000) == [largest, -largest])
    #expect(try Self.sent(total).mean(over: 1_000_000) == [largest, -largest])
  }

  @Test("scalars over a tree have the bits of the flat sum", arguments: [1, 3, 60, 2047])
  func scalars(exponents: Int) throws {
    for seed in 0..<30 as Range<UInt64> {
      let numbers = ExactScalarSumTests.numbers(exponents: exponents, seed: seed)
      let parts = try [numbers[..<7], numbers[7..<40], numbers[40...]].map { part in
        let sums = try [ExactScalarSumTests.sum(part), ExactScalarSumTests.sum(part.map { -$0 })]
        return try ExactScalarSum.sums(of: ExactWords(sums), contributions: part.count)
      }
      var total = parts[1]
      for index in 0...1 {
        total[index].add(parts[2][index])
        total[index].add(parts[0][index])
      }
      let flat = try ExactScalarSumTests.sum(numbers)
      #expect(total[0].rounded.bitPattern == flat.rounded.bitPattern)
      #expect(total[1].rounded == -flat.rounded)
      #expect(total[0].contributions == numbers.count)
    }
  }

  @Test("no scalars, zeros and the extremes travel too")
  func scalarExtremes() throws {
    #expect(try ExactScalarSum.sums(of: ExactWords([]), contributions: 1).isEmpty)
    for numbers in [[0.0], [.leastNonzeroMagnitude], [1e308, 1e308], [-1e308, -1e308, 1e-300]] {
      let sum = try ExactScalarSumTests.sum(numbers)
      let sent = try ExactScalarSum.sums(of: ExactWords([sum]), contributions: numbers.count)
      #expect(sent.map(\.rounded) == [sum.rounded])
    }
  }
}

@Suite("Words that are no sum") struct ImplausibleSumTests {
  @Test("a number beyond what so many finite numbers can make is refused, and just below is not")
  func tooLarge() throws {
    // Limb 7 is in units of 2^75, and below 2^128 are 2^53 of them.
    for contributions in [1, 3, 1000] {
      let bound = Int64(contributions) << 53
      for (words, isPlausible) in [
        (bound - 1, true), (-bound, true), (bound, false), (-bound - 1, false),
      ] {
        let words = ExactWords(count: 2, exponent: 75, words: [0, words])
        if isPlausible {
          #expect(throws: Never.self) { try ExactSum(words, contributions: contributions) }
        } else {
          #expect(throws: ImplausibleSum.tooLarge(index: 1, contributions: contributions)) {
            try ExactSum(words, contributions: contributions)
          }
        }
      }
    }
  }

  @Test("units and widths outside the range of such sums are refused")
  func outsideTheRange() {
    for (exponent, width) in [
      (-150, 1), (-148, 1), (-149 - 32, 1), (-149 + 256, 1), (75, 3), (-149, 7), (.min / 2, 1),
    ] {
      let words = ExactWords(
        count: 1, exponent: exponent, words: Array(repeating: 0, count: width))
      #expect(throws: ImplausibleSum.range(exponent: exponent, words: width)) {
        try ExactSum(words, contributions: 1)
      }
    }
  }

  @Test("a sum of nothing that is not zero, and sums of impossibly many, are refused")
  func impossibleCounts() throws {
    let one = ExactWords(count: 1, exponent: -149, words: [1])
    for contributions in [0, -1, 1 << 39 + 1, .max] {
      #expect(throws: ImplausibleSum.contributions(contributions)) {
        try ExactSum(one, contributions: contributions)
      }
      #expect(throws: ImplausibleSum.self) {
        try ExactScalarSum.sums(of: one, contributions: contributions)
      }
    }
    #expect(try ExactSum(one, contributions: 1).rounded() == [.leastNonzeroMagnitude])
  }

  @Test("a scalar beyond what so many finite numbers can make is refused, and just below is not")
  func tooLargeScalars() throws {
    // From 2^974 on there are 2^50 units below 2^1024.
    for (word, isPlausible) in [(Int64(1) << 51, false), (1 << 51 - 1, true), (-1 << 51, true)] {
      let words = ExactWords(count: 1, exponent: 974, words: [word])
      let sums = try? ExactScalarSum.sums(of: words, contributions: 2)
      #expect((sums != nil) == isPlausible, "\(word)")
    }
  }

  @Test("whatever words come, taking them ends with a sum or a refusal", arguments: 0..<10)
  func randomWords(seed: UInt64) {
    var random = RandomStream(seed: seed).child("words")
    for _ in 0..<2000 {
      let count = random.integer(below: 4)
      let words = (0..<count * random.integer(below: 8)).map { _ in
        Int64(bitPattern: random.next()) >> Int64(random.integer(below: 64))
      }
      let float = ExactWords(
        count: count, exponent: -149 + 32 * random.integer(below: 10), words: words)
      let double = ExactWords(
        count: count, exponent: -1074 + 32 * random.integer(below: 70), words: words)
      let contributions = random.integer(below: 1 << 30)
      if let sum = try? ExactSum(float, contributions: contributions) {
        #expect(sum.rounded().count == count && sum.contributions == contributions)
      }
      if let sums = try? ExactScalarSum.sums(of: double, contributions: contributions) {
        #expect(sums.count == count)
      }
    }
  }
}

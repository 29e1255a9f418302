import Tensors
import Testing

struct RandomStreamTests {
  private let root = RandomStream(seed: 7)

  private func draws(_ stream: RandomStream, _ count: Int = 5) -> [UInt64] {
    var stream = stream
    return (0..<count).map { _ in stream.next() }
  }

  @Test("a child depends on its path of names only, not on what was drawn before")
  func childrenByName() {
    var used = root
    _ = draws(used)
    for _ in 0..<3 { _ = used.next() }
    #expect(draws(used.child("support", 2)) == draws(root.child("support", 2)))
  }

  @Test("seeds, names, numbers and depths give different streams")
  func streamsDiffer() {
    let streams = [
      root, RandomStream(seed: 8), root.child("a"), root.child("b"), root.child("a", 0),
      root.child("a", 1), root.child("a").child("b"), root.child("b").child("a"),
    ]
    #expect(Set(streams.map { draws($0) }).count == streams.count)
  }

  @Test("the two halves of a block are both drawn")
  func noBitsAreRepeated() {
    #expect(Set(draws(root, 10_000)).count == 10_000)
  }

  @Test("uniform numbers lie in [0, 1) with the moments of the uniform distribution")
  func uniform() {
    var stream = root.child("uniform")
    let numbers = (0..<100_000).map { _ in stream.uniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    let mean = numbers.reduce(0, +) / 1e5
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
    #expect(abs(mean - 0.5) < 5 * (1 / 12.0 / 1e5).squareRoot())
    #expect(abs(variance - 1 / 12.0) < 0.002)
  }

  @Test("normal numbers have mean 0, variance 1, skewness 0 and kurtosis 3")
  func normal() {
    var stream = root.child("normal")
    let numbers = (0..<200_000).map { _ in stream.normal() }
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { p, _ in p * x } } / 200_000
    }
    #expect(abs(moment(1)) < 0.012)
    #expect(abs(moment(2) - 1) < 0.016)
    #expect(abs(moment(3)) < 0.05)
    #expect(abs(moment(4) - 3) < 0.12)
  }

  @Test("truncated normal numbers stay within the bound", arguments: [0.5, 1, 2])
  func truncated(bound: Double) {
    var stream = root.child("truncated")
    #expect((0..<10_000).allSatisfy { _ in abs(stream.truncatedNormal(within: bound)) <= bound })
  }

  @Test("whole numbers below a bound are equally frequent", arguments: [2, 3, 7, 10])
  func integers(bound: Int) {
    var stream = root.child("integers", bound)
    var counts = Array(repeating: 0.0, count: bound)
    for _ in 0..<20_000 { counts[stream.integer(below: bound)] += 1 }
    let expected = 20_000 / Double(bound)
    let chiSquared = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // Far beyond the 99.9 % quantile with 9 degrees of freedom.
    #expect(chiSquared < 35)
  }

  @Test("a sample has no repetition, and every number is as likely at every position")
  func sample() {
    var stream = root.child("sample")
    var counts = Array(repeating: 0.0, count: 6 * 3)
    for _ in 0..<6_000 {
      let sample = stream.sample(3, of: 6)
      #expect(Set(sample).count == 3 && sample.allSatisfy { (0..<6).contains($0) })
      for (position, number) in sample.enumerated() { counts[position * 6 + number] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 1_000) < 150 })
  }

  @Test(
    "a few of many are the same numbers as if all had been laid out",
    arguments: [1_000, 1_024, 1_025, 1_600, 5_000, 100_000])
  func few(population: Int) {
    for count in [0, 1, 2, 40, population / 100, population / 16, population / 16 + 1] {
      for seed in 1...20 as ClosedRange<UInt64> {
        var (one, other) = (RandomStream(seed: seed), RandomStream(seed: seed))
        #expect(one.sample(count, of: population) == laidOut(count, of: population, &other))
        #expect(one.next() == other.next())
      }
    }
  }

  /// Fisher and Yates to the letter.
  private func laidOut(_ count: Int, of population: Int, _ stream: inout RandomStream) -> [Int] {
    var numbers = Array(0..<population)
    for place in 0..<count {
      numbers.swapAt(place, place + stream.integer(below: population - place))
    }
    return Array(numbers.prefix(count))
  }
}

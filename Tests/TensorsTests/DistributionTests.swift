import Foundation
import Tensors
import Testing

/// Each sampler against its definition, at fixed seeds: Kolmogorov-Smirnov where the distribution
/// function is known in closed form, chi-square where numbers are whole.
@Suite("Draws follow their distributions")
struct DistributionTests {
  private let draws = 20_000

  private func stream(_ name: String, _ index: Int = 0) -> RandomStream {
    RandomStream(seed: 7).child(name, index)
  }

  /// √n times the largest distance between the empirical and the true distribution function: above
  /// 1.95 once in a thousand (Kolmogorov).
  private func kolmogorov(_ numbers: [Double], _ distribution: (Double) -> Double) -> Double {
    let count = Double(numbers.count)
    let distances = numbers.sorted().enumerated().map { index, number in
      let value = distribution(number)
      return max(abs(value - Double(index) / count), abs(Double(index + 1) / count - value))
    }
    return (distances.max() ?? 1) * count.squareRoot()
  }

  /// Pearson's statistic, cells of few expected draws put together, in standard deviations beyond
  /// its mean; more than 4 of them are no chance.
  private func chiSquare(_ numbers: [Int], _ probability: (Int) -> Double, upTo most: Int) -> Double
  {
    let counts = numbers.reduce(into: [:]) { $0[$1, default: 0] += 1.0 }
    var (statistic, cells) = (0.0, 0.0)
    var (found, expected) = (0.0, 0.0)
    for number in 0...most {
      found += counts[number, default: 0]
      expected += probability(number) * Double(numbers.count)
      guard expected > 10 else { continue }
      statistic += (found - expected) * (found - expected) / expected
      (found, expected, cells) = (0, 0, cells + 1)
    }
    return (statistic - (cells - 1)) / (2 * (cells - 1)).squareRoot()
  }

  private func normalDistribution(_ z: Double) -> Double { erfc(-z / 2.squareRoot()) / 2 }

  @Test("log-normal numbers have a normal logarithm", arguments: [0.1, 0.8, 2])
  func logNormal(sigma: Double) {
    var stream = stream("log-normal")
    let numbers = (0..<draws).map { _ in stream.logNormal(sigma: sigma) }
    #expect(kolmogorov(numbers) { normalDistribution(log($0) / sigma) } < 1.95)
    #expect(kolmogorov(numbers) { normalDistribution(log($0) / (1.1 * sigma)) } > 1.95)
  }

  @Test("gamma numbers of shape 1 are exponential, of shape 1/2 squared normal numbers")
  func gamma() {
    var stream = stream("gamma")
    let one = (0..<draws).map { _ in stream.gamma(shape: 1) }
    #expect(kolmogorov(one) { 1 - exp(-$0) } < 1.95)
    let half = (0..<draws).map { _ in stream.gamma(shape: 0.5) }
    #expect(kolmogorov(half) { erf($0.squareRoot()) } < 1.95)
    let three = (0..<draws).map { _ in stream.gamma(shape: 3) }
    #expect(kolmogorov(three) { 1 - exp(-$0) * (1 + $0 + $0 * $0 / 2) } < 1.95)
  }

  @Test(
    "a share of a symmetric Dirichlet of concentration 1 over K follows 1 − (1 − x)^(K − 1)",
    arguments: [2, 3, 10])
  func flatDirichlet(classes: Int) {
    var stream = stream("dirichlet", classes)
    let shares = (0..<draws).map { _ in
      stream.dirichlet(Array(repeating: 1, count: classes))[classes - 1]
    }
    #expect(kolmogorov(shares) { 1 - pow(1 - $0, Double(classes - 1)) } < 1.95)
  }

  @Test("small and unequal concentrations follow the arcsine law and the power law")
  func unequalDirichlet() {
    var stream = stream("dirichlet")
    let arcsine = (0..<draws).map { _ in stream.dirichlet([0.5, 0.5])[0] }
    #expect(kolmogorov(arcsine) { 2 / .pi * asin($0.squareRoot()) } < 1.95)
    let power = (0..<draws).map { _ in stream.dirichlet([0.3, 1])[0] }
    #expect(kolmogorov(power) { pow($0, 0.3) } < 1.95)
  }

  @Test(
    "Dirichlet shares sum to 1, also where concentrations are tiny", arguments: [1e-6, 0.01, 100])
  func sumsToOne(concentration: Double) {
    var stream = stream("sums")
    for _ in 0..<200 {
      let shares = stream.dirichlet(Array(repeating: concentration, count: 5))
      #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test("Zipf ranks have probabilities r^(−s)", arguments: [0, 0.7, 1, 2.5])
  func zipf(exponent: Double) {
    var stream = stream("zipf")
    let ranks = (0..<draws).map { _ in stream.zipf(exponent: exponent, count: 30) }
    let total = (1...30).reduce(0) { $0 + pow(Double($1), -exponent) }
    let law = { (rank: Int) in rank == 0 ? 0 : pow(Double(rank), -exponent) / total }
    #expect(chiSquare(ranks, law, upTo: 30) < 4)
    #expect(ranks.allSatisfy { (1...30).contains($0) })
  }

  @Test(
    "Poisson counts have probabilities m^k e^(−m) / k!",
    arguments: [0.05, 1, 4, 9.99, 10, 37.5, 400])
  func poisson(mean: Double) {
    var stream = stream("poisson")
    let counts = (0..<draws).map { _ in stream.poisson(mean: mean) }
    let law = { (count: Int) in
      exp(Double(count) * log(mean) - mean - lgamma(Double(count) + 1))
    }
    #expect(chiSquare(counts, law, upTo: 1000) < 4)
    let shifted = { (count: Int) in
      let mean = mean * 1.1
      return exp(Double(count) * log(mean) - mean - lgamma(Double(count) + 1))
    }
    #expect(mean < 1 || chiSquare(counts, shifted, upTo: 1000) > 4)
  }

  @Test("nothing happens where nothing is expected")
  func neverHappens() {
    var stream = stream("never")
    #expect((0..<1000).allSatisfy { _ in stream.poisson(mean: 0) == 0 })
  }

  @Test("what has no weight is not chosen")
  func weights() {
    var stream = stream("weights")
    #expect((0..<1000).allSatisfy { _ in [1, 3].contains(stream.choose(by: [0, 2, 0, 1, 0])) })
  }
}

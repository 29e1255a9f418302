import Cohorts
import Tensors
import Testing

@Suite("Standardisation")
struct StandardiserTests {
  private func measurements(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var random = RandomStream(seed: seed)
    return Matrix(
      rows: rows, columns: columns,
      scalars: (0..<rows * columns).map { Float(100 * Double($0 % columns) + 7 * random.normal()) })
  }

  @Test("means and spreads are those computed directly", arguments: 0..<20 as Range<UInt64>)
  func direct(seed: UInt64) {
    let inputs = measurements(rows: 57, columns: 4, seed: seed)
    let standardiser = Standardiser(FeatureSums(of: inputs))
    for column in 0..<4 {
      let numbers = (0..<57).map { Double(inputs[$0, column]) }
      let mean = numbers.reduce(0, +) / 57
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 57
      #expect(abs(standardiser.means[column] - mean) < 1e-9 * max(1, abs(mean)))
      #expect(abs(standardiser.scales[column] / variance.squareRoot() - 1) < 1e-9)
    }
  }

  @Test("standardised features have mean 0 and spread 1")
  func unit() {
    let inputs = measurements(rows: 200, columns: 3, seed: 4)
    let scaled = Standardiser(FeatureSums(of: inputs)).applied(to: inputs)
    let again = FeatureSums(of: scaled)
    for column in 0..<3 {
      #expect(abs(again.sums[column]) < 1e-4)
      #expect(abs(again.squares[column] / 200 - 1) < 1e-5)
    }
  }

  @Test("sums over hospitals are the sums over their pooled patients, exactly for whole numbers")
  func pooled() {
    var random = RandomStream(seed: 11)
    let hospitals = (1...9).map { patients in
      Matrix(
        rows: patients, columns: 2,
        scalars: (0..<2 * patients).map { _ in Float(random.integer(below: 300)) })
    }
    let pooled = Matrix(
      rows: hospitals.reduce(0) { $0 + $1.rows }, columns: 2,
      scalars: hospitals.flatMap(\.scalars))
    let sum = hospitals.reduce(FeatureSums(features: 2)) { $0 + FeatureSums(of: $1) }
    #expect(sum == FeatureSums(of: pooled))
    #expect(sum.count == 45)
  }

  @Test(
    "a feature without spread becomes 0 and is not divided by nothing",
    arguments: [0, 0.1, 233.7, -1e6] as [Float])
  func noSpread(number: Float) {
    let inputs = Matrix(rows: 1000, columns: 1, repeating: number)
    let standardiser = Standardiser(FeatureSums(of: inputs))
    #expect(standardiser.scales == [1])
    #expect(standardiser.applied(to: inputs).scalars.allSatisfy { abs($0) < 1e-6 })
  }

  @Test("a rare yes among a thousand noes is spread, not rounding")
  func rare() {
    var inputs = Matrix(rows: 1000, columns: 1)
    inputs[17, 0] = 1
    let scale = Standardiser(FeatureSums(of: inputs)).scales[0]
    #expect(abs(scale - (0.001 * 0.999).squareRoot()) < 1e-12)
  }

  @Test("sums that no patients can have are not plausible")
  func plausible() {
    #expect(FeatureSums(of: measurements(rows: 30, columns: 5, seed: 1)).isPlausible)
    #expect(FeatureSums(of: Matrix(rows: 999, columns: 1, repeating: 0.1)).isPlausible)
    #expect(!FeatureSums(features: 2).isPlausible)
    #expect(!FeatureSums(count: 2, sums: [4], squares: [7]).isPlausible)
    #expect(!FeatureSums(count: 2, sums: [.nan], squares: [7]).isPlausible)
    #expect(!FeatureSums(count: 2, sums: [0], squares: [.infinity]).isPlausible)
  }
}

import Cohorts
import Foundation
import Tensors
import Testing

@testable import MetaLearning

/// The regression of a support set alone, where its patients can be told apart.
@Suite struct LinearFitTests {
  /// Patients with one of each of some categories, as a trial's columns are, and a number.
  ///
  /// Columns are on the scale of a larger population, in which some categories are rare.
  private static func patients(
    _ count: Int, categories: [Int], using random: inout RandomStream
  ) -> Matrix {
    let shares = categories.map { Self.shares(of: $0, using: &random) }
    var scalars: [Float] = []
    for _ in 0..<count {
      for shares in shares {
        let chosen = Self.draw(shares, using: &random)
        for (category, share) in shares.enumerated() {
          let mark = category == chosen ? 1 - share : -share
          scalars.append(Float(mark / (share * (1 - share)).squareRoot()))
        }
      }
      scalars.append(Float(random.normal()))
    }
    return Matrix(rows: count, columns: categories.reduce(1, +), scalars: scalars)
  }

  /// How frequent each of so many categories is, rare ones among them.
  private static func shares(of categories: Int, using random: inout RandomStream) -> [Double] {
    let weights = (0..<categories).map { _ in exp(3 * random.normal()) }
    let all = weights.reduce(0, +)
    let bounded = weights.map { max($0 / all, 0.001) }
    return bounded.map { $0 / bounded.reduce(0, +) }
  }

  private static func draw(_ shares: [Double], using random: inout RandomStream) -> Int {
    var rest = random.uniform()
    return shares.firstIndex { share in
      rest -= share
      return rest < 0
    } ?? shares.count - 1
  }

  /// Outcomes that features settle but for some exceptions.
  private static func outcomes(
    of patients: Matrix, exceptions: Double, using random: inout RandomStream
  ) -> [Double] {
    let weights = (0..<patients.columns).map { _ in random.normal() }
    return (0..<patients.rows).map { row in
      let score = weights.indices.reduce(0) { $0 + weights[$1] * Double(patients[row, $1]) }
      return (score > 0) != (random.uniform() < exceptions) ? 1 : 0
    }
  }

  /// The slopes of what is minimised, by each feature's weight and the intercept, where the model is.
  private static func slopes(
    of fit: LinearFit, _ rows: CentredRows, _ inputs: Matrix, _ outcomes: [Double], penalty: Double
  ) -> [Double] {
    let weights = rows.weights(of: fit.weights)
    var slopes = weights.map { penalty * $0 } + [tanh(fit.intercept / 2)]
    for row in outcomes.indices {
      let values = weights.indices.map { Double(inputs[row, $0]) - rows.means[$0] }
      let score = zip(weights, values).reduce(fit.intercept) { $0 + $1.0 * $1.1 }
      let excess = 1 / (1 + exp(-score)) - outcomes[row]
      for (column, value) in values.enumerated() { slopes[column] += excess * value }
      slopes[weights.count] += excess
    }
    return slopes
  }

  /// Numbers of categories, and seeds: some of those among hundreds under which a whole step of Newton's, or
  /// coordinates of patients who depend on each other, would have no end.
  private static let hard: [(categories: [Int], seeds: [UInt64])] = [
    ([2, 3, 4], [0, 1, 2, 3]), (Array(repeating: 2, count: 26), [0, 62]),
    (Array(repeating: 3, count: 16), [120, 127]), ([2, 3, 4, 4, 5, 5, 5, 5, 3, 3, 3], [36]),
  ]

  @Test("the regression of classes is at its minimum, and finite, whatever can be told apart")
  func minimum() {
    for (categories, seeds) in Self.hard {
      for seed in seeds { Self.check(categories, seed) }
    }
  }

  private static func check(_ categories: [Int], _ seed: UInt64) {
    var random = RandomStream(seed: seed)
    let count = 29 + random.integer(below: 22)
    let inputs = patients(count, categories: categories, using: &random)
    let exceptions = [0, 0.2, 0.5][random.integer(below: 3)]
    let outcomes = outcomes(of: inputs, exceptions: exceptions, using: &random)
    let rows = CentredRows(inputs)
    var fit = LinearFit(rows.coordinates, outcomes, .classification)
    for penalty in LinearModel.penalties {
      fit.descend(on: Array(outcomes.indices), penalty: penalty)
      let slopes = slopes(of: fit, rows, inputs, outcomes, penalty: penalty)
      let size = slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(size < 1e-4, "\(categories), seed \(seed), penalty \(penalty)")
    }
    let support = Examples(inputs: inputs, outcomes: outcomes.map { Float($0) })
    let scores = LinearModel(of: support, kind: .classification).scores(of: inputs)
    #expect(scores.allSatisfy { $0.isFinite }, "\(categories), seed \(seed)")
  }

  @Test("patients whose outcome a number settles, far apart, leave a model that is finite")
  func farApart() {
    for seed in 0..<5 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let inputs = Matrix(
        rows: 40, columns: 3, scalars: (0..<120).map { _ in Float(100 * random.normal()) })
      let outcomes: [Float] = (0..<40).map { inputs[$0, 1] > 20 ? 1 : 0 }
      let model = LinearModel(
        of: Examples(inputs: inputs, outcomes: outcomes), kind: .classification)
      let scores = model.scores(of: inputs)
      #expect(scores.allSatisfy { $0.isFinite })
    }
  }
}

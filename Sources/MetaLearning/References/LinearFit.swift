#if canImport(Glibc)
  import Glibc
#endif

/// Newton's method for a penalised linear model of centred rows.
struct LinearFit {
  private static let steps = 25

  private let rows: DenseRows
  private let outcomes: [Double]
  private let isClassification: Bool
  /// The weights, and the intercept after them.
  private var point: [Double]

  /// A model that says zero.
  init(_ rows: DenseRows, _ outcomes: [Double], _ kind: OutcomeKind) {
    self.rows = rows
    self.outcomes = outcomes
    isClassification = kind == .classification
    point = Array(repeating: 0, count: rows.width + 1)
  }

  /// A number for each column.
  var weights: [Double] { Array(point.dropLast()) }
  /// What is added to every score.
  var intercept: Double { point[rows.width] }

  /// What the model says of a row.
  func score(of row: Int) -> Double {
    var score = intercept
    for column in 0..<rows.width { score += point[column] * rows[row, column] }
    return score
  }

  /// Goes on to the minimum over the rows that are known.
  mutating func descend(on known: [Int], penalty: Double) {
    for _ in 0..<Self.steps {
      let (gradient, hessian) = derivatives(on: known, penalty: penalty)
      let factor = hessian.factor()
      let step = factor.solvingTransposed(factor.solving(gradient))
      var gain = 0.0
      for place in point.indices {
        point[place] -= step[place]
        gain += step[place] * gradient[place]
      }
      // Of a quadratic the first step is the last.
      if gain < 1e-9 || !isClassification { return }
    }
  }

  /// The gradient, and the Hessian below its diagonal and on it.
  private func derivatives(
    on known: [Int], penalty: Double
  ) -> (gradient: [Double], hessian: DenseRows) {
    let size = rows.width
    var gradient = point.map { $0 * penalty }
    gradient[size] = 0
    var hessian = DenseRows(count: size + 1, width: size + 1) { row, column in
      row == column && row < size ? penalty : 0
    }
    for row in known {
      let (slope, curvature) = derivatives(at: score(of: row), outcomes[row])
      for place in 0..<size {
        gradient[place] += slope * rows[row, place]
        let factor = curvature * rows[row, place]
        for other in 0...place { hessian[place, other] += factor * rows[row, other] }
        hessian[size, place] += factor
      }
      gradient[size] += slope
      hessian[size, size] += curvature
    }
    guard isClassification else { return (gradient, hessian) }
    for outcome in [0.0, 1.0] {
      let (slope, curvature) = derivatives(at: intercept, outcome)
      gradient[size] += slope
      hessian[size, size] += curvature
    }
    return (gradient, hessian)
  }

  /// The first and second derivative of a row's loss by its score.
  private func derivatives(at score: Double, _ outcome: Double) -> (Double, Double) {
    guard isClassification else { return (score - outcome, 1) }
    let predicted = 1 / (1 + exp(-score))
    return (predicted - outcome, predicted * (1 - predicted))
  }
}

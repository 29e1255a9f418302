#if canImport(Glibc)
  import Glibc
#endif

/// Newton's method for a penalised linear model of centred rows, with steps halved until they descend.
struct LinearFit {
  private static let steps = 100
  private static let halvings = 50

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
      let gain = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      // Of a quadratic the first step is the last, and near the minimum the loss is one.
      if gain < 1e-9 || !isClassification { return move(by: step) }
      guard descend(along: step, gain: gain, on: known, penalty: penalty) else { return }
    }
  }

  /// Takes the whole step, or the first of its halves, quarters and so on that lowers what is minimised.
  ///
  /// Where outcomes can be told apart a whole step of Newton's leads far beyond the minimum, to where
  /// nothing is curved any more and the next one has no end.
  ///
  /// - Returns: Whether one did; not where the numbers are not fine enough to tell.
  private mutating func descend(
    along step: [Double], gain: Double, on known: [Int], penalty: Double
  ) -> Bool {
    let (start, before) = (point, objective(on: known, penalty: penalty))
    for halving in 0..<Self.halvings {
      let share = scalbn(1, -halving)
      move(by: step.map { share * $0 })
      // Armijo's condition: a small share of what the slope promises.
      if objective(on: known, penalty: penalty) <= before - 1e-4 * share * gain { return true }
      point = start
    }
    return false
  }

  private mutating func move(by step: [Double]) {
    for place in point.indices { point[place] -= step[place] }
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

// MARK: What is minimised

extension LinearFit {
  /// The log losses of the rows that are known, and of a mean patient of each class, plus the penalty.
  private func objective(on known: [Int], penalty: Double) -> Double {
    let losses = known.reduce(0) { $0 + Self.logLoss(score(of: $1), outcomes[$1]) }
    let mean = Self.logLoss(intercept, 0) + Self.logLoss(intercept, 1)
    return losses + mean + penalty / 2 * weights.reduce(0) { $0 + $1 * $1 }
  }

  private static func logLoss(_ score: Double, _ outcome: Double) -> Double {
    let inFavour = outcome == 1 ? score : -score
    return max(-inFavour, 0) + log1p(exp(-abs(inFavour)))
  }
}

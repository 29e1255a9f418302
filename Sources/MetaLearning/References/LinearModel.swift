import Cohorts
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A linear model of a support set alone: ridge regression of numbers, logistic regression of classes.
///
/// Minimised is the sum of losses, half the squared error or the log loss, plus `penalty / 2` times the
/// squared weights. The penalty is the one of ``penalties`` that does best within the support set, in
/// cross-validation over five parts; of equals the largest. Of classes, one patient of each is
/// added who is like the mean patient: with a large penalty the model becomes the smoothed share of
/// class 1, and it stays defined where the support set has one class.
///
/// Reference: Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992. Cost: for `n` patients with `d`
/// features about `(5 penalties + 1) * steps * min(n, d)^3` multiplications.
struct LinearModel {
  /// What is tried, largest first.
  static let penalties: [Double] = [1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.01]
  private static let parts = 5

  private let means: [Double]
  private let weights: [Double]
  private let intercept: Double

  /// The model of a support set.
  init(of support: Examples, kind: OutcomeKind) {
    let rows = (0..<support.count).map { row in
      (0..<support.inputs.columns).map { Double(support.inputs[row, $0]) }
    }
    let outcomes = support.outcomes.map { Double($0) }
    self.init(rows, outcomes, kind, penalty: Self.penalty(for: rows, outcomes, kind))
  }

  /// The model with a penalty that is given.
  init(_ rows: [[Double]], _ outcomes: [Double], _ kind: OutcomeKind, penalty: Double) {
    let columns = rows.first?.count ?? 0
    let means = (0..<columns).map { column in
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    let centred = rows.map { row in zip(row, means).map { $0 - $1 } }
    let fit = LinearFit(centred, outcomes, kind, penalty: penalty)
    (self.means, weights, intercept) = (means, fit.weights, fit.intercept)
  }

  /// The log odds of class 1, or the number, of each row.
  func scores(of inputs: Matrix) -> [Double] {
    (0..<inputs.rows).map { row in
      score((0..<inputs.columns).map { Double(inputs[row, $0]) })
    }
  }

  private func score(_ row: [Double]) -> Double {
    var score = intercept
    for column in row.indices { score += weights[column] * (row[column] - means[column]) }
    return score
  }

  /// The penalty that does best where each part of the support set is predicted from the others.
  private static func penalty(
    for rows: [[Double]], _ outcomes: [Double], _ kind: OutcomeKind
  ) -> Double {
    var best = (penalty: penalties[0], loss: Double.infinity)
    guard rows.count > 1 else { return best.penalty }
    for penalty in penalties {
      let loss = (0..<min(parts, rows.count)).reduce(0.0) { sum, part in
        let known = rows.indices.filter { $0 % parts != part }
        let model = LinearModel(
          known.map { rows[$0] }, known.map { outcomes[$0] }, kind, penalty: penalty)
        return stride(from: part, to: rows.count, by: parts).reduce(sum) { sum, row in
          sum + kind.loss(model.score(rows[row]), outcomes[row])
        }
      }
      if loss < best.loss { best = (penalty, loss) }
    }
    return best.penalty
  }
}

extension OutcomeKind {
  /// The log loss of log odds, or the squared error of a number.
  fileprivate func loss(_ score: Double, _ outcome: Double) -> Double {
    switch self {
    case .classification:
      let inFavour = outcome == 1 ? score : -score
      return max(-inFavour, 0) + log1p(exp(-abs(inFavour)))
    case .regression: return (score - outcome) * (score - outcome)
    }
  }
}

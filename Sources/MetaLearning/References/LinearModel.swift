import Cohorts
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A linear model of a support set alone: ridge regression of numbers, logistic regression of classes.
///
/// Minimised is the sum of losses, half the squared error or the log loss, plus `penalty / 2` times the
/// squared weights. The penalty is chosen from ``penalties`` within the support set, in cross-validation over
/// five parts, records of one patient being of one part: the largest that is not worse than the best by more than a standard error, since the best of
/// few patients is mostly luck. Of classes, one patient of each is added who is like the mean patient: with a
/// large penalty the model becomes the smoothed share of class 1, and it stays defined where the support
/// set has one class.
///
/// Reference: Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992; the one-standard-error rule of
/// Breiman, Friedman, Olshen and Stone 1984. Cost: with `m` the smaller of
/// the numbers `n` of patients and of features, some steps of `n m^2 / 2` multiplications for each penalty
/// and part.
struct LinearModel {
  /// What is tried, largest first.
  static let penalties: [Double] = [300, 30, 10, 3, 1, 0.1, 0.01]
  private static let parts = 5

  private let means: [Double]
  private let weights: [Double]
  private let intercept: Double

  /// The model of a support set.
  init(of support: Examples, kind: OutcomeKind) {
    let patients = CentredRows(support.inputs)
    let outcomes = support.outcomes.map { Double($0) }
    let all = Array(outcomes.indices)
    let penalty = Self.penalty(for: patients, outcomes, kind, parts: support.parts(Self.parts))
    var fit = LinearFit(patients.coordinates, outcomes, kind)
    for larger in Self.penalties where larger >= penalty { fit.descend(on: all, penalty: larger) }
    means = patients.means
    weights = patients.weights(of: fit.weights)
    intercept = fit.intercept
  }

  /// The log odds of class 1, or the number, of each row.
  func scores(of inputs: Matrix) -> [Double] {
    (0..<inputs.rows).map { row in
      weights.indices.reduce(intercept) { score, column in
        score + weights[column] * (Double(inputs[row, column]) - means[column])
      }
    }
  }

  /// The largest penalty that, where each part of the support set is predicted from the others, does as
  /// well as the best within the standard error of what that gains.
  private static func penalty(
    for patients: CentredRows, _ outcomes: [Double], _ kind: OutcomeKind, parts: [Int]
  ) -> Double {
    guard Set(parts).count > 1 else { return penalties[0] }
    let losses = heldOutLosses(of: patients, outcomes, kind, parts: parts)
    let best = losses.min { $0.reduce(0, +) < $1.reduce(0, +) } ?? []
    let place = losses.firstIndex { $0.excess(over: best) <= 0 } ?? 0
    return penalties[place]
  }

  /// The loss at each patient, of each penalty, where its part of the support set was not known.
  private static func heldOutLosses(
    of patients: CentredRows, _ outcomes: [Double], _ kind: OutcomeKind, parts: [Int]
  ) -> [[Double]] {
    let none = Array(repeating: 0.0, count: outcomes.count)
    var losses = Array(repeating: none, count: penalties.count)
    for part in Set(parts).sorted() {
      let known = parts.indices.filter { parts[$0] != part }
      // From one penalty to the next the model moves little: each begins where the last has ended.
      var fit = LinearFit(patients.coordinates, outcomes, kind)
      for (place, penalty) in penalties.enumerated() {
        fit.descend(on: known, penalty: penalty)
        for row in parts.indices where parts[row] == part {
          losses[place][row] = kind.loss(fit.score(of: row), outcomes[row])
        }
      }
    }
    return losses
  }
}

extension [Double] {
  /// By how much the sum of the losses exceeds that of `other`, less the standard error of the difference.
  fileprivate func excess(over other: [Double]) -> Double {
    let differences = zip(self, other).map { $0 - $1 }
    let sum = differences.reduce(0, +)
    let mean = sum / Double(differences.count)
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return sum - squares.squareRoot()
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

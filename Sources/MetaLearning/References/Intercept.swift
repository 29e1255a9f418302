#if canImport(Glibc)
  import Glibc
#endif

extension Predictions {
  /// The predictions moved by one number, an intercept that is fitted to what `support` lacks; by one for
  /// each of several classes.
  ///
  /// Of classes it minimises the log loss of the support set plus half its square divided by that of
  /// the spread of a prior in log odds: it stays defined where the support set has one class, and a small
  /// one moves it little. Of numbers it is the sum of the errors divided by their number and 1 / spread²,
  /// the prior's spread being in standard deviations of the errors.
  func shifted(
    by support: Predictions, against outcomes: [Float], spread: Double
  ) -> Predictions {
    let precision = 1 / (spread * spread)
    switch (self, support) {
    case (.logOdds(let scores), .logOdds(let known)):
      let intercept = Self.intercept(of: known, against: outcomes, precision)
      return .logOdds(scores.map { $0 + intercept })
    case (.scores(let scores), .scores(let known)):
      return .scores(scores.adding(known.intercepts(against: outcomes, precision)))
    case (.numbers(let numbers), .numbers(let known)):
      let errors = zip(known, outcomes).reduce(0) { $0 + Double($1.1) - $1.0 }
      return .numbers(numbers.map { $0 + errors / (Double(known.count) + precision) })
    case (.logOdds, _), (.scores, _), (.numbers, _):
      preconditionFailure("classes and numbers are not predicted by one model")
    }
  }

  /// Newton's method; what is minimised is strictly convex, and steps are bounded.
  private static func intercept(
    of logOdds: [Double], against outcomes: [Float], _ precision: Double
  ) -> Double {
    var intercept = 0.0
    for _ in 0..<50 {
      var (slope, curvature) = (precision * intercept, precision)
      for (logOdds, outcome) in zip(logOdds, outcomes) {
        let probability = 1 / (1 + exp(-logOdds - intercept))
        slope += probability - Double(outcome)
        curvature += probability * (1 - probability)
      }
      let step = max(-1, min(1, slope / curvature))
      intercept -= step
      if abs(step) < 1e-12 { break }
    }
    return intercept
  }
}

extension ClassScores {
  /// The numbers, one a class, that minimise the log loss of these scores plus the sum of their squares times
  /// the precision.
  ///
  /// The difference of two of them then has the prior that the intercept of two classes has. Newton's
  /// method; what is minimised is strictly convex, and steps are bounded.
  fileprivate func intercepts(against outcomes: [Float], _ precision: Double) -> [Double] {
    var intercepts = Array(repeating: 0.0, count: classes)
    for _ in 0..<50 {
      let (gradient, hessian) = derivatives(at: intercepts, outcomes, precision)
      let factor = hessian.factor()
      let step = factor.solvingTransposed(factor.solving(gradient))
      let longest = step.map(abs).max() ?? 0
      for (place, part) in step.enumerated() { intercepts[place] -= part / max(1, longest) }
      if longest < 1e-12 { break }
    }
    return intercepts
  }

  /// The gradient, and the Hessian below its diagonal and on it.
  private func derivatives(
    at intercepts: [Double], _ outcomes: [Float], _ precision: Double
  ) -> (gradient: [Double], hessian: DenseRows) {
    var gradient = intercepts.map { 2 * precision * $0 }
    var hessian = DenseRows(count: classes, width: classes) { $0 == $1 ? 2 * precision : 0 }
    let moved = adding(intercepts)
    for (row, outcome) in outcomes.enumerated() {
      let probabilities = moved.probabilities(of: row)
      gradient[Int(outcome)] -= 1
      for (label, probability) in probabilities.enumerated() {
        gradient[label] += probability
        hessian[label, label] += probability
        for other in 0...label { hessian[label, other] -= probability * probabilities[other] }
      }
    }
    return (gradient, hessian)
  }
}

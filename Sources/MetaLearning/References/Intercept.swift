#if canImport(Glibc)
  import Glibc
#endif

extension Predictions {
  /// The predictions moved by one number, an intercept that is fitted to what `support` lacks.
  ///
  /// Of classes it minimises the log loss of the support set plus half its square, a prior of
  /// spread 1 in log odds: it stays defined where the support set has one class, and a small one moves
  /// it little. Of numbers it is the sum of the errors divided by one more than their number.
  func shifted(by support: Predictions, against outcomes: [Float]) -> Predictions {
    switch (self, support) {
    case (.logOdds(let scores), .logOdds(let known)):
      let intercept = Self.intercept(of: known, against: outcomes)
      return .logOdds(scores.map { $0 + intercept })
    case (.numbers(let numbers), .numbers(let known)):
      let errors = zip(known, outcomes).reduce(0) { $0 + Double($1.1) - $1.0 }
      return .numbers(numbers.map { $0 + errors / Double(known.count + 1) })
    case (.logOdds, .numbers), (.numbers, .logOdds):
      preconditionFailure("classes and numbers are not predicted by one model")
    }
  }

  /// Newton's method; what is minimised is strictly convex, and steps are bounded.
  private static func intercept(of logOdds: [Double], against outcomes: [Float]) -> Double {
    var intercept = 0.0
    for _ in 0..<50 {
      var (slope, curvature) = (intercept, 1.0)
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

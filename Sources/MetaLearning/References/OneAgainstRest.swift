import Cohorts
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A linear model of several classes: for each of them a ``LinearModel`` of whether a patient is of it, and
/// their probabilities brought to a sum of 1.
///
/// A class that the support set lacks has the share that a large penalty would leave it, 1 / (n + 2) before
/// they are. Of two classes this is the logistic regression itself. Cost: a ``LinearModel`` for each class that the
/// support set has.
///
/// Reference: Rifkin and Klautau, "In defense of one-vs-all classification", JMLR 2004.
struct OneAgainstRest {
  /// The model of each class; `nil` of one that the support set lacks.
  private let models: [LinearModel?]
  /// The log odds of a class without a model.
  private let oddsOfNone: Double

  /// The models of a support set.
  init(of support: Examples, classes: Int) {
    oddsOfNone = -log(Double(support.count + 1))
    models = (0..<classes).map { label in
      guard support.outcomes.contains(Float(label)) else { return nil }
      var members = Examples(
        inputs: support.inputs, outcomes: support.outcomes.map { $0 == Float(label) ? 1 : 0 })
      members.owners = support.owners
      return LinearModel(of: members, kind: .classification)
    }
  }

  /// The logarithms of the probabilities, before they are brought to a sum of 1.
  func scores(of inputs: Matrix) -> ClassScores {
    let none = Array(repeating: oddsOfNone, count: inputs.rows)
    let odds = models.map { $0?.scores(of: inputs) ?? none }
    return ClassScores(
      classes: models.count,
      scores: (0..<inputs.rows).flatMap { row in
        odds.map { min($0[row], 0) - log1p(exp(-abs($0[row]))) }
      })
  }
}

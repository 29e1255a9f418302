import Cohorts
import Scenarios
import Tensors

// How a hostile hospital harms learning. It knows the meta-gradients of its own episodes and nothing
// of other hospitals; how many patients and episodes it says it has, and its losses, stay true.

extension AttackPlan {
  /// What is sent in place of `sum`, the sum of meta-gradients over so many episodes.
  ///
  /// With E episodes, P numbers in the sum, and strength z:
  ///
  /// | attack | is sent |
  /// |---|---|
  /// | `sign-flip` | −z · sum |
  /// | `scaling` | z · sum |
  /// | `label-flip` | sum, which is that of patients with exchanged classes: class C − 1 − y of C for class y |
  /// | `noise` | sum + z · ‖sum‖ / √P · ε, with ε standard normal, drawn anew for each number |
  /// | `a-little-is-enough` | E · (μ − z · σ): mean and spread (over E − 1) of each number |
  ///
  /// The last one is that of Baruch, Baruch and Goldberg, "A Little Is Enough: Circumventing Defenses
  /// For Distributed Learning", 2019, arXiv:1902.06156, Algorithm 3. There the attackers estimate μ
  /// and σ over the workers that they control; here a hospital has its own episodes to go by.
  func harmful(
    _ sum: GradientSum, squares: GradientSum?, episodes: Int, using random: inout RandomStream
  ) -> GradientSum {
    var sum = sum
    switch kind {
    case .labelFlip: break
    case .signFlip: sum.change { -strength * $1 }
    case .scaling: sum.change { strength * $1 }
    case .noise:
      let scale = strength * sum.norm / Double(sum.numbers.count).squareRoot()
      sum.change { $1 + scale * random.normal() }
    case .aLittleIsEnough:
      guard let squares, episodes > 1 else { break }
      let count = Double(episodes)
      sum.change { index, number in
        let variance = (squares.numbers[index] - number * number / count) / (count - 1)
        return number - count * strength * max(0, variance).squareRoot()
      }
    }
    return sum
  }
}

extension GradientSum {
  /// The Euclidean norm.
  fileprivate var norm: Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension Episode {
  /// Gives every patient of class `y` the class `classes - 1 - y`: of two, the other one.
  mutating func exchange(classes: Int) {
    support.exchange(classes: classes)
    query.exchange(classes: classes)
  }
}

extension Examples {
  mutating func exchange(classes: Int) {
    outcomes = outcomes.map { Float(classes - 1) - $0 }
    trueRisks = trueRisks.map { $0.map { 1 - $0 } }
  }
}

import Cohorts
import Tensors

/// What was counted while recommendations were judged.
///
/// Of each example the dose is recommended whose predicted outcome is best. Its regret is the true mean
/// outcome of the dose that is truly best less that of the recommended one: 0 at best. Among doses that are
/// predicted alike one is taken as drawn by lot, and what is counted is the mean over the draw. Sums
/// travel; quotients are taken at the end.
public struct ChoiceSums: Codable, Equatable, Sendable {
  /// Recommendations judged.
  public var judged = 0.0
  /// The sum of regrets, in units of the outcome.
  public var regret = 0.0
  /// Recommendations of a dose that is truly best.
  public var best = 0.0

  /// The sums over no recommendations.
  public init() {}
}

extension ChoiceSums {
  /// How many numbers there are.
  public static let count = 3

  /// The sums as numbers, in the order of the properties: the form in which they travel.
  public var numbers: [Double] { [judged, regret, best] }

  /// Reads what ``numbers`` wrote.
  ///
  /// - Precondition: there are ``count``.
  public init(numbers: some Collection<Double>) {
    precondition(
      numbers.count == Self.count,
      "sums of recommendations are \(Self.count) numbers, not \(numbers.count)")
    let n = Array(numbers)
    (judged, regret, best) = (n[0], n[1], n[2])
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.judged += right.judged
    sum.regret += right.regret
    sum.best += right.best
    return sum
  }
}

extension DoseChoice {
  /// What is counted of recommendations by predicted outcomes, those of each example's doses together.
  func judged(by predicted: some RandomAccessCollection<Double>) -> ChoiceSums {
    let predicted = Array(predicted)
    return (0..<trueOutcomes.rows).reduce(ChoiceSums()) { sums, row in
      sums + judged(row, by: predicted[row * doses.count..<(row + 1) * doses.count])
    }
  }

  /// What is counted where all examples are given the dose that is best for all.
  var judgedForAll: ChoiceSums {
    let row = doses.indices.map { $0 == bestForAll ? 1.0 : 0.0 }
    return judged(by: (0..<trueOutcomes.rows).flatMap { _ in row })
  }

  /// A model that has diverged recommends nothing: its regret is no number.
  private func judged(_ row: Int, by predicted: ArraySlice<Double>) -> ChoiceSums {
    guard predicted.allSatisfy(\.isFinite), let highest = predicted.max() else {
      return ChoiceSums(numbers: [1, .nan, 0])
    }
    let truths = doses.indices.map { Double(trueOutcomes[row, $0]) }
    let optimum = truths.max() ?? 0
    let chosen = zip(predicted, truths).filter { $0.0 == highest }.map(\.1)
    let share = 1 / Double(chosen.count)
    return ChoiceSums(numbers: [
      1, chosen.reduce(0) { $0 + (optimum - $1) } * share,
      Double(chosen.count { $0 == optimum }) * share,
    ])
  }
}

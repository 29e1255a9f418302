public import Tensors

/// The doses that could have been given to each of some patients or at each of some visits, and what
/// each would truly have done.
///
/// For whoever judges recommendations: an input at another dose is the row with the number of that dose
/// in ``column``.
public struct DoseChoice: Equatable, Sendable {
  /// The column of the inputs that holds the dose.
  public var column: Int
  /// The doses, ascending, as they stand in that column: in own units in a cohort, on the scale of the
  /// inputs in an episode.
  public var doses: [Float]
  /// The true mean outcome of every dose, `[examples, doses]`; more is better.
  public var trueOutcomes: Matrix
  /// The place among ``doses`` of the one that is best on average, were all patients given the same.
  public var bestForAll: Int

  /// Takes doses as they are.
  ///
  /// - Precondition: there is one column an outcome for every dose, and the best for all is one of them.
  public init(column: Int, doses: [Float], trueOutcomes: Matrix, bestForAll: Int) {
    precondition(
      trueOutcomes.columns == doses.count,
      "\(trueOutcomes.columns) outcomes do not fit \(doses.count) doses")
    precondition(
      doses.indices.contains(bestForAll), "of \(doses.count) doses none has place \(bestForAll)")
    self.column = column
    self.doses = doses
    self.trueOutcomes = trueOutcomes
    self.bestForAll = bestForAll
  }

  /// What could have been given to the patients of several choices, one after the other; nil unless there
  /// are so many of them as `count` says, all of the same doses.
  init?(of choices: [DoseChoice], together count: Int) {
    guard let first = choices.first, choices.count == count,
      choices.allSatisfy({ $0.doses == first.doses })
    else { return nil }
    self.init(
      column: first.column, doses: first.doses,
      trueOutcomes: Matrix(
        rows: choices.reduce(0) { $0 + $1.trueOutcomes.rows }, columns: first.doses.count,
        scalars: choices.flatMap(\.trueOutcomes.scalars)),
      bestForAll: first.bestForAll)
  }

  /// What could have been given in these rows, doses on the scale of a standardiser.
  func keeping(_ rows: [Int], on scale: Standardiser?) -> DoseChoice {
    DoseChoice(
      column: column,
      doses: scale.map { scale in
        doses.map { Float((Double($0) - scale.means[column]) / scale.scales[column]) }
      } ?? doses,
      trueOutcomes: trueOutcomes.rows(at: rows), bestForAll: bestForAll)
  }
}

extension Examples {
  /// These examples, and where there are doses to choose from, after them each once at every dose.
  ///
  /// Row `count + doses · i + d` is example i at dose d, its outcome the true mean.
  public var withAlternatives: Examples {
    guard let choice else { return self }
    let doses = choice.doses.count
    let rows = Array(0..<count) + (0..<count * doses).map { $0 / doses }
    var inputs = inputs.rows(at: rows)
    for row in count..<rows.count {
      inputs[row, choice.column] = choice.doses[(row - count) % doses]
    }
    let truths = choice.trueOutcomes.scalars
    return Examples(
      inputs: inputs, outcomes: outcomes + truths,
      trueRisks: trueRisks.map { $0 + truths.map { Double($0) } },
      persistence: persistence.map { persistence in rows.map { persistence[$0] } })
  }
}

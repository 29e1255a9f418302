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
  /// The true mean outcome of every dose, `[examples, doses]`.
  public var trueOutcomes: Matrix

  /// Takes doses as they are.
  ///
  /// - Precondition: there is one column an outcome for every dose.
  public init(column: Int, doses: [Float], trueOutcomes: Matrix) {
    precondition(
      trueOutcomes.columns == doses.count,
      "\(trueOutcomes.columns) outcomes do not fit \(doses.count) doses")
    self.column = column
    self.doses = doses
    self.trueOutcomes = trueOutcomes
  }

  /// What could have been given in these rows, doses on the scale of a standardiser.
  func keeping(_ rows: [Int], on scale: Standardiser?) -> DoseChoice {
    DoseChoice(
      column: column,
      doses: scale.map { scale in
        doses.map { Float((Double($0) - scale.means[column]) / scale.scales[column]) }
      } ?? doses,
      trueOutcomes: trueOutcomes.rows(at: rows))
  }
}

public import Tensors

/// The patients of one hospital.
///
/// It never leaves the process that loaded it.
public struct Cohort: Equatable, Sendable {
  /// The hospital that owns the patients.
  public var hospital: String
  /// The names of the features, one a column of ``inputs``.
  public var features: [String]
  /// The features of every patient in their own units, `[patients, features]`.
  public var inputs: Matrix
  /// The outcome of every patient: a class index, or a number.
  public var outcomes: [Float]
  /// The hospital's own identifiers of its patients, where they are known; for use at home only.
  public var identifiers: [String]?
  /// Where a generative model made the patients: the true probability of class 1, or the true mean.
  public var trueRisks: [Double]?
  /// Where the data set itself names a split: whether each patient is kept for judging.
  public var keptForJudging: [Bool]?

  /// Takes patients as they are.
  ///
  /// - Precondition: there is one row and one outcome a patient, and one column a feature.
  public init(
    hospital: String, features: [String], inputs: Matrix, outcomes: [Float],
    identifiers: [String]? = nil, trueRisks: [Double]? = nil, keptForJudging: [Bool]? = nil
  ) {
    precondition(
      inputs.rows == outcomes.count && inputs.columns == features.count,
      "\(hospital): [\(inputs.rows), \(inputs.columns)] inputs do not fit \(outcomes.count) outcomes"
        + " and \(features.count) features")
    self.hospital = hospital
    self.features = features
    self.inputs = inputs
    self.outcomes = outcomes
    self.identifiers = identifiers
    self.trueRisks = trueRisks
    self.keptForJudging = keptForJudging
  }
}

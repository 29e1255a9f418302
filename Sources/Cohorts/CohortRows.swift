import Tensors

/// Patients collected row by row, until they are a ``Cohort``.
struct CohortRows {
  private let features: [String]
  private var inputs: [Float] = []
  private var outcomes: [Float] = []
  private var trueRisks: [Double]?
  private var keptForJudging: [Bool]?

  /// No patients yet; says whether each will come with a true risk, or with a part of a split.
  init(features: [String], knowsRisks: Bool = false, namesSplit: Bool = false) {
    self.features = features
    trueRisks = knowsRisks ? [] : nil
    keptForJudging = namesSplit ? [] : nil
  }

  /// Adds one patient.
  mutating func append(
    _ patient: [Float], outcome: Float, trueRisk: Double = .nan, keptForJudging kept: Bool = false
  ) {
    inputs.append(contentsOf: patient)
    outcomes.append(outcome)
    trueRisks?.append(trueRisk)
    keptForJudging?.append(kept)
  }

  /// The patients as those of `hospital`.
  func cohort(of hospital: String) -> Cohort {
    Cohort(
      hospital: hospital, features: features,
      inputs: Matrix(rows: outcomes.count, columns: features.count, scalars: inputs),
      outcomes: outcomes, trueRisks: trueRisks, keptForJudging: keptForJudging)
  }
}

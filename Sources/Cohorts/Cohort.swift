public import Tensors

/// The patients of one hospital.
///
/// It never leaves the process that loaded it.
public struct Cohort: Equatable, Sendable {
  /// The hospital that owns the patients.
  public var hospital: String
  /// The names of the features, one a column of ``inputs``.
  public var features: [String]
  /// The features of every patient in their own units, `[patients, features]`; NaN where missing.
  public var inputs: Matrix
  /// The outcome of every patient: a class index, or a number.
  public var outcomes: [Float]
  /// The hospital's own identifiers of its patients, where they are known; for use at home only.
  public var identifiers: [String]?
  /// Where a generative model made the patients: the true probability of class 1, or the true mean.
  public var trueRisks: [Double]?
  /// Where a split is decided already, by the data set or a rule: whether each patient is kept for
  /// judging.
  public var keptForJudging: [Bool]?
  /// The number of every patient at its source: what selections leave it with.
  public var numbers: [Int]
  /// Whether patients are adapted on before they are judged by, in the order of rows.
  public var isOrdered = false
  /// Where the rows are records of one patient: when each was made, ascending.
  public var times: [RecordTime]?
  /// Where the rows are records of several patients: whose each is, equal numbers being one patient.
  public var owners: [Int]?
  /// Where an outcome follows a reading of its own kind: the outcome if nothing changes.
  public var persistence: [Float]?
  /// Where doses are given: what other doses would truly have done.
  public var choice: DoseChoice?
  /// How many of the features, the last ones, are codes of categories.
  public internal(set) var codes = 0
  /// How outcomes are counted by a model.
  public var outcomeScale = OutcomeScale.own

  /// Takes patients as they are.
  ///
  /// - Precondition: there is one row and one outcome a patient, and one column a feature.
  public init(
    hospital: String, features: [String], inputs: Matrix, outcomes: [Float],
    identifiers: [String]? = nil, trueRisks: [Double]? = nil, keptForJudging: [Bool]? = nil,
    numbers: [Int]? = nil
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
    self.numbers = numbers ?? Array(outcomes.indices)
  }
}

extension Cohort {
  /// The number of patients: of rows, unless ``owners`` says whose records these are.
  public var patients: Int { owners.map { Set($0).count } ?? outcomes.count }

  /// The patients in these rows, ascending, each with all that is known of it.
  func keeping(_ rows: [Int]) -> Cohort {
    var kept = Cohort(
      hospital: hospital, features: features, inputs: inputs.rows(at: rows),
      outcomes: rows.map { outcomes[$0] },
      identifiers: identifiers.map { all in rows.map { all[$0] } },
      trueRisks: trueRisks.map { all in rows.map { all[$0] } },
      keptForJudging: keptForJudging.map { all in rows.map { all[$0] } },
      numbers: rows.map { numbers[$0] })
    kept.isOrdered = isOrdered
    kept.times = times.map { all in rows.map { all[$0] } }
    kept.owners = owners.map { all in rows.map { all[$0] } }
    kept.persistence = persistence.map { all in rows.map { all[$0] } }
    kept.choice = choice?.keeping(rows, on: nil)
    kept.codes = codes
    kept.outcomeScale = outcomeScale
    return kept
  }

  /// The patients, each with its rows: one unless ``owners`` says otherwise.
  var people: People {
    People(groups: owners.map { PatientGroups(of: $0, at: outcomes.indices) }, of: outcomes.count)
  }

  /// The number that a rule draws by for a row's patient, the same for all of a patient's records.
  func number(ofPatientAt row: Int) -> Int { owners?[row] ?? numbers[row] }

  /// The patients with a further column for each of `features`: 1 where it is missing.
  func indicatingMissing(_ features: [String]) -> Cohort {
    let sources = features.compactMap { self.features.firstIndex(of: $0) }
    guard !sources.isEmpty else { return self }
    var scalars: [Float] = []
    scalars.reserveCapacity(outcomes.count * (inputs.columns + sources.count))
    for row in outcomes.indices {
      scalars += inputs.row(row)
      scalars += sources.map { inputs[row, $0].isNaN ? 1 : 0 }
    }
    var indicated = self
    indicated.features += sources.map { "missing \(self.features[$0])" }
    indicated.inputs = Matrix(
      rows: outcomes.count, columns: inputs.columns + sources.count, scalars: scalars)
    return indicated
  }
}

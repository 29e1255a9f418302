/// A published data set that leaves something to choose, or whose hospitals or patients have names that
/// are known.
public struct PublishedPlan: Codable, Equatable, Sendable {
  /// The data sets, by the names that scenarios use.
  public enum DataSet: String, Codable, CaseIterable, Sendable {
    /// Voice recordings of 42 patients at home; the task is a patient.
    case parkinsons = "parkinsons-telemonitoring"
    /// Glucose of 24 patients every quarter of an hour; the task is a patient.
    case glucose = "hupa-ucm-cgm"
    /// Intensive care in 186 hospitals.
    case intensiveCare = "eicu-demo"
    /// A trial in cystic fibrosis, of 51 centres.
    case rhDNase = "rhdnase"
    /// A trial in primary biliary cirrhosis, of six hospitals.
    case cirrhosis = "pbc3"
    /// Drug levels of 65 patients in anaesthesia; the task is a patient.
    case remifentanil
  }

  /// What is predicted, where a data set knows several outcomes.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// The score of movement in Parkinson's disease.
    case motorUPDRS = "motor-updrs"
    /// The whole score of Parkinson's disease.
    case totalUPDRS = "total-updrs"
    /// More than two days in intensive care.
    case longStay = "long-stay"
    /// Death in hospital.
    case death
  }

  /// How far ahead glucose is predicted.
  public enum Horizon: String, Codable, CaseIterable, Sendable {
    /// In half an hour.
    case halfHour = "30m"
    /// In an hour.
    case hour = "60m"

    /// The minutes.
    public var minutes: Int { self == .halfHour ? 30 : 60 }
  }

  /// Which data set.
  public var dataSet: DataSet
  /// What is predicted, where there is a choice.
  public var outcome: Outcome?
  /// How far ahead, where there is a choice.
  public var horizon: Horizon?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(_ dataSet: DataSet, outcome: Outcome? = nil, horizon: Horizon? = nil) {
    self.dataSet = dataSet
    self.outcome = outcome
    self.horizon = horizon
  }
}

/// Whose patients or records make one task, and are one hospital of the federation.
public enum TaskUnit: String, Codable, CaseIterable, Sendable {
  /// The patients of a hospital.
  case hospital
  /// The records of a patient, in the order of time.
  case patient
  /// The patients with one condition at a hospital.
  case condition
}

extension PublishedPlan.DataSet {
  /// The outcomes to choose from, the usual one first.
  var outcomes: [PublishedPlan.Outcome] {
    switch self {
    case .parkinsons: [.motorUPDRS, .totalUPDRS]
    case .intensiveCare: [.longStay, .death]
    case .glucose, .rhDNase, .cirrhosis, .remifentanil: []
    }
  }

  /// The number of features that a patient or record has.
  public var features: Int {
    switch self {
    case .parkinsons: 19
    case .glucose: 10
    case .intensiveCare: 49
    case .rhDNase: 3
    case .cirrhosis, .remifentanil: 12
    }
  }

  /// The names of all hospitals or patients; nil where scenarios choose by number.
  public var hospitals: [String]? {
    switch self {
    case .parkinsons: (1...42).map { "p\($0)" }
    case .glucose:
      [1...7, 9...11, 14...26, 28...28].joined().map {
        "HUPA00\($0 < 10 ? "0" : "")\($0)P"
      }
    case .intensiveCare: nil
    case .rhDNase: (1...51).map { "c\($0)" }
    case .cirrhosis: ["hvidovre", "london", "copenhagen", "barcelona", "munich", "lyon"]
    case .remifentanil: (1...65).map { "p\($0)" }
    }
  }

  /// Whether the task is a patient.
  var isOfPatients: Bool {
    switch self {
    case .parkinsons, .glucose, .remifentanil: true
    case .intensiveCare, .rhDNase, .cirrhosis: false
    }
  }
}

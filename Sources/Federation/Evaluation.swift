public import MetaLearning

/// How the meta-parameters serve each hospital.
public struct Evaluation: Codable, Equatable, Sendable {
  /// The rounds learnt before it.
  public var round: Int
  /// Whether it is the one at the end of the run.
  public var final: Bool
  /// The sizes of support sets, in the order of every hospital's ``HospitalEvaluation/results``.
  public var shots: [Int]
  /// Who is compared, in the order of every row of results.
  public var contenders: [Contender]
  /// The hospitals that answered, training first, each in the scenario's order.
  public var hospitals: [HospitalEvaluation]
  /// The hospitals that did not, sorted by name.
  public var missing: [String]
  /// Of which model it is told on what it relies; `nil` where of none.
  public var explained: ExplainedModel?

  /// Takes the parts as they are.
  public init(
    round: Int, final: Bool, shots: [Int], contenders: [Contender],
    hospitals: [HospitalEvaluation], missing: [String], explained: ExplainedModel? = nil
  ) {
    self.round = round
    self.final = final
    self.shots = shots
    self.contenders = contenders
    self.hospitals = hospitals
    self.missing = missing
    self.explained = explained
  }
}

/// How the meta-parameters serve one hospital.
public struct HospitalEvaluation: Codable, Equatable, Sendable {
  /// Which hospital.
  public var hospital: String
  /// Whether it never trained.
  public var heldOut: Bool
  /// Its patients; `nil` where tasks make their own points, or when it declined.
  public var patients: Int?
  /// Sums of metrics, `[shots][contenders]`; empty when it declined.
  public var results: [[MetricSums]]
  /// On what the model relies there; `nil` where that was not asked for, or of too few patients.
  public var reliance: RelianceSums?
  /// Why it did not take part.
  public var declined: String?

  /// Takes the parts as they are.
  public init(
    hospital: String, heldOut: Bool, patients: Int?, results: [[MetricSums]],
    reliance: RelianceSums? = nil, declined: String? = nil
  ) {
    self.hospital = hospital
    self.heldOut = heldOut
    self.patients = patients
    self.results = results
    self.reliance = reliance
    self.declined = declined
  }
}

import Glibc

/// Parkinson's telemonitoring: 5,875 voice recordings that 42 patients made at home over six months,
/// with the clinician's score of their symptoms.
///
/// A task is a patient, and its rows are the patient's recordings in the order of time. The scores are
/// interpolated linearly between three visits, so whoever knows some of them nearly reads the others
/// off the calendar: recordings are never split at random, and those of one session, which are minutes
/// apart, are never on both sides: a score counts as known half a day after the recording.
///
/// Jitter, shimmer and the noise-to-harmonics ratio are spread over orders of magnitude and are taken
/// as logarithms.
///
/// Source: Tsanas and Little 2009, doi:10.24432/C5ZS3N, CC BY 4.0.
public enum ParkinsonsTelemonitoring {
  /// The score that is predicted; on the unified Parkinson's disease rating scale (UPDRS).
  public enum Score: Sendable {
    /// Of movement, 0 to 108.
    case motor
    /// Of everything, 0 to 176.
    case total

    fileprivate var column: String {
      switch self {
      case .motor: "motor_UPDRS"
      case .total: "total_UPDRS"
      }
    }

    /// How a model counts the score.
    public var scale: OutcomeScale {
      switch self {
      case .motor: OutcomeScale(centre: 20, unit: 10)
      case .total: OutcomeScale(centre: 30, unit: 10)
      }
    }
  }

  /// The 42 patients, `p1` to `p42`, by their numbers in the data set.
  public static let patients = (1...42).map { "p\($0)" }

  /// The 19 features: years, sex (1 female), days since recruitment, and 16 voice measures, eleven of
  /// jitter and shimmer and NHR as natural logarithms.
  public static let features = plain + logarithms

  private static let plain = ["age", "sex", "test_time", "HNR", "RPDE", "DFA", "PPE"]
  private static let logarithms = [
    "Jitter(%)", "Jitter(Abs)", "Jitter:RAP", "Jitter:PPQ5", "Jitter:DDP", "Shimmer",
    "Shimmer(dB)", "Shimmer:APQ3", "Shimmer:APQ5", "Shimmer:APQ11", "Shimmer:DDA", "NHR",
  ]

  /// The recordings of each of `patients`, in that order, from the data directory that holds
  /// `parkinsons-telemonitoring/`.
  ///
  /// - Throws: ``CohortError`` for an unknown patient, or a file that is missing or is not the
  ///   published one.
  public static func cohorts(
    of patients: [String], score: Score, in directory: String
  ) throws(CohortError) -> [Cohort] {
    let recordings = try file.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: self.patients, score: score, recordings: text)
    }
    return try cohorts(of: patients, score: score, recordings: recordings)
  }

  /// The recordings of each of `patients` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read.
  public static func cohorts(
    of patients: [String], score: Score, recordings: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(
      recordings, requiring: ["subject#"] + features + [Score.motor.column, Score.total.column])
    let (subject, outcome) = (table.position(of: "subject#"), table.position(of: score.column))
    let time = table.position(of: "test_time")
    let measures = plain.map { table.position(of: $0) }
    let logs = logarithms.map { table.position(of: $0) }
    var groups = CohortGroups<TimedRecord>(patients)
    try table.forEachRow { row throws(CohortError) in
      let patient = "p\(try row.wholeNumber(subject, in: 1...42))"
      guard groups.wants(patient) else { return }
      var inputs: [Float] = []
      for position in measures { inputs.append(try row.number(position)) }
      for position in logs { inputs.append(log(try row.positiveNumber(position))) }
      let day = Double(try row.number(time))
      groups.append(
        TimedRecord(
          inputs: inputs, outcome: try row.number(outcome),
          time: RecordTime(made: day, known: day + 0.5)), to: patient)
    }
    return try groups.cohorts(of: "parkinsons-telemonitoring", accepted: "p1 to p42") {
      Cohort(patient: $0, features: features, records: $1, outcomeScale: score.scale)
    }
  }

  private static let file = PublishedFile(
    path: "parkinsons-telemonitoring/parkinsons_updrs.data",
    sha256: "f2c7d5025dec4e92e7feae367a5f7ccf58789a10ac6b54bdf15976c599f9dd39")
}

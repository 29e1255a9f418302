import Glibc

/// HUPA-UCM: interstitial glucose of 24 adults with type 1 diabetes in free life, every 15 minutes for
/// up to 14 days.
///
/// A task is a patient. A record is made at every reading that has seven others in the 105 minutes
/// before and one at the horizon; where a reading is missing in between, there is none. What is
/// predicted is the change from the last reading to the one at the horizon: so an error is an
/// error of glucose itself, and predicting 0 is the reference that nothing changes. The outcome is
/// known at the horizon, and no record before that is judged by a model that learnt it.
///
/// Source: Hidalgo et al. 2024, doi:10.17632/3hbcscwz44.1, CC BY 4.0, thinned to 15 minutes by the
/// collection it was taken from (Prioleau, Lu and Cui 2025, arXiv:2507.14077).
public enum GlucoseMonitoring {
  /// The 24 patients, by their names in the data set.
  public static let patients = [1...7, 9...11, 14...26, 28...28].joined().map { number in
    "HUPA00\(number < 10 ? "0" : "")\(number)P"
  }

  /// The 10 features: the last reading (mg/dl), its changes over 15 to 105 minutes (mg/dl), and the
  /// time of day as a point on a circle.
  public static let features =
    ["glucose"] + (1..<readings).map { "change over \($0 * step) min" }
    + ["sine of the time of day", "cosine of the time of day"]

  /// The features that are readings over time, the latest first: how far the last reading is from each of those before.
  public static let changes = 1..<readings

  /// How a model counts changes of glucose: in units of 20 mg/dl.
  public static let scale = OutcomeScale(centre: 0, unit: 20)

  /// The readings of a record, the last one included.
  static let readings = 8
  /// The minutes from one reading to the next.
  static let step = 15

  /// The records of each of `patients`, in that order, from the data directory that holds
  /// `hupa-ucm-cgm/`.
  ///
  /// - Precondition: `horizon` is a multiple of 15 minutes, above 0.
  /// - Throws: ``CohortError`` for an unknown patient, or a file that is missing or is not the
  ///   published one.
  public static func cohorts(
    of patients: [String], horizon: Int, in directory: String
  ) throws(CohortError) -> [Cohort] {
    let readings = try file.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: self.patients, horizon: horizon, readings: text)
    }
    return try cohorts(of: patients, horizon: horizon, readings: readings)
  }

  /// The records of each of `patients` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read, or that is not later
  ///   than the patient's row before.
  public static func cohorts(
    of patients: [String], horizon: Int, readings text: SourceText
  ) throws(CohortError) -> [Cohort] {
    precondition(
      horizon > 0 && horizon % step == 0, "no reading is \(horizon) minutes after another")
    let table = try Table(text, requiring: columns)
    let positions = columns.map { table.position(of: $0) }
    var groups = CohortGroups<Reading>(patients)
    var last: (patient: String, minute: Int)?
    try table.forEachRow { row throws(CohortError) in
      let (patient, minute) = (
        row.text(positions[0]), try row.wholeNumber(positions[1], in: 0...1_000_000)
      )
      if let last, last.patient == patient, minute <= last.minute {
        throw row.misfit(positions[1], accepted: "a minute after that of the patient's row before")
      }
      last = (patient, minute)
      guard groups.wants(patient) else { return }
      groups.append(
        Reading(
          minute: minute, timeOfDay: try row.wholeNumber(positions[2], in: 0...1439),
          glucose: try row.positiveNumber(positions[3])), to: patient)
    }
    return try groups.cohorts(
      of: "hupa-ucm-cgm", accepted: "\(self.patients[0]) to HUPA0028P, as in the data set"
    ) { patient, readings in
      Cohort(
        patient: patient, features: features, records: records(of: readings, horizon: horizon),
        outcomeScale: scale)
    }
  }

  private static let columns = ["patient", "minute", "time_of_day_min", "glucose_mg_dl"]

  private static let file = PublishedFile(
    path: "hupa-ucm-cgm/hupa_cgm_15min.csv",
    sha256: "b2685aec767d7f3f0b39e4242d931f63e288b1b6cf9dfec4224c9ced5811e976")
}

extension GlucoseMonitoring {
  private struct Reading {
    let minute: Int
    let timeOfDay: Int
    let glucose: Float
  }

  private static func records(of all: [Reading], horizon: Int) -> [TimedRecord] {
    let ahead = horizon / step
    guard all.count >= readings + ahead else { return [] }
    return (readings - 1..<all.count - ahead).compactMap { now in
      let past = all[now - readings + 1...now]
      // Minutes only rise, so the span alone tells whether a reading is missing.
      guard
        all[now + ahead].minute - all[now - readings + 1].minute == (readings - 1 + ahead) * step
      else { return nil }
      return record(past, outcome: all[now + ahead])
    }
  }

  private static func record(_ past: ArraySlice<Reading>, outcome: Reading) -> TimedRecord? {
    guard let now = past.last else { return nil }
    let changes = past.dropLast().reversed().map { now.glucose - $0.glucose }
    let angle = Float(now.timeOfDay) / 1440 * 2 * .pi
    return TimedRecord(
      inputs: [now.glucose] + changes + [sin(angle), cos(angle)],
      outcome: outcome.glucose - now.glucose,
      time: RecordTime(made: Double(now.minute), known: Double(outcome.minute)), persistence: 0)
  }
}

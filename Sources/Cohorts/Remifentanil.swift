import Glibc

/// Remifentanil: 1,992 drug levels of 65 anaesthetised adults during and after an infusion.
///
/// A task is a patient, and a record is a measured level, whose natural logarithm (of ng/ml) is
/// predicted from the patient and from what was infused before: the rate, the total, and what a body
/// would hold that loses half of it in 1, 3, 10 and 30 minutes,
///
///     A_T(t) = ∫₀ᵗ rate(s) 2^(−(t − s)/T) ds,
///
/// all of them in µg, as log(1 + A). Rates are piecewise constant. The column `Amt` is not read:
/// it is what is given until the next sample, and so tells when that will be taken.
///
/// Source: Minto et al. 1997, Anesthesiology 86, 10-23, as in the R package nlme (Pinheiro and Bates
/// 2000), GPL 2 or later.
public enum Remifentanil {
  /// The 65 patients, `p1` to `p65`, by their numbers in the data set.
  public static let patients = (1...65).map { "p\($0)" }

  /// The 12 features: years, sex (1 male), cm, kg, lean kg, minutes since the start, and what was
  /// infused.
  public static let features =
    ["age", "male", "height", "weight", "lean body mass", "minutes", "rate", "infused"]
    + halfLives.map { "held with a half-life of \(Int($0)) min" }

  private static let halfLives = [1.0, 3, 10, 30]
  private static let person = ["Age", "Ht", "Wt", "LBM"]
  private static let columns = ["Subject", "Time", "conc", "Rate", "Sex"] + person

  /// The levels of each of `patients`, in that order, from the data directory that holds `pk-nlme/`.
  ///
  /// - Throws: ``CohortError`` for an unknown patient, or a file that is missing or is not the
  ///   published one.
  public static func cohorts(
    of patients: [String], in directory: String
  ) throws(CohortError) -> [Cohort] {
    let levels = try file.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: self.patients, levels: text)
    }
    return try cohorts(of: patients, levels: levels)
  }

  /// The levels of each of `patients` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read, or that is not later
  ///   than the patient's row before.
  public static func cohorts(
    of patients: [String], levels: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(levels, requiring: columns)
    var groups = CohortGroups<TimedRecord>(patients)
    var infusions: [String: Infusion] = [:]
    try table.forEachRow { row throws(CohortError) in
      let patient = "p\(try row.wholeNumber(table.position(of: "Subject"), in: 1...65))"
      guard groups.wants(patient) else { return }
      let time = table.position(of: "Time")
      let minute = Double(try row.number(time))
      var infusion = infusions[patient] ?? Infusion(start: minute)
      guard infusions[patient] == nil || minute > infusion.minute else {
        throw row.misfit(time, accepted: "a time after that of the patient's row before")
      }
      infusion.goOn(to: minute)
      let level = table.position(of: "conc")
      if !row.text(level).isEmpty {
        groups.append(
          TimedRecord(
            inputs: try Self.person(row, table) + infusion.features,
            outcome: log(try row.positiveNumber(level)),
            time: RecordTime(made: minute, known: minute)), to: patient)
      }
      infusion.rate = Double(try row.number(table.position(of: "Rate")))
      infusions[patient] = infusion
    }
    return try groups.cohorts(of: "remifentanil", accepted: "p1 to p65") {
      Cohort(patient: $0, features: features, records: $1, outcomeScale: .own)
    }
  }

  private static func person(_ row: TableRow, _ table: Table) throws(CohortError) -> [Float] {
    let sex = try row.level(table.position(of: "Sex"), among: ["Female", "Male"])
    var numbers: [Float] = []
    for name in person { numbers.append(try row.number(table.position(of: name))) }
    return [numbers[0], Float(sex)] + numbers.dropFirst()
  }

  private static let file = PublishedFile(
    path: "pk-nlme/remifentanil.csv",
    sha256: "d8ffbca612c64f89b6007d12659a82eef8fa251cc7061219497d92ff7c623f67")

  /// What has been infused, and what different bodies would hold of it.
  private struct Infusion {
    private let start: Double
    private(set) var minute: Double
    /// In µg a minute, from now on.
    var rate = 0.0
    private var infused = 0.0
    private var held = Array(repeating: 0.0, count: halfLives.count)

    init(start: Double) {
      self.start = start
      minute = start
    }

    /// Infuses at the rate until `later`: exact for a constant rate.
    mutating func goOn(to later: Double) {
      let elapsed = later - minute
      for (index, halfLife) in halfLives.enumerated() {
        let rest = exp2(-elapsed / halfLife)
        held[index] = held[index] * rest + rate * (1 - rest) * halfLife / log(2)
      }
      infused += rate * elapsed
      minute = later
    }

    /// The features that say what was infused, the rate being the one until now.
    var features: [Float] {
      [Float(minute - start)] + ([rate, infused] + held).map { Float(log1p($0)) }
    }
  }
}

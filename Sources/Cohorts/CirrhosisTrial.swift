import Glibc

/// PBC3: cyclosporin A against placebo in primary biliary cirrhosis, 349 patients of six European
/// hospitals, 1983 to 1987.
///
/// The outcome is 1 where the patient died or had the liver transplanted while followed. Laboratory
/// values with a long upper tail are taken as logarithms; what is missing is NaN, and the stage, which
/// a sixth of the patients lack, has a column that says so.
///
/// Source: Lombard et al. 1993, Gastroenterology 104, 519-526, as in the R package pec, GPL 2 or later.
public enum CirrhosisTrial {
  /// The six hospitals in the order of their numbers in the trial.
  public static let hospitals = ["hvidovre", "london", "copenhagen", "barcelona", "munich", "lyon"]

  /// The 12 features: cyclosporin (1) or placebo, sex (1 male), years, stage, bleeding, g/l of albumin,
  /// kg, logarithms of creatinine and bilirubin (µmol/l), alkaline phosphatase and aspartate
  /// aminotransferase (IU/l), and whether the stage is missing.
  public static let features = plain + logarithms + ["missing stage"]

  private static let plain = ["tment", "sex", "age", "stage", "gibleed", "alb", "weight"]
  private static let logarithms = ["crea", "bili", "alkph", "asptr"]

  /// The patients of each of `hospitals`, in that order, from the data directory that holds
  /// `small-multicentre-trials/`.
  ///
  /// - Throws: ``CohortError`` for an unknown hospital, or a file that is missing or is not the
  ///   published one.
  public static func cohorts(
    of hospitals: [String], in directory: String
  ) throws(CohortError) -> [Cohort] {
    let patients = try file.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: self.hospitals, patients: text)
    }
    return try cohorts(of: hospitals, patients: patients)
  }

  /// The patients of each of `hospitals` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read.
  public static func cohorts(
    of hospitals: [String], patients: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(
      patients, requiring: ["unit", "status"] + plain + logarithms,
      separator: UInt8(ascii: ";"))
    let (unit, status) = (table.position(of: "unit"), table.position(of: "status"))
    let numbers = plain.map { table.position(of: $0) }
    let logs = logarithms.map { table.position(of: $0) }
    var groups = CohortGroups<PatientRow>(hospitals)
    try table.forEachRow { row throws(CohortError) in
      let hospital = self.hospitals[try row.wholeNumber(unit, in: 1...6) - 1]
      var inputs: [Float] = []
      for position in numbers { inputs.append(try measurement(row, position)) }
      for position in logs { inputs.append(log(try measurement(row, position, isPositive: true))) }
      let failed = try row.wholeNumber(status, in: 0...2) > 0
      groups.append(PatientRow(inputs: inputs, outcome: failed ? 1 : 0), to: hospital)
    }
    return try groups.cohorts(of: "pbc3", accepted: self.hospitals.joined(separator: ", ")) {
      Cohort(hospital: $0, features: plain + logarithms, patients: $1)
        .indicatingMissing(["stage"])
    }
  }

  private static func measurement(
    _ row: TableRow, _ position: Int, isPositive: Bool = false
  ) throws(CohortError) -> Float {
    let number = try row.measurement(position, missing: ["NA"], accepted: "a number or NA")
    guard !isPositive || number.isNaN || number > 0 else {
      throw row.misfit(position, accepted: "a number above 0, or NA")
    }
    return number
  }

  private static let file = PublishedFile(
    path: "small-multicentre-trials/pbc3.csv",
    sha256: "559e245d531680ffd00113fd48938b7052111b58fae8b06ba2d0719f46413e5f")
}

/// rhDNase: 647 patients with cystic fibrosis at 51 centres, 1992, half of them given rhDNase.
///
/// The outcome is 1 where an infection of the lungs that wanted antibiotics began in the about 169
/// days after entry.
///
/// Source: Therneau and Hamilton 1997, Statistics in Medicine 16, 2029-2047, as in the R package
/// survival, LGPL 2 or later.
public enum RhDNaseTrial {
  /// The 51 centres, `c1` to `c51`, by their numbers in the trial.
  public static let centres = (1...51).map { "c\($0)" }

  /// The 3 features: rhDNase (1) or placebo, forced expiratory volume at entry, infected at entry.
  public static let features = ["trt", "fev", "infected_at_entry"]

  /// The patients of each of `centres`, in that order, from the data directory that holds
  /// `small-multicentre-trials/`.
  ///
  /// - Throws: ``CohortError`` for an unknown centre, or a file that is missing or is not the published
  ///   one.
  public static func cohorts(
    of centres: [String], in directory: String
  ) throws(CohortError) -> [Cohort] {
    let patients = try file.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: self.centres, patients: text)
    }
    return try cohorts(of: centres, patients: patients)
  }

  /// The patients of each of `centres` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read.
  public static func cohorts(
    of centres: [String], patients: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(patients, requiring: ["inst", "exacerbation"] + features)
    let (centre, outcome) = (table.position(of: "inst"), table.position(of: "exacerbation"))
    let inputs = features.map { table.position(of: $0) }
    var groups = CohortGroups<PatientRow>(centres)
    try table.forEachRow { row throws(CohortError) in
      let name = "c\(try row.wholeNumber(centre, in: 1...51))"
      let numbers = [
        Float(try row.wholeNumber(inputs[0], in: 0...1)), try row.number(inputs[1]),
        Float(try row.wholeNumber(inputs[2], in: 0...1)),
      ]
      let infected = try row.wholeNumber(outcome, in: 0...1)
      groups.append(PatientRow(inputs: numbers, outcome: Float(infected)), to: name)
    }
    return try groups.cohorts(of: "rhdnase", accepted: "c1 to c51") {
      Cohort(hospital: $0, features: features, patients: $1)
    }
  }

  private static let file = PublishedFile(
    path: "small-multicentre-trials/rhdnase_patients.csv",
    sha256: "88d52a725830131bad23acc50ee025b7c8510ae3135f22d3debce00c70d2a4dc")
}

/// The International Stroke Trial: 19,435 patients of 466 hospitals, 1991 to 1996.
///
/// The outcome is 1 where the patient was dead or dependent six months later (OCCODE 1 or 2), and 0
/// where not (3 or 4); the 150 patients whose outcome is unknown (0 or 9) are left out. Inputs are
/// what was known at randomisation: three measurements, and seventeen questions whose answers become
/// one column each, the empty field being an answer where it occurs. The trial's own predictions
/// (EXPD14, EXPD6, EXPDD), the treatment and everything later than randomisation are not inputs.
///
/// A task is a hospital, or the patients with one stroke syndrome (STYPE) at a hospital: `134-TACS`.
///
/// Source: Sandercock, Niewada and Czlonkowska 2011, doi:10.7488/ds/104. Contains information from
/// the International Stroke Trial database (version 2), which is made available under the ODC
/// Attribution License.
public enum StrokeTrial {
  /// The 52 features: hours since the stroke, years and mm Hg, then `QUESTION=answer` for every
  /// answer, `QUESTION=` being the empty field.
  public static let features =
    StrokeTrialColumns.measurements
    + StrokeTrialColumns.questions.flatMap { question in
      question.answers.map { "\(question.column)=\($0)" }
    }

  /// All hospitals, by their numbers in the trial, ascending; from the data directory that holds
  /// `ist/`.
  public static func hospitals(in directory: String) throws(CohortError) -> [String] {
    try hospitals(in: try patientFile.read(in: directory))
  }

  /// All hospitals in a text that has the form of the published file, by number.
  public static func hospitals(in patients: SourceText) throws(CohortError) -> [String] {
    let table = try Table(patients, requiring: [StrokeTrialColumns.hospital])
    let hospital = table.position(of: StrokeTrialColumns.hospital)
    var numbers: Set<Int> = []
    try table.forEachRow { row throws(CohortError) in
      numbers.insert(try row.wholeNumber(hospital, in: StrokeTrialColumns.hospitalNumbers))
    }
    return numbers.sorted().map { String($0) }
  }

  /// The patients of one hospital; reads the whole file, so ask for many with ``cohorts(of:in:)``.
  public static func cohort(
    of hospital: String, in directory: String
  ) throws(CohortError) -> Cohort {
    try cohorts(of: [hospital], in: directory)[0]
  }

  /// The patients of each of `hospitals`, in that order, with one pass over the file.
  ///
  /// - Throws: ``CohortError`` for an unknown hospital, or a file that is missing or is not the
  ///   published one.
  public static func cohorts(
    of hospitals: [String], by grouping: Grouping = .hospital, in directory: String
  ) throws(CohortError) -> [Cohort] {
    let patients = try patientFile.read(in: directory) { text throws(CohortError) in
      _ = try cohorts(of: try self.hospitals(in: text), patients: text)
    }
    return try cohorts(of: hospitals, by: grouping, patients: patients)
  }

  /// The patients of each of `hospitals` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read.
  public static func cohorts(
    of hospitals: [String], by grouping: Grouping = .hospital, patients: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(patients, requiring: StrokeTrialColumns.all)
    let columns = StrokeTrialColumns(of: table)
    var rows: [String: CohortRows] = [:]
    var seen: Set<String> = []
    for hospital in hospitals { rows[hospital] = CohortRows(features: features) }
    try table.forEachRow { row throws(CohortError) in
      let hospital =
        grouping.name(of: row.text(columns.hospital), row.text(columns.syndrome))
      guard rows[hospital] != nil else { return }
      seen.insert(hospital)
      guard let outcome = try columns.outcome(row) else { return }
      rows[hospital]?.append(try columns.inputs(row), outcome: outcome)
    }
    return try hospitals.map { hospital throws(CohortError) in
      guard seen.contains(hospital), let found = rows[hospital] else {
        throw unknown(hospital, grouping)
      }
      return found.cohort(of: hospital)
    }
  }

  private static let patientFile = PublishedFile(
    path: "ist/ist_selected.csv",
    sha256: "4c1bcca23ffb5f97f7baf3c3d4384ac61b1115287a71d80c698b4581cba82fac")

  private static func unknown(_ hospital: String, _ grouping: Grouping) -> CohortError {
    CohortError(
      "ist", found: "the hospital '\(hospital)'",
      accepted: grouping == .hospital
        ? "the number of a hospital of the trial (column HOSPNUM)"
        : "the number of a hospital of the trial and a syndrome that it saw, such as 134-TACS",
      advice: "name such \(grouping == .hospital ? "numbers" : "pairs") under cohorts.hospitals")
  }
}

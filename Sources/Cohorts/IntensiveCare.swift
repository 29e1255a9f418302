/// The open demonstration of the eICU database: intensive-care patients of 186 US hospitals, 2014 and
/// 2015.
///
/// The outcome is 1 where the patient stayed in intensive care for more than two days, or died in
/// hospital. Inputs are what APACHE collects on the first day and what was known at admission; its
/// scores and predictions, and everything later, are not. A task is a hospital, or the patients of one
/// group of diagnoses at a hospital: `73-sepsis`.
///
/// Every patient is counted once: the first row of the table that is the first unit stay of a hospital
/// stay. 319 such rows are of patients seen before, some at another hospital, and are left out, so that
/// nobody is adapted on and judged by, or trained on and held out. A measurement that is missing, an
/// empty field or -1, is NaN; columns of their own say of the groups of measurements that are often
/// missing together whether they are.
///
/// Source: Johnson, Pollard, Badawi and Raffa 2021, doi:10.13026/4mxk-na84; Pollard et al. 2018,
/// Scientific Data 5, 180178. Open Database License 1.0.
public enum IntensiveCare {
  /// What is predicted.
  public enum Outcome: Sendable {
    /// More than two days in intensive care.
    case longStay
    /// Death in hospital; of a few patients it is not known, and they are left out.
    case death
  }

  /// The 49 features: measurements of the first day in their own units, yes/no answers, the way of
  /// admission, the group of diagnoses, and what is missing.
  public static let features =
    measured + IntensiveCareColumns.indicated.map { "missing \($0)" }

  private static let measured =
    IntensiveCareColumns.measurements + IntensiveCareColumns.answers + ["male"]
    + IntensiveCareColumns.admissions.map { "from \($0)" }
    + DiagnosisGroup.allCases.dropLast().map(\.rawValue)

  /// All hospitals, by their numbers in the database, ascending; from the data directory that holds
  /// `eicu-demo/`.
  public static func hospitals(in directory: String) throws(CohortError) -> [String] {
    try hospitals(in: try file.read(in: directory))
  }

  /// All hospitals in a text that has the form of the published file, by number.
  public static func hospitals(in stays: SourceText) throws(CohortError) -> [String] {
    let table = try Table(stays, requiring: [IntensiveCareColumns.hospital])
    let hospital = table.position(of: IntensiveCareColumns.hospital)
    var numbers: Set<Int> = []
    try table.forEachRow { row throws(CohortError) in
      numbers.insert(try row.wholeNumber(hospital, in: 1...9999))
    }
    return numbers.sorted().map { String($0) }
  }

  /// The patients of each of `hospitals`, in that order, from the data directory that holds
  /// `eicu-demo/`.
  ///
  /// - Throws: ``CohortError`` for an unknown hospital, or one without such patients, or a file that is
  ///   missing or is not the published one.
  public static func cohorts(
    of hospitals: [String], by grouping: Grouping, outcome: Outcome, in directory: String
  ) throws(CohortError) -> [Cohort] {
    let stays = try file.read(in: directory) { text throws(CohortError) in
      let all = try self.hospitals(in: text)
      _ = try cohorts(of: all, by: .hospital, outcome: outcome, stays: text)
    }
    return try cohorts(of: hospitals, by: grouping, outcome: outcome, stays: stays)
  }

  /// The patients of each of `hospitals` in a text that has the form of the published file.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read.
  public static func cohorts(
    of hospitals: [String], by grouping: Grouping, outcome: Outcome, stays: SourceText
  ) throws(CohortError) -> [Cohort] {
    let table = try Table(stays, requiring: IntensiveCareColumns.all)
    let columns = IntensiveCareColumns(of: table)
    var groups = CohortGroups<PatientRow>(hospitals)
    var seen: Set<String> = []
    try table.forEachRow { row throws(CohortError) in
      guard try columns.isFirstUnitStay(row), seen.insert(columns.patient(row)).inserted else {
        return
      }
      let group = DiagnosisGroup(of: columns.diagnosis(row))
      let name = grouping.name(of: columns.hospital(row), group.rawValue)
      guard groups.wants(name), let result = try columns.outcome(row, outcome) else { return }
      groups.append(PatientRow(inputs: try columns.inputs(row, group), outcome: result), to: name)
    }
    let accepted =
      grouping == .hospital
      ? "the number of a hospital of the database (column hospitalid)"
      : "the number of a hospital and a group of diagnoses that it saw, such as 73-sepsis"
    return try groups.cohorts(of: "eicu-demo", accepted: accepted) {
      Cohort(hospital: $0, features: measured, patients: $1)
        .indicatingMissing(IntensiveCareColumns.indicated)
    }
  }

  private static let file = PublishedFile(
    path: "eicu-demo/eicu_demo_stays.csv",
    sha256: "073957f23e0f953203bf7d52ca9d7be8b092a6491d8a454bd2e542093f53d664")
}

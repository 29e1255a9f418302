/// The patients of several hospitals collected row by row, or the records of several patients.
struct CohortGroups<Member> {
  private let names: [String]
  private var members: [String: [Member]]

  /// Groups of these names, all of them empty.
  init(_ names: [String]) {
    self.names = names
    members = Dictionary(names.map { ($0, []) }) { first, _ in first }
  }

  /// Whether a group of this name was asked for.
  func wants(_ name: String) -> Bool { members[name] != nil }

  /// Adds to a group, if it was asked for.
  mutating func append(_ member: Member, to name: String) {
    members[name]?.append(member)
  }

  /// What `make` makes of every group, in the order of the names.
  ///
  /// - Throws: ``CohortError`` for a group that is empty: `dataSet` has none of that name.
  func cohorts(
    of dataSet: String, accepted: String, _ make: (String, [Member]) -> Cohort
  ) throws(CohortError) -> [Cohort] {
    try names.map { name throws(CohortError) in
      guard let members = members[name], !members.isEmpty else {
        throw CohortError(
          dataSet, found: "'\(name)'", accepted: accepted,
          advice: "name one of these under cohorts.hospitals")
      }
      return make(name, members)
    }
  }
}

/// One patient of a hospital, until it is a row of a ``Cohort``.
struct PatientRow {
  let inputs: [Float]
  let outcome: Float
}

extension Cohort {
  /// The patients of one hospital, in the order given.
  init(hospital: String, features: [String], patients: [PatientRow]) {
    var rows = CohortRows(features: features)
    for patient in patients { rows.append(patient.inputs, outcome: patient.outcome) }
    self = rows.cohort(of: hospital)
  }
}

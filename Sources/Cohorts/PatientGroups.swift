import Tensors

/// Rows of a hospital by the patient whose records they are, where patients have several.
///
/// Sets are drawn of whole groups: no patient's records are ever on both sides.
struct PatientGroups: Equatable, Sendable {
  /// Records to adapt on and records of other patients to be judged by, by their rows.
  struct Sets: Equatable {
    let support: [Int]
    let query: [Int]
  }

  /// Orders of patients that are tried where an episode nearly uses all records up.
  private static let attempts = 64

  /// The rows of each patient, patients in the order of their first rows.
  let rows: [[Int]]

  /// The groups of some rows, ascending, each being of the patient that `owners` gives for it.
  init(of owners: [Int], at rows: some Sequence<Int>) {
    var places: [Int: Int] = [:]
    var groups: [[Int]] = []
    for row in rows {
      let place = places[owners[row]] ?? groups.count
      if place == groups.count {
        places[owners[row]] = place
        groups.append([])
      }
      groups[place].append(row)
    }
    self.rows = groups
  }

  /// The number of patients.
  var count: Int { rows.count }

  /// Two sets of these sizes: patients are divided by lot, half and half, or as near to it as there are
  /// records enough on either side, and a set is drawn of its own patients.
  ///
  /// - Returns: The sets; nil where no order that was tried leaves enough records on either side.
  func divided(support: Int, query: Int, using random: inout RandomStream) -> Sets? {
    for _ in 0..<Self.attempts {
      let order = random.sample(count, of: count)
      guard let middle = middle(of: order, support, query) else { continue }
      return Sets(
        support: drawn(support, of: order[..<middle], using: &random),
        query: drawn(query, of: order[middle...], using: &random))
    }
    return nil
  }

  /// So many records of all patients.
  func drawn(_ shots: Int, using random: inout RandomStream) -> [Int] {
    drawn(shots, of: random.sample(count, of: count)[...], using: &random)
  }

  /// A set of `shots` records, and all records of those patients who gave none of them: at least a share
  /// of the patients, but fewer where the others have too few records.
  ///
  /// - Returns: The sets; nil where no order that was tried leaves a patient to be judged by.
  func judged(
    shots: Int, keeping share: Double, using random: inout RandomStream
  ) -> Sets? {
    guard count > 1 else { return nil }
    for _ in 0..<Self.attempts {
      let order = random.sample(count, of: count)
      let sums = sums(along: order)
      let usual = count - PatientSplit.kept(share, of: count)
      guard let middle = (usual..<count).first(where: { sums[$0] >= shots }) else { continue }
      let support = drawn(shots, of: order[..<middle], using: &random)
      let adaptedOn = Set(support)
      let rest = rows.filter { $0.allSatisfy { !adaptedOn.contains($0) } }
      return Sets(support: support, query: rest.joined().sorted())
    }
    return nil
  }

  /// How many of `order` come to the support set: as near to half as there are records enough.
  private func middle(of order: [Int], _ support: Int, _ query: Int) -> Int? {
    let sums = sums(along: order)
    return (1..<max(1, count)).filter { sums[$0] >= support && sums[count] - sums[$0] >= query }
      .min { abs(2 * $0 - count) < abs(2 * $1 - count) }
  }

  /// The numbers of records of the first 0, 1, 2 … patients of an order.
  private func sums(along order: [Int]) -> [Int] {
    order.reduce(into: [0]) { sums, patient in
      sums.append(sums[sums.count - 1] + rows[patient].count)
    }
  }

  /// `count` records of these patients, one of each in turn, each drawn by lot.
  private func drawn(
    _ count: Int, of patients: ArraySlice<Int>, using random: inout RandomStream
  ) -> [Int] {
    let records = patients.map { patient in
      random.sample(min(count, rows[patient].count), of: rows[patient].count)
        .map { rows[patient][$0] }
    }
    var drawn: [Int] = []
    for turn in 0..<count where drawn.count < count {
      let next = records.compactMap { $0.count > turn ? $0[turn] : nil }
      drawn += next.prefix(count - drawn.count)
    }
    return drawn
  }
}

/// The patients of a cohort by their places, each with its rows.
struct People {
  /// Whose each row is; nil where every row is a patient.
  private let groups: PatientGroups?
  /// The number of patients.
  let count: Int

  /// The patients of so many rows.
  init(groups: PatientGroups?, of rows: Int) {
    self.groups = groups
    count = groups?.count ?? rows
  }

  /// The rows of some patients, ascending.
  func rows(of patients: some Sequence<Int>) -> [Int] {
    guard let groups else { return patients.sorted() }
    return patients.flatMap { groups.rows[$0] }.sorted()
  }

  /// The first row of a patient.
  func firstRow(of patient: Int) -> Int { groups?.rows[patient][0] ?? patient }
}

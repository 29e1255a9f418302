public import Tensors

/// Hospitals made of the patients of others, every patient being in exactly one of them.
public enum Partition {
  /// The patients of several hospitals as one cohort, in the order of `cohorts`.
  ///
  /// Where each is of one patient, whose records go by time, the pool knows whose each record is: between
  /// patients there is no order of time.
  ///
  /// - Precondition: there is a cohort, and all have the same features.
  public static func pool(_ cohorts: [Cohort], as hospital: String) -> Cohort {
    precondition(
      Set(cohorts.map(\.features)).count == 1, "patients of unlike features are no pool")
    let marks = cohorts.compactMap(\.keptForJudging)
    let risks = cohorts.compactMap(\.trueRisks)
    let changeless = cohorts.compactMap(\.persistence)
    var pool = Cohort(
      hospital: hospital, features: cohorts[0].features,
      inputs: Matrix(
        rows: cohorts.reduce(0) { $0 + $1.inputs.rows }, columns: cohorts[0].inputs.columns,
        scalars: cohorts.flatMap(\.inputs.scalars)),
      outcomes: cohorts.flatMap(\.outcomes),
      trueRisks: risks.count == cohorts.count ? Array(risks.joined()) : nil,
      keptForJudging: marks.count == cohorts.count ? Array(marks.joined()) : nil)
    if cohorts.allSatisfy({ $0.times != nil }) {
      pool.owners = cohorts.enumerated().flatMap { patient, cohort in
        cohort.outcomes.map { _ in patient }
      }
    }
    pool.persistence = changeless.count == cohorts.count ? Array(changeless.joined()) : nil
    pool.choice = DoseChoice(of: cohorts.compactMap(\.choice), together: cohorts.count)
    pool.outcomeScale = cohorts[0].outcomeScale
    return pool
  }

  /// A pool dealt to `hospitals`, whose sizes and shares of classes differ as is asked for.
  ///
  /// With weights w_h and wanted shares p_hc of class c, the numbers a_hc start as w_h p_hc and are
  /// scaled in turn, rows to w_h n / Σ w and columns to the n_c patients of the class (Deming and
  /// Stephan 1940), so the odds of all hospitals move together until the classes are used up. They
  /// are rounded within each class by largest remainder, and the patients of the class are dealt by lot.
  /// A patient comes with all records.
  ///
  /// - Parameters:
  ///   - pool: The patients; every one is dealt once.
  ///   - hospitals: Who gets them, one or more.
  ///   - skew: The shares of classes; alike everywhere if nil.
  ///   - weights: The relative sizes, positive, one for each hospital.
  ///   - random: The partition's own stream.
  /// - Returns: The patients of each hospital, in the order of the pool.
  /// - Precondition: there is no skew of classes where patients have several records.
  public static func deal(
    _ pool: Cohort, to hospitals: [String], labels skew: LabelSkew?, weights: [Double],
    random: RandomStream
  ) -> [Cohort] {
    precondition(
      weights.count == hospitals.count && weights.allSatisfy { $0 > 0 },
      "\(weights.count) weights do not fit \(hospitals.count) hospitals")
    precondition(skew == nil || pool.owners == nil, "a patient of many records has no one class")
    let people = pool.people
    let classes =
      skew.map { Self.rows(of: pool, byClassOf: $0.classes) } ?? [Array(0..<people.count)]
    let natural = classes.map { Double($0.count) / Double(max(1, people.count)) }
    let wanted = hospitals.map { hospital in
      guard let skew else { return [1.0] }
      return shares(skew, at: hospital, natural: natural, random: random.child("label-skew"))
    }
    let table = fitted(wanted, rows: weights, columns: classes.map { Double($0.count) })
    var members = Array(repeating: [Int](), count: hospitals.count)
    for (number, all) in classes.enumerated() {
      var lot = random.child("class", number)
      let order = lot.sample(all.count, of: all.count)
      var next = 0
      for (hospital, count) in wholeParts(of: all.count, by: table.map { $0[number] }) {
        members[hospital] += order[next..<next + count].map { all[$0] }
        next += count
      }
    }
    return zip(hospitals, members).map { named($0, pool.keeping(people.rows(of: $1))) }
  }

  /// A hospital taken apart by lot, its parts of nearly equal size.
  public static func split(_ cohort: Cohort, into parts: [String], random: RandomStream) -> [Cohort]
  {
    deal(
      cohort, to: parts, labels: nil, weights: Array(repeating: 1, count: parts.count),
      random: random)
  }

  private static func named(_ hospital: String, _ cohort: Cohort) -> Cohort {
    var named = cohort
    named.hospital = hospital
    // A hospital of its own counts its patients from the first.
    named.numbers = Array(cohort.outcomes.indices)
    return named
  }

  private static func rows(of pool: Cohort, byClassOf classes: Int) -> [[Int]] {
    var rows = Array(repeating: [Int](), count: classes)
    for (row, outcome) in pool.outcomes.enumerated() { rows[Int(outcome)].append(row) }
    return rows
  }

  /// The shares of the classes wanted at a hospital, kept from 0 so that every class finds takers.
  private static func shares(
    _ skew: LabelSkew, at hospital: String, natural: [Double], random: RandomStream
  ) -> [Double] {
    guard skew.classes == 2 else {
      let shares = skew.shares(at: hospital, natural: natural, random: random) ?? natural
      return shares.map { max($0, 1e-9) }
    }
    let share = share(skew, at: hospital, natural: natural[1], random: random)
    return [1 - share, share]
  }

  /// The share of class 1 wanted at a hospital, kept from 0 and 1 so that every class finds takers.
  private static func share(
    _ skew: LabelSkew, at hospital: String, natural: Double, random: RandomStream
  ) -> Double {
    guard natural > 0, natural < 1 else { return natural }
    let share = skew.share(at: hospital, natural: natural, random: random) ?? natural
    return min(max(share, 1e-9), 1 - 1e-9)
  }

  /// A table of these proportions, with row sums proportional to `rows` and these column sums.
  private static func fitted(
    _ proportions: [[Double]], rows: [Double], columns: [Double]
  ) -> [[Double]] {
    var table = zip(proportions, rows).map { row, weight in row.map { $0 * weight } }
    let scale = columns.reduce(0, +) / rows.reduce(0, +)
    for _ in 0..<200 {
      for row in table.indices {
        let sum = table[row].reduce(0, +)
        for column in columns.indices { table[row][column] *= rows[row] * scale / sum }
      }
      for column in columns.indices {
        let sum = table.reduce(0) { $0 + $1[column] }
        guard sum > 0 else { continue }
        for row in table.indices { table[row][column] *= columns[column] / sum }
      }
    }
    return table
  }

  /// `total` in whole parts as near to `shares` as can be: rounded down, the rest to the largest
  /// remainders, and of equal ones to the first.
  private static func wholeParts(
    of total: Int, by shares: [Double]
  ) -> [(hospital: Int, count: Int)] {
    let sum = max(shares.reduce(0, +), .leastNormalMagnitude)
    let exact = shares.map { $0 / sum * Double(total) }
    var counts = exact.map { Int($0) }
    let byRemainder = exact.indices.sorted {
      let (one, other) = (exact[$0] - Double(counts[$0]), exact[$1] - Double(counts[$1]))
      return one == other ? $0 < $1 : one > other
    }
    let rest = total - counts.reduce(0, +)
    for hospital in byRemainder.prefix(max(0, rest)) { counts[hospital] += 1 }
    return counts.enumerated().map { ($0.offset, $0.element) }
  }
}

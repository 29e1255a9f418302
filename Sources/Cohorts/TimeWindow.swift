import Tensors

/// Records to adapt on, and records made when all outcomes of these were known.
struct TimeWindow: Equatable {
  /// Rows that follow each other in time.
  let support: [Int]
  /// Later rows, in the order of time.
  let query: [Int]

  /// A window whose beginning is drawn from all that leave `query` later records, with `query` records
  /// drawn from all later ones.
  ///
  /// The later records are not only the next ones, since a patient who has been adapted to is served
  /// from then on, and not for a day.
  ///
  /// - Parameters:
  ///   - support: The records to adapt on, 1 or more.
  ///   - query: The records to be judged by.
  ///   - rows: The rows that may be used, in the order of time.
  ///   - times: When the record of every row was made; outcomes are known in the same order.
  ///   - random: What is drawn from.
  /// - Returns: The window; nil where none leaves so many later records.
  static func drawn(
    support: Int, query: Int, from rows: [Int], at times: [RecordTime],
    using random: inout RandomStream
  ) -> TimeWindow? {
    guard support > 0, rows.count >= support + query else { return nil }
    func later(than start: Int) -> Range<Int> {
      let last = times[rows[start + support - 1]]
      let rest = start + support..<rows.count
      return (rest.first { last.precedes(times[rows[$0]]) } ?? rows.count)..<rows.count
    }
    // The later a window begins, the fewer records come after it.
    var starts = 0..<rows.count - support + 1
    while let first = starts.first, starts.count > 1 {
      let middle = first + starts.count / 2
      starts = later(than: middle).count >= query ? middle..<starts.upperBound : first..<middle
    }
    guard later(than: starts.lowerBound).count >= query else { return nil }
    let start = random.integer(below: starts.lowerBound + 1)
    let rest = later(than: start)
    let drawn = random.sample(query, of: rest.count).sorted().map { rows[rest.lowerBound + $0] }
    return TimeWindow(support: Array(rows[start..<start + support]), query: drawn)
  }
}

/// When a record of a patient was made, and when its outcome was known, in a unit of the data set's
/// own.
public struct RecordTime: Equatable, Sendable {
  /// When all its features were known.
  public var made: Double
  /// When its outcome was known.
  public var known: Double

  /// A record whose outcome is known at the time `known`.
  ///
  /// - Precondition: no outcome is known before the record is made.
  public init(made: Double, known: Double) {
    precondition(known >= made, "an outcome known at \(known) of a record made at \(made)")
    self.made = made
    self.known = known
  }

  /// Whether whoever made `later` could have learnt from this record: it was made before, and its
  /// outcome was known by then.
  public func precedes(_ later: RecordTime) -> Bool {
    made < later.made && known <= later.made
  }
}

/// A record of a patient, until it is a row of a ``Cohort``.
struct TimedRecord {
  let inputs: [Float]
  let outcome: Float
  let time: RecordTime
  var persistence: Float?
}

extension Cohort {
  /// The records of one patient in the order of time, those of equal times in the order given.
  init(
    patient: String, features: [String], records: [TimedRecord], outcomeScale: OutcomeScale
  ) {
    let order = records.indices.sorted {
      (records[$0].time.made, $0) < (records[$1].time.made, $1)
    }
    var rows = CohortRows(features: features)
    for record in order.map({ records[$0] }) { rows.append(record.inputs, outcome: record.outcome) }
    self = rows.cohort(of: patient)
    times = order.map { records[$0].time }
    let last = order.compactMap { records[$0].persistence }
    persistence = last.count == records.count && !last.isEmpty ? last : nil
    isOrdered = true
    self.outcomeScale = outcomeScale
  }
}

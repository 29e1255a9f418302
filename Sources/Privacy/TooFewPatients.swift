/// A sum was held back because it is over too few patients.
///
/// It carries the minimum and not the number found: a small number of patients is itself a disclosure.
public struct TooFewPatients: Error, Equatable, Sendable {
  /// The fewest patients that a sum may be over.
  public let minimumPatients: Int

  /// A refusal by a rule with this minimum.
  public init(minimumPatients: Int) {
    self.minimumPatients = minimumPatients
  }
}

extension TooFewPatients: CustomStringConvertible {
  /// What was found, what is accepted and what to do, in a sentence.
  public var description: String {
    "The sum is over fewer than \(minimumPatients) patients and was held back; sums over"
      + " \(minimumPatients) or more may leave the hospital. Gather more patients, or lower the minimum"
      + " where the hospital's rules allow it."
  }
}

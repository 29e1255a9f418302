/// What may be said about patients: only sums over at least so many of them.
///
/// A sum over few patients gives single patients away, so it stays at the hospital.
public struct DisclosureRule: Equatable, Sendable {
  /// The fewest patients that a sum may be over.
  public let minimumPatients: Int

  /// The rule that sums are over at least so many patients.
  ///
  /// - Precondition: `minimumPatients` is at least 1.
  public init(minimumPatients: Int) {
    precondition(minimumPatients >= 1, "a sum is over at least 1 patient, not \(minimumPatients)")
    self.minimumPatients = minimumPatients
  }

  /// Whether a sum over so many patients may leave the hospital.
  public func permits(patients: Int) -> Bool {
    patients >= minimumPatients
  }

  /// Checks that a sum over so many patients may leave the hospital.
  ///
  /// - Throws: ``TooFewPatients``, which does not tell how many there were.
  public func check(patients: Int) throws(TooFewPatients) {
    guard permits(patients: patients) else {
      throw TooFewPatients(minimumPatients: minimumPatients)
    }
  }
}

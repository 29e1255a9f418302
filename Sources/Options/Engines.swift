public import ArgumentParser
public import Scenarios

extension Scenario {
  /// Refuses what only a simulation may do: to look at the patients of all hospitals at once.
  ///
  /// - Throws: `ValidationError` that says what to do.
  public func checkLocality() throws(ValidationError) {
    guard evaluation.pooled != nil else { return }
    throw ValidationError(
      "evaluation.pooled trains on the patients of all hospitals together, and with real processes these"
        + " stay where they are: play it with replay --engine simulated, or leave the key out.")
  }
}

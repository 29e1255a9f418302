public import Scenarios

/// Training hospitals that are set aside in turn, so that settings are chosen without a look at those
/// that never train.
///
/// In each fold another part of the training hospitals is held out beside the scenario's own, which stay
/// held out and whose figures nobody reads.
public struct ValidationFolds {
  /// The hospitals that validate in each fold.
  public let hospitals: [[String]]
  private let scenario: Scenario

  /// Parts of as equal a size as may be, in the order in which the seed ranks hospitals.
  ///
  /// - Returns: `nil` where there are fewer training hospitals than two, or than folds.
  public init?(_ count: Int, of scenario: Scenario) {
    var ranked = scenario
    ranked.cohorts.heldOut = .named([])
    let training = scenario.trainingHospitals
    guard count > 0, training.count >= max(2, count) else { return nil }
    // Those that would be held out first come first.
    ranked.cohorts.hospitals = training
    var parts: [[String]] = []
    var taken = Set<String>()
    for fold in 1...max(count, 2) {
      ranked.cohorts.heldOut = .count(training.count * fold / max(count, 2))
      let part = ranked.heldOutHospitals.filter { !taken.contains($0) }
      taken.formUnion(part)
      parts.append(part)
    }
    hospitals = Array(parts.prefix(count))
    self.scenario = scenario
  }

  /// The settings of a fold.
  ///
  /// - Throws: Nothing for names that a scenario may have.
  public func conditions(of fold: Int) throws(ScenarioProblems) -> [Override] {
    try HeldOut.conditions(
      holdingOut: scenario.heldOutHospitals + hospitals[fold], of: scenario)
  }
}

public import Scenarios

/// Settings that hold hospitals out of training.
public enum HeldOut {
  /// Hospitals that are held out, and a quorum that those that train can reach.
  public static func conditions(
    holdingOut names: [String], of scenario: Scenario
  ) throws(ScenarioProblems) -> [Override] {
    let rest = scenario.cohorts.hospitals.count - names.count
    let quoted = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let held = try Override("cohorts.held-out=[\(quoted)]")
    guard rest < scenario.federation.quorum else { return [held] }
    return [held, try Override("federation.quorum=\(rest)")]
  }

  /// For each hospital the settings that hold it out alone.
  public static func eachInTurn(of scenario: Scenario) throws(ScenarioProblems) -> [[Override]] {
    try scenario.cohorts.hospitals.map { name throws(ScenarioProblems) in
      try conditions(holdingOut: [name], of: scenario)
    }
  }
}

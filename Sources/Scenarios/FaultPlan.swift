/// Faults of one kind that happen by chance, at a rate.
public struct FaultPlan: Codable, Equatable, Sendable {
  /// What happens: `kill`, `pause`, `cut`, `join`, `leave` or `restart`, or an act with a duration.
  public var act: ActPlan
  /// How many there are in a hundred rounds, on average over all hospitals together.
  public var rate: Double
  /// How many rounds each lasts; 1 for what does not last: a restart, a join and a farewell.
  public var rounds: Int
  /// Whom it can happen to, in the file's order; `nil` for every hospital that trains.
  ///
  /// Those that join by chance are not there at the start.
  public var hospitals: [String]?
  /// The regions of which one is drawn for each, to happen to all its hospitals at once; `nil` where
  /// it happens to single hospitals.
  public var regions: [String]?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    act: ActPlan, rate: Double, rounds: Int, hospitals: [String]? = nil, regions: [String]? = nil
  ) {
    self.act = act
    self.rate = rate
    self.rounds = rounds
    self.hospitals = hospitals
    self.regions = regions
  }
}

extension FaultPlan {
  /// The rule of heterogeneity that each of its drifts follows; `nil` for any other act.
  public var rule: HeterogeneityRulePlan? {
    guard case .drift(let plan) = act else { return nil }
    return HeterogeneityRulePlan(name: plan.name, effect: plan.effect, over: plan.over)
  }
}

extension ActPlan {
  /// Whether, by chance, it lasts for some rounds.
  var lasts: Bool {
    switch self {
    case .restart, .plain(.join), .plain(.leave): false
    case .plain, .slow, .disturb, .hostile, .drift: true
    }
  }
}

extension Scenario {
  /// Whom a fault can happen to: in each place those to whom it happens at once.
  public func targets(of fault: FaultPlan) -> [[String]] {
    if let names = fault.regions {
      return names.map { regions.region(named: $0)?.allHospitals ?? [] }
    }
    return (fault.hospitals ?? Array(trainingHospitals)).map { [$0] }
  }
}

extension ScenarioReader {
  /// Reads `policy` of `federation` and the keys that only some policies have.
  func roundPolicy(_ section: Section, for cohorts: CohortPlan) -> RoundPolicyPlan {
    let name: RoundPolicyPlan.Name = section.take("policy", as: .choice, default: .synchronous)
    let factor = section.take("over-selection", as: .number(1...10), default: 1.3)
    let size = section.take(
      "buffer", as: .count(1...HospitalRange.limit),
      default: max(1, (cohorts.trainingCount + 1) / 2)
    )
    let concurrency = section.take(
      "concurrency", as: .count(1...HospitalRange.limit), default: max(1, cohorts.trainingCount))
    for key in RoundPolicyPlan.optionalKeys where !name.keys.contains(key) {
      section.refuse(
        key, because: "with policy: \(name.rawValue)",
        accepted: "participation with synchronous and over-selection; over-selection with"
          + " over-selection; buffer and concurrency with buffered")
    }
    switch name {
    case .synchronous: return .synchronous
    case .overSelection: return .overSelection(factor: factor)
    case .buffered: return .buffered(BufferPlan(size: size, concurrency: concurrency))
    }
  }

  /// Reads `staleness` of `federation`.
  func staleness(
    _ section: Section, _ policy: RoundPolicyPlan, _ late: LatePlan?
  ) -> StalenessPlan {
    let staleness = section.section("staleness")
    defer { staleness.close() }
    if policy.name != .buffered, late != .use {
      section.refuse(
        "staleness", because: "where only answers from the newest meta-parameters count",
        accepted: "staleness with policy: buffered or late: use")
    }
    let usual = StalenessPlan.usual
    return StalenessPlan(
      exponent: staleness.take("exponent", as: .number(0...4), default: usual.exponent),
      limit: staleness.take("limit", as: .count(0...10_000), default: usual.limit))
  }
}

extension RoundPolicyPlan {
  /// The words of `policy`.
  enum Name: String, CaseIterable {
    case synchronous
    case overSelection = "over-selection"
    case buffered

    /// The optional keys that have an effect with the policy.
    var keys: [String] {
      switch self {
      case .synchronous: ["participation"]
      case .overSelection: ["participation", "over-selection"]
      case .buffered: ["buffer", "concurrency"]
      }
    }
  }

  /// The keys that only some policies have.
  static let optionalKeys = ["participation", "over-selection", "buffer", "concurrency"]

  /// The word of the policy.
  var name: Name {
    switch self {
    case .synchronous: .synchronous
    case .overSelection: .overSelection
    case .buffered: .buffered
    }
  }
}

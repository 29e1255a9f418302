/// Whose answers make up a round, and when it is over.
public enum RoundPolicyPlan: Codable, Equatable, Sendable {
  /// A round is over when everyone invited has answered, or at its deadline.
  case synchronous
  /// A round invites `factor` times as many hospitals as it takes, and is over with the first answers
  /// that suffice.
  case overSelection(factor: Double)
  /// Hospitals work all the time, each on the meta-parameters that were the newest when it began; a
  /// round is over when a buffer is full (Nguyen et al. 2022, FedBuff).
  case buffered(BufferPlan)
}

/// How hospitals work when none waits for the others.
public struct BufferPlan: Codable, Equatable, Sendable {
  /// Answers that make an update.
  public var size: Int
  /// Hospitals that work at a time.
  public var concurrency: Int

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(size: Int, concurrency: Int) {
    self.size = size
    self.concurrency = concurrency
  }
}

/// How much an answer counts that was computed from older meta-parameters.
///
/// Meta-parameters that have been updated `t` times since count with the weight 1 / (1 + t)^exponent.
public struct StalenessPlan: Codable, Equatable, Sendable {
  /// What holds unless the scenario says otherwise.
  public static let usual = StalenessPlan(exponent: 0.5, limit: 10)

  /// The power that the weight falls with; 0 lets every answer count the same.
  public var exponent: Double
  /// The number of updates beyond which an answer is dropped.
  public var limit: Int

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(exponent: Double, limit: Int) {
    self.exponent = exponent
    self.limit = limit
  }
}

/// What becomes of an answer that comes when it is no longer waited for.
public enum LatePlan: String, CaseIterable, Codable, Equatable, Sendable {
  /// It is counted as late, and nothing else.
  case drop
  /// It is folded into the round under way, with the weight of its staleness.
  case use
}

/// How the hospitals that are invited to a round are chosen.
public enum ParticipationPlan: String, CaseIterable, Codable, Equatable, Sendable {
  /// All training hospitals are equally likely.
  case uniform
  /// Those present when the round begins are equally likely, and the others are not invited.
  case available
  /// Drawn one after the other, each in proportion to its patients among those not yet drawn.
  case patients
}

// MARK: Numbers that follow

extension Scenario {
  /// The answers with which a round is complete: those of the participation's share of the training
  /// hospitals, or a full buffer.
  public var answersPerRound: Int {
    if case .buffered(let plan) = federation.policy { return plan.size }
    return FederationPlan.invited(federation.participation, of: cohorts.trainingCount)
  }

  /// How many of the training hospitals are invited to a round: as many as it takes, and more where
  /// it over-selects; under ``RoundPolicyPlan/buffered(_:)`` as many as work at a time.
  public var invitedPerRound: Int {
    switch federation.policy {
    case .synchronous: answersPerRound
    case .overSelection(let factor):
      min(cohorts.trainingCount, Int((Double(answersPerRound) * factor).rounded()))
    case .buffered(let plan): plan.concurrency
    }
  }
}

extension FederationPlan {
  /// Whether hospitals work all the time and a round is a full buffer.
  public var isBuffered: Bool {
    if case .buffered = policy { true } else { false }
  }

  /// Whether the journal tells how many answers came late, and what became of them.
  ///
  /// It does where the policy makes answers late or where the scenario says what is to become of
  /// them.
  public var countsLateAnswers: Bool { policy != .synchronous || late != nil }

  /// What makes the result depend on who is faster, beside who was invited to each round and who
  /// answered in it, as a scenario says it; `nil` where nothing does.
  public var decidedByTime: String? {
    isBuffered ? "policy: buffered" : late == .use ? "late: use" : nil
  }

  /// Whether answers from older meta-parameters may count, so that their weight matters.
  var weighsStaleness: Bool { isBuffered || late == .use }

  /// How many of so many hospitals make up a round.
  static func invited(_ participation: Double, of hospitals: Int) -> Int {
    max(1, Int((Double(hospitals) * participation).rounded()))
  }
}

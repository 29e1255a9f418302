public import MetaLearning

/// What happens in a run, for whoever keeps the journal or watches.
public enum RunEvent: Equatable, Sendable {
  /// The coordinator is open for hospitals.
  case started(RunStart)
  /// The coordinator is open for hospitals, and goes on with a run after this round.
  case resumed(RunStart, after: Int)
  /// Where the run stands once what is reported next has happened.
  ///
  /// Whoever keeps both, in this order, can start a coordinator that goes on from there, see
  /// ``Coordinator/init(_:resuming:)``.
  case checkpoint(Coordinator.Checkpoint)
  /// A hospital came, went or came back.
  case presence(Presence)
  /// Something that was received was left out, and why.
  case ignored(String)
  /// Something of the scenario's timeline has been acted out, or could not be.
  case staged(String)
  /// A round is over.
  case roundClosed(RoundRecord)
  /// The meta-parameters were judged.
  case evaluated(Evaluation)
  /// The run is over.
  case ended(Ending)
}

/// What is known before the first round.
public struct RunStart: Codable, Equatable, Sendable {
  /// The name of the scenario.
  public var scenario: String
  /// The SHA-256 of the scenario as run, in hexadecimal.
  public var scenarioDigest: String
  /// The seed.
  public var seed: UInt64
  /// The hospitals that train.
  public var training: [String]
  /// The hospitals that never train.
  public var heldOut: [String]
  /// The rounds to come.
  public var rounds: Int

  /// Takes the parts as they are.
  public init(
    scenario: String, scenarioDigest: String, seed: UInt64, training: [String], heldOut: [String],
    rounds: Int
  ) {
    self.scenario = scenario
    self.scenarioDigest = scenarioDigest
    self.seed = seed
    self.training = training
    self.heldOut = heldOut
    self.rounds = rounds
  }
}

/// A hospital came, went or came back.
public struct Presence: Codable, Equatable, Sendable {
  /// What changed.
  public enum Change: String, Codable, Sendable {
    /// Its node said hello for the first time.
    case joined
    /// It let a deadline pass; rounds go on without waiting for it.
    case lost
    /// Its node said hello again after it had been lost, or took it over.
    case returned
    /// Its node said farewell.
    case left
  }

  /// Which hospital.
  public var hospital: String
  /// What changed.
  public var change: Change
  /// The round that was under way.
  public var round: Int

  /// Takes the parts as they are.
  public init(hospital: String, change: Change, round: Int) {
    self.hospital = hospital
    self.change = change
    self.round = round
  }
}

/// What became of one round.
///
/// It holds nothing that depends on the clock.
public struct RoundRecord: Codable, Equatable, Sendable {
  /// A hospital that answered without a contribution, and why.
  public struct Declined: Codable, Equatable, Sendable {
    /// Which hospital.
    public var hospital: String
    /// Why.
    public var reason: String

    /// Takes the parts as they are.
    public init(hospital: String, reason: String) {
      self.hospital = hospital
      self.reason = reason
    }
  }

  /// What became of answers that came when they were no longer waited for.
  public struct Late: Codable, Equatable, Sendable {
    /// Those that were folded into the round.
    public var used: Int
    /// Those that were not.
    public var dropped: Int

    /// Takes the parts as they are.
    public init(used: Int, dropped: Int) {
      self.used = used
      self.dropped = dropped
    }
  }

  /// How often the meta-parameters had been updated since the contributions were begun.
  public struct Staleness: Codable, Equatable, Sendable {
    /// The mean over the contributions.
    public var mean: Double
    /// That of the most stale one.
    public var greatest: Int

    /// Takes the parts as they are.
    public init(mean: Double, greatest: Int) {
      self.mean = mean
      self.greatest = greatest
    }
  }

  /// An answer that was begun before the round in which it counts.
  public struct Earlier: Codable, Equatable, Sendable {
    /// Whose.
    public var hospital: String
    /// The round whose meta-parameters it was computed from.
    public var begun: Int

    /// Takes the parts as they are.
    public init(hospital: String, begun: Int) {
      self.hospital = hospital
      self.begun = begun
    }
  }

  /// The round, from 1.
  public var round: Int
  /// Whose meta-gradients were counted, sorted by name; in a buffer as often as they were.
  public var answered: [String]
  /// Who was asked in vain or could not be asked, sorted by name.
  public var missing: [String]
  /// Who answered that it cannot or must not contribute, sorted by name.
  public var declined: [Declined]
  /// The episodes that the meta-gradient is the mean of.
  public var episodes: Int
  /// The mean query loss before adaptation.
  public var lossBefore: Double?
  /// The mean query loss after adaptation.
  public var lossAfter: Double?
  /// Whether the quorum was reached and the meta-parameters were updated.
  public var updated: Bool
  /// The SHA-256 of the meta-parameters after the round, in hexadecimal.
  public var sha256: String
  /// Late answers, where the scenario's policy has them counted.
  public var late: Late?
  /// How stale the contributions were, where hospitals work all the time.
  public var staleness: Staleness?
  /// The answers that were begun in earlier rounds, by name and then by round, where such are counted;
  /// all others were begun in this one.
  ///
  /// In a buffer they are among those who answered or declined; a late answer that is used is not.
  public var earlier: [Earlier]?
  /// What was left of what meta-gradients were solved for, on average over the episodes, where they are.
  public var residuals: Residuals?

  /// Takes the parts as they are.
  public init(
    round: Int, answered: [String], missing: [String], declined: [Declined], episodes: Int,
    lossBefore: Double?, lossAfter: Double?, updated: Bool, sha256: String, late: Late? = nil,
    staleness: Staleness? = nil, earlier: [Earlier]? = nil, residuals: Residuals? = nil
  ) {
    self.round = round
    self.answered = answered
    self.missing = missing
    self.declined = declined
    self.episodes = episodes
    self.lossBefore = lossBefore
    self.lossAfter = lossAfter
    self.updated = updated
    self.sha256 = sha256
    self.late = late
    self.staleness = staleness
    self.earlier = earlier
    self.residuals = residuals
  }
}

/// How the meta-parameters serve each hospital.
public struct Evaluation: Codable, Equatable, Sendable {
  /// The rounds learnt before it.
  public var round: Int
  /// Whether it is the one at the end of the run.
  public var final: Bool
  /// The sizes of support sets, in the order of every hospital's ``HospitalEvaluation/results``.
  public var shots: [Int]
  /// Who is compared, in the order of every row of results.
  public var contenders: [Contender]
  /// The hospitals that answered, training first, each in the scenario's order.
  public var hospitals: [HospitalEvaluation]
  /// The hospitals that did not, sorted by name.
  public var missing: [String]
  /// Of which model it is told on what it relies; `nil` where of none.
  public var explained: ExplainedModel?

  /// Takes the parts as they are.
  public init(
    round: Int, final: Bool, shots: [Int], contenders: [Contender],
    hospitals: [HospitalEvaluation], missing: [String], explained: ExplainedModel? = nil
  ) {
    self.round = round
    self.final = final
    self.shots = shots
    self.contenders = contenders
    self.hospitals = hospitals
    self.missing = missing
    self.explained = explained
  }
}

/// How the meta-parameters serve one hospital.
public struct HospitalEvaluation: Codable, Equatable, Sendable {
  /// Which hospital.
  public var hospital: String
  /// Whether it never trained.
  public var heldOut: Bool
  /// Its patients; `nil` where tasks make their own points, or when it declined.
  public var patients: Int?
  /// Sums of metrics, `[shots][contenders]`; empty when it declined.
  public var results: [[MetricSums]]
  /// On what the model relies there; `nil` where that was not asked for, or of too few patients.
  public var reliance: RelianceSums?
  /// Why it did not take part.
  public var declined: String?

  /// Takes the parts as they are.
  public init(
    hospital: String, heldOut: Bool, patients: Int?, results: [[MetricSums]],
    reliance: RelianceSums? = nil, declined: String? = nil
  ) {
    self.hospital = hospital
    self.heldOut = heldOut
    self.patients = patients
    self.results = results
    self.reliance = reliance
    self.declined = declined
  }
}

/// How a run ended.
public struct Ending: Codable, Equatable, Sendable {
  /// The ways a run can end.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// All rounds and the final evaluation are done.
    case finished
    /// The user interrupted it; what was learnt until then is kept.
    case interrupted
    /// Fewer hospitals than the quorum answered for too long.
    case quorumLost = "quorum-lost"
    /// The meta-parameters ceased to be finite.
    case diverged
  }

  /// How it ended.
  public var outcome: Outcome
  /// The last round that was closed.
  public var round: Int
  /// The meta-parameters at the end.
  public var parameters: [Float]
  /// In a sentence, what happened and what to do.
  public var reason: String

  /// Takes the parts as they are.
  public init(outcome: Outcome, round: Int, parameters: [Float], reason: String) {
    self.outcome = outcome
    self.round = round
    self.parameters = parameters
    self.reason = reason
  }
}

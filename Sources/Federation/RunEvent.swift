public import Scenarios

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
  public var training: HospitalList
  /// The hospitals that never train.
  public var heldOut: HospitalList
  /// The rounds to come.
  public var rounds: Int

  /// Takes the parts as they are.
  public init(
    scenario: String, scenarioDigest: String, seed: UInt64, training: HospitalList,
    heldOut: HospitalList, rounds: Int
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

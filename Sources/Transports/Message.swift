/// What a coordinator and the nodes of hospitals say to each other.
///
/// `Sources/Transports/consilium.proto` is the contract on the wire; these are its values in memory.
public enum Message: Equatable, Sendable {
  /// Node to coordinator: here I am, with these hospitals. Sent again until answered, and whenever
  /// nothing has been heard for a while.
  case hello(Hello)
  /// Coordinator to node: you are in.
  case welcome(Welcome)
  /// Coordinator to node: you are not, and why.
  case refused(Refusal)
  /// Coordinator to node: do this for these hospitals.
  case assignment(Assignment)
  /// Node to coordinator: what one hospital made of an assignment.
  case answer(Answer)
  /// Region to coordinator: what several hospitals made of an assignment, in one.
  case combinedAnswer(CombinedAnswer)
  /// Either way: I am leaving, or the run is over.
  case farewell(Farewell)
}

/// The first message of a node.
public struct Hello: Equatable, Sendable {
  /// The version of the contract that the node speaks.
  public var version: UInt32
  /// The SHA-256 of the scenario that the node has read.
  public var scenario: [UInt8]
  /// The hospitals that the node serves.
  public var hospitals: [String]

  /// Takes the parts as they are.
  public init(version: UInt32, scenario: [UInt8], hospitals: [String]) {
    self.version = version
    self.scenario = scenario
    self.hospitals = hospitals
  }
}

/// The coordinator's consent.
public struct Welcome: Equatable, Sendable {
  /// The identity of the run, 16 bytes.
  public var run: [UInt8]

  /// Takes the parts as they are.
  public init(run: [UInt8]) {
    self.run = run
  }
}

/// The coordinator's refusal: final for the node as it is.
public struct Refusal: Equatable, Sendable {
  /// Why a node is refused.
  public enum Code: Int, CaseIterable, Sendable {
    case version = 1
    case scenario = 2
    case unknownHospital = 3
    case noHospitals = 4
  }

  /// Why, for programs.
  public var code: Code
  /// Why, for people: who, what was found, what is accepted.
  public var reason: String

  /// Takes the parts as they are.
  public init(code: Code, reason: String) {
    self.code = code
    self.reason = reason
  }
}

/// What a round asks for.
public enum Phase: Int, CaseIterable, Sendable {
  /// Counts, sums and sums of squares of the features, for standardisation.
  case describe = 1
  /// The meta-gradient, summed over the round's episodes.
  case learn = 2
  /// Sums of metrics after adaptation.
  case evaluate = 3
}

/// Which piece of work: equal turns ask for equal work and get equal answers.
public struct Turn: Hashable, Sendable {
  /// The identity of the run, 16 bytes.
  public var run: [UInt8]
  /// What is asked for.
  public var phase: Phase
  /// The round, from 1; for an evaluation the number of rounds learnt before it.
  public var round: Int

  /// Takes the parts as they are.
  public init(run: [UInt8], phase: Phase, round: Int) {
    self.run = run
    self.phase = phase
    self.round = round
  }
}

/// Work for some of a node's hospitals.
///
/// It carries all that the work needs: nodes keep nothing.
public struct Assignment: Equatable, Sendable {
  /// Which piece of work.
  public var turn: Turn
  /// The hospitals, of those that the node serves, that are to do it.
  public var hospitals: [String]
  /// What the work needs.
  ///
  /// `meta-parameters` (float32, [P]); with standardisation across hospitals `feature-mean` and
  /// `feature-scale` (float64, [F]). None when describing.
  public var tensors: [Tensor]
  /// How long the sender waits for the answers, in milliseconds from 1; `nil` where it does not say.
  ///
  /// A region answers some time before.
  public var patience: Int?

  /// Takes the parts as they are.
  public init(turn: Turn, hospitals: [String], tensors: [Tensor], patience: Int? = nil) {
    self.turn = turn
    self.hospitals = hospitals
    self.tensors = tensors
    self.patience = patience
  }
}

/// What one hospital made of an assignment.
///
/// The same turn always gives the same answer.
public struct Answer: Equatable, Sendable {
  /// How it went.
  public enum Outcome: Equatable, Sendable {
    /// Sums over `episodes` episodes (when describing: over patients, with `episodes` 1).
    case contribution(episodes: Int, tensors: [Tensor])
    /// The hospital cannot or must not, and why. Never a patient's value.
    case declined(reason: String)
  }

  /// Which piece of work.
  public var turn: Turn
  /// Who answers.
  public var hospital: String
  /// How it went.
  public var outcome: Outcome

  /// Takes the parts as they are.
  public init(turn: Turn, hospital: String, outcome: Outcome) {
    self.turn = turn
    self.hospital = hospital
    self.outcome = outcome
  }
}

/// What several hospitals made of an assignment: the answer of a region, in the place of theirs.
///
/// There may be more than one a turn, about different hospitals. A hospital is named once.
public struct CombinedAnswer: Equatable, Sendable {
  /// A hospital that cannot or must not do the work.
  public struct Declined: Equatable, Sendable {
    /// Which hospital.
    public var hospital: String
    /// Why, for people; never a patient's value.
    public var reason: String
    /// Whether its numbers were not finite: learning has gone astray, not the hospital.
    public var diverged: Bool

    /// Takes the parts as they are.
    public init(hospital: String, reason: String, diverged: Bool) {
      self.hospital = hospital
      self.reason = reason
      self.diverged = diverged
    }
  }

  /// Which piece of work.
  public var turn: Turn
  /// Whose contributions the sums are over.
  public var hospitals: [String]
  /// Who has declined, and why.
  public var declined: [Declined]
  /// Who has not answered and is not waited for; a later message may still bring an answer.
  public var missing: [String]
  /// The episodes that were summed over, of all hospitals.
  public var episodes: Int
  /// The sums, exact; none where ``hospitals`` is empty.
  public var tensors: [Tensor]

  /// Takes the parts as they are.
  public init(
    turn: Turn, hospitals: [String], declined: [Declined], missing: [String], episodes: Int,
    tensors: [Tensor]
  ) {
    self.turn = turn
    self.hospitals = hospitals
    self.declined = declined
    self.missing = missing
    self.episodes = episodes
    self.tensors = tensors
  }
}

/// The last message.
public struct Farewell: Equatable, Sendable {
  /// Why the sender leaves.
  public enum Code: Int, CaseIterable, Sendable {
    /// The run is over, and went well.
    case finished = 1
    /// The run was interrupted by its user.
    case interrupted = 2
    /// The run failed.
    case failed = 3
  }

  /// Why, for programs.
  public var code: Code
  /// Why, for people.
  public var reason: String

  /// Takes the parts as they are.
  public init(code: Code, reason: String) {
    self.code = code
    self.reason = reason
  }
}

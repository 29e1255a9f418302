import MetaLearning
import Models
import Scenarios
public import Transports

/// What the coordinator and one hospital send each other in a round, and how much: a fact of the
/// scenario, known before anything is sent.
///
/// It is what a hospital with a node of its own gets and sends. Hospitals that share a node share its
/// assignments, and so get less.
public struct Exchange: Sendable {
  /// Numbers that travel together.
  public struct Part: Sendable {
    /// What they are, by the name that they have on the wire.
    public let meaning: String
    /// Their type.
    public let scalar: Tensor.Scalar
    /// How many there are.
    public let count: Int
    /// What they are made of, where that is more than the name says.
    public let shares: [MethodLayout.Share]

    init(
      _ meaning: String, _ scalar: Tensor.Scalar, _ count: Int, of shares: [MethodLayout.Share] = []
    ) {
      self.meaning = meaning
      self.scalar = scalar
      self.count = count
      self.shares = shares
    }

    /// The bytes of the numbers.
    public var bytes: Int { count * scalar.width }
  }

  /// What is asked for.
  public let phase: Phase
  /// What an assignment carries.
  public let down: [Part]
  /// What a contribution carries.
  public let up: [Part]

  private let patience: Int
  private let episodes: Int

  /// What travels in a phase that makes up training: describing features, or learning.
  init(_ phase: Phase, of experiment: Experiment) {
    self.phase = phase
    down = phase == .describe ? [] : experiment.partsToLearn
    up = phase == .describe ? experiment.partsOfDescriptions : experiment.partsLearnt
    patience = Instant.zero.millisecondsLeft(
      until: .zero + .seconds(experiment.scenario.federation.deadline))
    episodes = phase == .describe ? 1 : experiment.scenario.federation.episodesPerRound
  }
}

extension Experiment {
  /// What travels between the coordinator and a hospital that learns in a round.
  public var exchange: Exchange { Exchange(.learn, of: self) }

  /// Part for part what an assignment to learn carries.
  fileprivate var partsToLearn: [Exchange.Part] {
    var parts: [Exchange.Part] = []
    if scenario.algorithm.name.remembers { parts.append(.init(Meaning.lastCounted, .float64, 1)) }
    let timed = timeline.ownActs.timed.count
    if timed > 0 { parts.append(.init(Meaning.onsets, .float64, timed)) }
    if scenario.cohorts.standardisation == .acrossHospitals {
      parts.append(.init(Meaning.featureMean, .float64, network.inputs))
      parts.append(.init(Meaning.featureScale, .float64, network.inputs))
    }
    return parts + [.init(Meaning.parameters, .float32, layout.parameters, of: layout.received)]
  }

  /// Part for part what a contribution carries.
  fileprivate var partsLearnt: [Exchange.Part] {
    let residuals = scenario.algorithm.name.leavesResiduals
    return [.init(Meaning.losses, .float64, 2)]
      + (residuals ? [.init(Meaning.residuals, .float64, 2)] : [])
      + [.init(Meaning.metaGradientSum, .float32, layout.contribution, of: layout.sent)]
  }

  /// Part for part what a description of features carries.
  fileprivate var partsOfDescriptions: [Exchange.Part] {
    var parts: [Exchange.Part] = []
    if scenario.cohorts.standardisation == .acrossHospitals {
      parts = [Meaning.featureCount, Meaning.featureSum, Meaning.featureSquareSum].map {
        .init($0, .float64, network.inputs)
      }
    }
    return parts + (invitesByPatients ? [.init(Meaning.patients, .float64, 1)] : [])
  }
}

// MARK: Bytes

extension Exchange {
  /// The bytes of the assignment to a hospital: envelope and numbers.
  public func bytesDown(to hospital: String, in round: Int) -> Int {
    Message.assignment(
      Assignment(
        turn: turn(of: round), hospitals: [hospital], tensors: down.map(\.blank), patience: patience
      )
    ).envelopeBytes + Self.bytes(of: down)
  }

  /// The bytes of the contribution of a hospital: envelope and numbers; it counts for so many episodes,
  /// or for those of the scenario.
  public func bytesUp(from hospital: String, in round: Int, episodes: Int? = nil) -> Int {
    answer(
      of: hospital, in: round,
      .contribution(episodes: episodes ?? self.episodes, tensors: up.map(\.blank))
    ).envelopeBytes + Self.bytes(of: up)
  }

  /// The bytes of the answer of a hospital that declines.
  func bytesUp(from declined: RoundRecord.Declined, in round: Int) -> Int {
    answer(of: declined.hospital, in: round, .declined(reason: declined.reason)).envelopeBytes
  }

  private func answer(of hospital: String, in round: Int, _ outcome: Answer.Outcome) -> Message {
    .answer(Answer(turn: turn(of: round), hospital: hospital, outcome: outcome))
  }

  private func turn(of round: Int) -> Turn {
    Turn(run: Array(repeating: 0, count: 16), phase: phase, round: round)
  }

  private static func bytes(of parts: [Part]) -> Int { parts.reduce(0) { $0 + $1.bytes } }
}

extension Exchange.Part {
  /// A tensor that an envelope describes as it would the numbers, and that holds none.
  fileprivate var blank: Tensor {
    Tensor(meaning: meaning, scalar: scalar, shape: [count], frame: Frame([UInt8]()))
  }
}

extension Message {
  /// The bytes of the envelope alone.
  fileprivate var envelopeBytes: Int { encoded().first?.count ?? 0 }
}

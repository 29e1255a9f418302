/// One entry of a scenario's timeline: when what happens to whom.
public struct TimelineEntry: Codable, Equatable, Sendable {
  /// When something happens.
  public enum Moment: Codable, Equatable, Sendable {
    /// Before a round, from 1, is put to the hospitals.
    case round(Int)
    /// So many seconds after the coordinator has opened, by the clock that deadlines go by; what
    /// hospitals do themselves begins with the first round that is put to them from then on.
    case time(Double)
  }

  /// When.
  public var moment: Moment
  /// What.
  public var act: ActPlan
  /// To whom, in the file's order; to nobody where it is the coordinator that something happens to.
  public var hospitals: [String]
  /// For how many rounds; `nil` until something else is said, and for acts without a duration.
  public var rounds: Int?

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(moment: Moment, act: ActPlan, hospitals: [String], rounds: Int? = nil) {
    self.moment = moment
    self.act = act
    self.hospitals = hospitals
    self.rounds = rounds
  }
}

/// Something that happens to hospitals, or to the coordinator, in a timeline.
public enum ActPlan: Codable, Equatable, Sendable {
  /// Something that happens at one moment and has no settings.
  public enum Plain: String, Codable, CaseIterable, Sendable {
    /// The node dies at once.
    case kill
    /// A node that was killed is started again.
    case start
    /// The node stands still, as if its machine slept.
    case pause
    /// A node that stands still goes on.
    case resume
    /// No message passes between the hospital and the coordinator, either way.
    case cut
    /// Messages of a hospital that was cut off pass again.
    case reconnect
    /// Messages that were delayed, dropped, repeated, reordered or damaged pass as usual again.
    case calm
    /// The node is started for the first time.
    case join
    /// The node says farewell and ends.
    case leave
  }

  case plain(Plain)
  /// The coordinator dies at once and is started again, to go on with the run.
  case restart
  /// The node takes so many times as long for its work.
  case slow(factor: Double)
  /// Messages do not pass as usual.
  case disturb(DisturbancePlan)
  /// The hospital sends what does harm.
  case hostile(AttackPlan)
  /// The hospital's patients, or what is written down of them, change.
  case drift(DriftPlan)

  /// Whether hospitals do it themselves, by the round of their work.
  public var isOfHospital: Bool {
    switch self {
    case .slow, .hostile, .drift: true
    case .plain, .disturb, .restart: false
    }
  }

  /// The key that the act has in a scenario file.
  public var key: String {
    switch self {
    case .plain(let act): act.rawValue
    case .restart: "restart"
    case .slow: "slow"
    case .disturb(let plan): plan.kind.rawValue
    case .hostile: "hostile"
    case .drift: "drift"
    }
  }
}

/// How the patients of a hospital change: a rule of heterogeneity that sets in with its round.
public struct DriftPlan: Codable, Equatable, Sendable {
  /// The name of its random stream; the kind of rule unless the scenario says otherwise.
  public var name: String
  /// What changes.
  public var effect: HeterogeneityRulePlan.Effect
  /// The rounds over which it sets in; 1 is at once.
  public var over: Int

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(name: String, effect: HeterogeneityRulePlan.Effect, over: Int = 1) {
    self.name = name
    self.effect = effect
    self.over = over
  }
}

extension TimelineEntry {
  /// The rule of heterogeneity that a drift stands for; `nil` for any other act.
  public var rule: HeterogeneityRulePlan? {
    guard case .drift(let plan) = act else { return nil }
    var rule = HeterogeneityRulePlan(
      name: plan.name, effect: plan.effect, hospitals: hospitals, over: plan.over)
    switch moment {
    case .round(let round):
      rule.fromRound = round
      rule.untilRound = rounds.map { round + $0 - 1 }
    case .time(let seconds):
      rule.fromTime = seconds
      rule.rounds = rounds
    }
    return rule
  }
}

extension Scenario {
  /// All rules that make hospitals differ: those of `heterogeneity`, and after them the drifts of the
  /// timeline, in the file's order.
  public var rules: [HeterogeneityRulePlan] { heterogeneity + timeline.compactMap(\.rule) }
}

/// How the messages of a hospital do not pass as usual, in both directions.
public struct DisturbancePlan: Codable, Equatable, Sendable {
  /// What can become of a message.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// It comes later.
    case delay
    /// It does not come.
    case drop
    /// It comes twice.
    case duplicate
    /// It comes later by a time drawn for itself, so that others overtake it.
    case reorder
    /// It comes damaged: its envelope cannot be read.
    case corrupt
  }

  /// What becomes of a message.
  public var kind: Kind
  /// How likely that is, for each message by itself.
  public var probability: Double
  /// The seconds by which a delayed message is late, and by which a reordered one is at most; 0 for
  /// other kinds.
  public var delay: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(kind: Kind, probability: Double, delay: Double = 0) {
    self.kind = kind
    self.probability = probability
    self.delay = delay
  }
}

/// How a hostile hospital harms learning.
public struct AttackPlan: Codable, Equatable, Sendable {
  /// The attacks that exist.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Sends its meta-gradient the other way round, times the strength.
    case signFlip = "sign-flip"
    /// Sends its meta-gradient times the strength.
    case scaling
    /// Learns from its patients with their classes exchanged: of two, each for the other.
    case labelFlip = "label-flip"
    /// Adds normal noise whose expected squared norm is that of its meta-gradient times the squared
    /// strength.
    case noise
    /// Sends the mean less strength times the spread, number by number, both over its own episodes;
    /// Baruch, Baruch and Goldberg 2019.
    case aLittleIsEnough = "a-little-is-enough"

    /// The strength unless the scenario says otherwise; `nil` where there is none.
    public var usualStrength: Double? {
      switch self {
      case .signFlip, .noise: 1
      case .scaling: 10
      case .aLittleIsEnough: 1.5
      case .labelFlip: nil
      }
    }
  }

  /// Which attack.
  public var kind: Kind
  /// How strong it is, as its kind says; 1 where that says nothing.
  public var strength: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(kind: Kind, strength: Double) {
    self.kind = kind
    self.strength = strength
  }
}

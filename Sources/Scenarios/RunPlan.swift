/// How rounds go.
public struct FederationPlan: Codable, Equatable, Sendable {
  /// Meta-updates of the whole run.
  public var rounds: Int
  /// Episodes that each hospital draws in a round.
  public var episodesPerRound: Int
  /// The share of the training hospitals that is invited to a round, chosen by the seed.
  public var participation: Double
  /// Seconds that a round waits for its answers.
  public var deadline: Double
  /// Answers below which a round is not counted.
  public var quorum: Int
  /// Seconds that the coordinator waits at the start for all hospitals to join.
  public var assembly: Double
  /// Whose answers make up a round.
  public var policy: RoundPolicyPlan
  /// How the hospitals of a round are chosen.
  public var participationBy: ParticipationPlan
  /// What becomes of late answers; `nil` where the scenario says nothing: they are dropped, and
  /// counted where the policy makes answers late.
  public var late: LatePlan?
  /// How much answers from older meta-parameters count, where they do.
  public var staleness: StalenessPlan

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    rounds: Int, episodesPerRound: Int, participation: Double, deadline: Double, quorum: Int,
    assembly: Double, policy: RoundPolicyPlan = .synchronous,
    participationBy: ParticipationPlan = .uniform, late: LatePlan? = nil,
    staleness: StalenessPlan = .usual
  ) {
    self.rounds = rounds
    self.episodesPerRound = episodesPerRound
    self.participation = participation
    self.deadline = deadline
    self.quorum = quorum
    self.assembly = assembly
    self.policy = policy
    self.participationBy = participationBy
    self.late = late
    self.staleness = staleness
  }
}

/// What may leave a hospital.
public struct PrivacyPlan: Codable, Equatable, Sendable {
  /// The number of patients below which no sum over them leaves a hospital.
  public var minimumPatients: Int

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(minimumPatients: Int) {
    self.minimumPatients = minimumPatients
  }
}

/// How the result is judged.
public struct EvaluationPlan: Codable, Equatable, Sendable {
  /// Rounds between evaluations; 0 for the one at the end only.
  public var every: Int
  /// Sizes of the support set to adapt on.
  public var shots: [Int]
  /// Numbers of inner steps to judge after; 0 is before adaptation.
  public var steps: [Int]
  /// Support sets drawn at each hospital for each size.
  public var episodes: Int
  /// How the model trained on the support set alone is made.
  public var alone: InnerPlan
  /// How many hospitals are judged, those held out first; `nil` for all.
  public var hospitals: Int?
  /// Into how many parts a support set is divided to validate methods within it; 0 for no validation.
  public var validation: Int
  /// How a reference is trained on the patients of all training hospitals together; `nil` for none.
  public var pooled: PooledTrainingPlan?
  /// The spread of the prior of a fitted intercept: in log odds, or in standard deviations of the errors.
  public var interceptSpread: Double
  /// Whether hospitals tell on which features the model relies, before and after adaptation.
  public var explain: Bool

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    every: Int, shots: [Int], steps: [Int], episodes: Int, alone: InnerPlan, hospitals: Int? = nil,
    validation: Int = 0, pooled: PooledTrainingPlan? = nil, interceptSpread: Double = 1,
    explain: Bool = false
  ) {
    self.interceptSpread = interceptSpread
    self.explain = explain
    self.validation = validation
    self.pooled = pooled
    self.hospitals = hospitals
    self.every = every
    self.shots = shots
    self.steps = steps
    self.episodes = episodes
    self.alone = alone
  }
}

/// The training of one model on the patients of all training hospitals together, as if none had to stay
/// where it is: by Adam, on mini-batches, epoch by epoch.
public struct PooledTrainingPlan: Codable, Equatable, Sendable {
  /// Gradient steps.
  public var steps: Int
  /// Patients in a mini-batch.
  public var batch: Int
  /// The size of each step.
  public var rate: Double

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(steps: Int, batch: Int, rate: Double) {
    self.steps = steps
    self.batch = batch
    self.rate = rate
  }
}

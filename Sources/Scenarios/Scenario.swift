/// Everything that decides a run: hospitals, task, model, algorithm, federation, seed.
///
/// Two runs of equal scenarios end with the same bits on one type of machine. Every default has been
/// filled in: a scenario that has been read says all.
public struct Scenario: Codable, Equatable, Sendable {
  /// The name, from the key `scenario`.
  public var name: String
  /// What it shows, in a line, and the figure it should reach.
  public var summary: String
  /// The seed that all random streams of the run descend from.
  public var seed: UInt64
  /// Where patients come from and which hospitals there are.
  public var cohorts: CohortPlan
  /// What is predicted, and how many patients an episode has.
  public var task: TaskPlan
  /// What is trained.
  public var model: ModelPlan
  /// How learning to learn is done.
  public var algorithm: AlgorithmPlan
  /// How rounds go.
  public var federation: FederationPlan
  /// What may leave a hospital.
  public var privacy: PrivacyPlan
  /// How the result is judged.
  public var evaluation: EvaluationPlan
  /// Which hospitals stand together below a coordinator of their own; none unless given.
  public var regions: [RegionPlan]
  /// What makes hospitals differ, beside what their source of patients does.
  public var heterogeneity: [HeterogeneityRulePlan]
  /// What takes how long in the simulated engine; `nil` where nothing takes any time.
  public var time: TimePlan?
  /// What happens to hospitals in the course of the run.
  public var timeline: [TimelineEntry]
  /// What happens to them by chance.
  public var faults: [FaultPlan]

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(
    name: String, summary: String, seed: UInt64, cohorts: CohortPlan, task: TaskPlan,
    model: ModelPlan, algorithm: AlgorithmPlan, federation: FederationPlan,
    privacy: PrivacyPlan, evaluation: EvaluationPlan, regions: [RegionPlan] = [],
    heterogeneity: [HeterogeneityRulePlan] = [], time: TimePlan? = nil,
    timeline: [TimelineEntry] = [], faults: [FaultPlan] = []
  ) {
    self.name = name
    self.summary = summary
    self.seed = seed
    self.cohorts = cohorts
    self.task = task
    self.model = model
    self.algorithm = algorithm
    self.federation = federation
    self.privacy = privacy
    self.evaluation = evaluation
    self.regions = regions
    self.heterogeneity = heterogeneity
    self.time = time
    self.timeline = timeline
    self.faults = faults
  }
}

extension Scenario {
  /// Whether patients are given doses, of which there are others to choose from.
  public var hasDoses: Bool {
    if case .doses = cohorts.source { true } else { false }
  }
}

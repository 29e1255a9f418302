import Aggregation
import Cohorts
import Federation
import MetaLearning
import Models
import Scenarios
import Tensors

/// The computation of a round, and nothing else: in a plain loop over hospitals, episodes are drawn
/// from their patients and their meta-gradients computed and added up, exactly; then the optimiser
/// takes its step.
///
/// No messages, no nodes, no coordinator: what a round takes beyond this is what the engine costs.
final class BareComputation {
  private let experiment: Experiment
  private let clinics: [String: Clinic]
  private let algorithm: MAML
  private var parameters: [Float]
  private var optimiser: Optimiser
  private var gradient: [Float]
  private var sum: ExactSum

  init(_ experiment: Experiment) throws {
    self.experiment = experiment
    let inner = experiment.scenario.algorithm.inner
    algorithm = MAML(
      network: experiment.network, inner: InnerLoop(steps: inner.steps, rate: Float(inner.rate)),
      order: .first)
    parameters = experiment.initialParameters()
    gradient = parameters
    sum = ExactSum(count: parameters.count)
    optimiser = Optimiser(
      .adam(rate: 0.0001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      parameterCount: parameters.count)
    clinics = try Self.clinics(of: experiment.scenario)
  }

  private static func clinics(of scenario: Scenario) throws -> [String: Clinic] {
    guard case .synthetic(let plan) = scenario.cohorts.source else { return [:] }
    let random = RandomStream(seed: scenario.seed)
    let source = SyntheticClinic(
      patients: plan.patients, features: plan.features, outcome: .diagnosis, caseMix: plan.caseMix,
      effectSpread: plan.effectSpread, prevalence: plan.prevalence, random: random)
    return try Dictionary(
      uniqueKeysWithValues: scenario.cohorts.hospitals.map { hospital in
        let clinic = try Clinic(
          cohort: source.cohort(of: hospital), testShare: scenario.cohorts.testShare,
          heldOut: false, standardiser: nil, random: random.child("split").child(hospital))
        let scale = Standardiser(FeatureSums(of: clinic.trainingInputs))
        return (hospital, clinic.standardised(by: scale))
      })
  }

  /// Learns from these hospitals in a round, and gives the seconds that it took.
  func seconds(of hospitals: [String], round: Int) throws -> Double {
    let start = spent()
    sum.reset()
    let random = RandomStream(seed: experiment.scenario.seed).child("training")
    let task = experiment.scenario.task
    for hospital in hospitals {
      guard let clinic = clinics[hospital] else { continue }
      var stream = random.child(hospital).child("round", round).child("episode", 0)
      let episode = try clinic.trainingEpisode(
        support: task.support, query: task.query, using: &stream)
      _ = algorithm.metaGradient(
        at: parameters, of: PreparedEpisode(episode, for: experiment.network), into: &gradient)
      try sum.add(gradient)
    }
    optimiser.step(&parameters, along: sum.mean(over: Double(hospitals.count)))
    return spent() - start
  }
}

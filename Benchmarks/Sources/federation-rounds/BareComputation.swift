import Cohorts
import Federation
import MetaLearning
import Scenarios
import Tensors

/// What the hospitals of a round compute, and nothing else: episodes are drawn from their patients
/// and their meta-gradients computed, one after the other, in a plain loop.
///
/// No messages, no coordinator, no sums: what a round takes beyond this is what the engine costs.
final class BareComputation {
  private let experiment: Experiment
  private let clinics: [String: Clinic]
  private let algorithm: MAML
  private let parameters: [Float]
  private var gradient: [Float]

  init(_ experiment: Experiment) throws {
    self.experiment = experiment
    let inner = experiment.scenario.algorithm.inner
    algorithm = MAML(
      network: experiment.network, inner: InnerLoop(steps: inner.steps, rate: Float(inner.rate)),
      order: .first)
    parameters = experiment.initialParameters()
    gradient = parameters
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

  /// Seconds that the episodes of these hospitals take in a round.
  func seconds(of hospitals: [String], round: Int) throws -> Double {
    let start = spent()
    let random = RandomStream(seed: experiment.scenario.seed).child("training")
    let task = experiment.scenario.task
    for hospital in hospitals {
      guard let clinic = clinics[hospital] else { continue }
      var stream = random.child(hospital).child("round", round).child("episode", 0)
      let episode = try clinic.trainingEpisode(
        support: task.support, query: task.query, using: &stream)
      _ = algorithm.metaGradient(
        at: parameters, of: PreparedEpisode(episode, for: experiment.network), into: &gradient)
    }
    return spent() - start
  }
}

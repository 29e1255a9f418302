import Cohorts
import MetaLearning
import Models
import Scenarios
import Tensors

/// The model of all training hospitals' patients together: what it would be worth if patients need not
/// stay.
///
/// It is trained where all of them are in one process, which is the simulated engine, and nothing of it is
/// ever sent. Without rules that change patients it is trained once a run.
final class PooledReference {
  private let experiment: Experiment
  private let wards: Wards
  private let plan: PooledTrainingPlan
  private var latest: (round: Int, parameters: [Float])?

  /// `nil` where the scenario asks for none, or where `hospitals`, whose patients are here, are not all
  /// that train.
  init?(_ experiment: Experiment, wards: Wards, of hospitals: HospitalList) {
    guard let plan = experiment.scenario.evaluation.pooled else { return nil }
    let here = HospitalPlaces(hospitals)
    guard experiment.training.allSatisfy(here.contains) else { return nil }
    self.plan = plan
    self.experiment = experiment
    self.wards = wards
  }

  /// The model of the patients as they are in `round`, with features on the scale of `standardiser`.
  ///
  /// Where each hospital has a scale of its own, the pool has, as one hospital would, its own too.
  func parameters(in round: Int, standardiser: Standardiser?) throws(CohortError) -> [Float] {
    let round = experiment.heterogeneity.rules.isEmpty ? 0 : round
    if let latest, latest.round == round { return latest.parameters }
    let training = PooledTraining(
      network: experiment.network, steps: InnerLoop(steps: plan.steps, rate: Float(plan.rate)),
      batch: plan.batch)
    let parameters = training.parameters(
      from: experiment.pooledStart(), on: try patients(in: round, standardiser),
      using: experiment.pooledStream)
    latest = (round, parameters)
    return parameters
  }

  private func patients(
    in round: Int, _ standardiser: Standardiser?
  ) throws(CohortError) -> Examples {
    var clinics: [Clinic] = []
    for hospital in experiment.training {
      guard
        let clinic = try wards.clinic(of: hospital, in: round, standardiser: standardiser)
      else { continue }
      clinics.append(clinic)
    }
    if experiment.scenario.cohorts.standardisation == .perHospital {
      let sums = clinics.map(\.trainingSums)
      let own = Standardiser(
        sums.reduce(FeatureSums(features: experiment.network.inputs)) { $0 + $1 })
      clinics = clinics.map { $0.standardised(by: own) }
    }
    let parts = clinics.map(\.trainingExamples)
    return Examples(
      inputs: Matrix(
        rows: parts.reduce(0) { $0 + $1.count }, columns: experiment.network.inputs,
        scalars: parts.flatMap(\.inputs.scalars)),
      outcomes: parts.flatMap(\.outcomes))
  }
}

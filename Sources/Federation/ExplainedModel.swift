import Cohorts
import MetaLearning
import Models
import Privacy
import Scenarios

/// Of which model an evaluation tells on what it relies, beside the meta-parameters before adaptation.
public struct ExplainedModel: Codable, Equatable, Sendable {
  /// The size of the support set.
  public var shots: Int
  /// The steps of adaptation.
  public var steps: Int
  /// The names of the features, in the order of the inputs.
  public var features: [String]

  /// Takes the parts as they are.
  public init(shots: Int, steps: Int, features: [String]) {
    self.shots = shots
    self.steps = steps
    self.features = features
  }
}

extension Experiment {
  /// Of which model evaluations tell on what it relies; `nil` where the scenario does not want it.
  ///
  /// Of the size of support set and the steps that training adapts with, where these are judged; else of
  /// the largest.
  public var explained: ExplainedModel? {
    let plan = scenario.evaluation
    guard plan.explain else { return nil }
    let usual = (shots: scenario.task.support, steps: scenario.algorithm.inner.steps)
    return ExplainedModel(
      shots: plan.shots.contains(usual.shots) ? usual.shots : plan.shots.max() ?? usual.shots,
      steps: plan.steps.contains(usual.steps) ? usual.steps : plan.steps.max() ?? usual.steps,
      features: Self.inputNames(of: scenario, categories, heterogeneity))
  }

  /// The names of what goes into the model: features, what is missing of them, and categories.
  static func inputNames(
    of scenario: Scenario, _ categories: [Category], _ heterogeneity: Heterogeneity
  ) -> [String] {
    let coded = Set(categories.flatMap(\.columns))
    return scenario.cohorts.source.featureNames.filter { !coded.contains($0) }
      + heterogeneity.indicated.map { "\($0) missing" } + categories.map(\.name)
  }

  /// Whoever explains the model at hospitals, if anybody is to.
  func explainer(_ adapter: any Adapter) -> Explainer? {
    explained.map { model in
      Explainer(
        network: network, kind: OutcomeKind(scenario.task.kind), adapter: adapter,
        steps: model.steps)
    }
  }
}

extension HospitalWorker {
  /// On what the model relies at the job's hospital, over the episodes that it is judged by; `nil` where
  /// that is not asked for, or where they have too few patients.
  func reliance(
    _ source: any BatchedSource, _ job: Job, at parameters: [Float], _ isInterrupted: () -> Bool
  ) throws -> RelianceSums? {
    guard let explainer, let shots = experiment.explained?.shots else { return nil }
    var sums = RelianceSums(features: experiment.network.inputs)
    do {
      if source.patients != nil { try disclosure.check(patients: shots) }
      for number in 0..<experiment.scenario.evaluation.episodes {
        if isInterrupted() { throw Interruption() }
        var stream = experiment.judgingStream(
          hospital: job.hospital, shots: shots, episode: number)
        let episode = try source.judgingEpisode(shots: shots, using: &stream)
        if source.patients != nil { try check(episode) }
        let shuffles = experiment.shufflingStream(hospital: job.hospital, episode: number)
        sums = sums + explainer.reliance(of: episode, at: parameters, using: shuffles)
      }
    } catch let error where error is CohortError || error is TooFewPatients {
      return nil
    }
    return sums
  }
}

import Federation
import MetaLearning
import Scenarios

/// A figure by which predictions are judged.
enum Metric: String, CaseIterable {
  case logLoss, accuracy, auroc, brier, calibrationError
  case rootMeanSquaredError, meanAbsoluteError, meanSquaredError
  /// Of recommended doses: what they cost against the best ones, and how often they are these.
  case regret, bestDoseShare

  /// What is reported of a task of this kind, the measure that decides first; and of recommended doses,
  /// where there are doses to choose from.
  static func reported(for kind: TaskPlan.Kind, choosing: Bool = false) -> [Metric] {
    let own: [Metric] =
      kind == .classification
      ? [.logLoss, .accuracy, .auroc, .brier, .calibrationError]
      : [.rootMeanSquaredError, .meanAbsoluteError, .meanSquaredError]
    return own + (choosing ? [.regret, .bestDoseShare] : [])
  }

  /// What is reported of a scenario's task: of more than two classes no AUROC, which is not defined.
  static func reported(of scenario: Scenario) -> [Metric] {
    let classes = scenario.cohorts.source.classes ?? 0
    return reported(for: scenario.task.kind, choosing: scenario.hasDoses)
      .filter { $0 != .auroc || classes <= 2 }
  }

  /// What the table shows of a task of this kind.
  static func tabulated(for kind: TaskPlan.Kind, choosing: Bool = false) -> [Metric] {
    (kind == .classification ? [.logLoss, .accuracy] : [.rootMeanSquaredError])
      + (choosing ? [.regret] : [])
  }

  /// The figure; `nil` where it is not defined, such as an AUROC without two classes.
  func value(of sums: MetricSums) -> Double? {
    switch self {
    case .logLoss: sums.meanLogLoss
    case .accuracy: sums.accuracy
    case .auroc: sums.auroc
    case .brier, .meanSquaredError: sums.meanSquaredError
    case .calibrationError: sums.expectedCalibrationError
    case .rootMeanSquaredError: sums.rootMeanSquaredError
    case .meanAbsoluteError: sums.meanAbsoluteError
    case .regret: sums.meanRegret
    case .bestDoseShare: sums.bestDoseShare
    }
  }

  /// The words above its columns.
  var heading: String {
    switch self {
    case .logLoss: "log loss"
    case .accuracy: "accuracy, %"
    case .auroc: "AUROC"
    case .brier: "Brier score"
    case .calibrationError: "expected calibration error"
    case .rootMeanSquaredError: "root mean squared error"
    case .meanAbsoluteError: "mean absolute error"
    case .meanSquaredError: "mean squared error"
    case .regret: "regret of the recommended dose"
    case .bestDoseShare: "share of best doses"
    }
  }

  /// The words above a column among others.
  var abbreviation: String {
    switch self {
    case .logLoss: "log loss"
    case .accuracy: "acc. %"
    case .auroc: "AUROC"
    case .brier: "Brier"
    case .calibrationError: "calib."
    case .rootMeanSquaredError: "RMSE"
    case .meanAbsoluteError: "MAE"
    case .meanSquaredError: "MSE"
    case .regret: "regret"
    case .bestDoseShare: "best dose"
    }
  }

  /// The figure as the table shows it; a dash where it is not defined.
  func text(_ value: Double?) -> String {
    guard let value else { return "–" }
    return self == .accuracy ? brief(100 * value, decimals: 1) : brief(value, decimals: 3)
  }
}

// MARK: Groups of hospitals

/// Hospitals that are averaged over.
enum HospitalGroup: String, CaseIterable {
  case training
  case heldOut = "held-out"
}

extension Evaluation {
  /// The hospitals of a group that were judged.
  func hospitals(in group: HospitalGroup) -> [HospitalEvaluation] {
    hospitals.filter { $0.heldOut == (group == .heldOut) && !$0.results.isEmpty }
  }

  /// The mean over the hospitals of a group, each counting the same; `nil` where none has the figure.
  func mean(_ metric: Metric, in group: HospitalGroup, shots: Int, contender: Int) -> Double? {
    let values = hospitals(in: group).compactMap { hospital in
      hospital.sums(shots: shots, contender: contender).flatMap(metric.value(of:))
    }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension Evaluation {
  /// The figure over all predictions at the hospitals of a group, each counting the same; `nil` where
  /// there are none.
  func overPredictions(
    _ metric: Metric, in group: HospitalGroup, shots: Int, contender: Int
  ) -> Double? {
    let sums = hospitals(in: group).compactMap { $0.sums(shots: shots, contender: contender) }
    return metric.value(of: sums.reduce(MetricSums(), +))
  }
}

extension HospitalEvaluation {
  /// The sums at these places of ``results``, if the hospital has sent them.
  func sums(shots: Int, contender: Int) -> MetricSums? {
    guard results.indices.contains(shots), results[shots].indices.contains(contender) else {
      return nil
    }
    return results[shots][contender]
  }
}

extension Contender {
  /// The name in `results.json` and in the journal.
  var name: String {
    switch self {
    case .supportConstant: "support-constant"
    case .supportAlone: "support-alone"
    case .lastValue: "last-value"
    case .supportLinear: "support-linear"
    case .intercept: "intercept"
    case .fixedDose: "fixed-dose"
    case .bestReachable: "best-reachable"
    case .adapted(let steps): "adapted-\(steps)"
    case .personal: "personal"
    case .pooled: "pooled"
    case .validated(let steps): "validated-\(steps)"
    }
  }
}

extension Contender {
  /// Whether it is no result, but what a hospital may choose between methods by.
  var isValidation: Bool {
    if case .validated = self { true } else { false }
  }
}

public import Scenarios
import Tensors

/// A search for settings: what each trial came to at the hospitals that validated it.
public struct Tuning {
  /// Settings that were tried, and how well they did.
  public struct Trial {
    /// The settings.
    public let settings: [Override]
    /// The steps of adaptation that did best.
    public let contender: String?
    /// The measure that decides, a mean over the hospitals that validated; `nil` where a fold did not finish.
    public let score: Double?
    /// The standard error of the score over hospitals.
    public let error: Double?
    /// How the folds ended that did not finish.
    public let complaints: [String]
  }

  /// What of a trial is scored.
  public enum Scored: String, CaseIterable, Sendable {
    /// What adaptation makes of the meta-parameters, after the steps that do best.
    case adapted
    /// The meta-parameters as they are and a fitted intercept.
    case intercept
    /// The model that a hospital keeps for itself.
    case personal

    /// Whether it is about this contender.
    func includes(_ contender: String) -> Bool {
      self == .adapted ? contender.hasPrefix("adapted-") : contender == rawValue
    }
  }

  /// The trials, the best first; those that did not finish last.
  public let trials: [Trial]
  let metric: Metric
  let folds: ValidationFolds

  /// Judges trials by the hospitals of their folds.
  ///
  /// - Parameters:
  ///   - settings: The settings of each trial.
  ///   - results: For each trial the results of its folds, in order; `nil` for one that has none.
  ///   - folds: Who validated.
  ///   - kind: What is predicted.
  ///   - scored: What of a trial is scored.
  public init(
    of settings: [[Override]], results: [[CellResult?]], by folds: ValidationFolds,
    _ kind: TaskPlan.Kind, scoring scored: Scored = .adapted
  ) {
    let metric = Metric.reported(for: kind)[0]
    self.metric = metric
    self.folds = folds
    trials = zip(settings, results)
      .map { Self.trial($0, $1, folds, metric, scored) }.enumerated()
      .sorted {
        ($0.element.score ?? .infinity, $0.offset) < ($1.element.score ?? .infinity, $1.offset)
      }
      .map(\.element)
  }

  private static func trial(
    _ settings: [Override], _ results: [CellResult?], _ folds: ValidationFolds, _ metric: Metric,
    _ scored: Scored
  ) -> Trial {
    let complaints = results.compactMap { result in
      result.flatMap { $0.outcome == "finished" ? nil : "\($0.outcome): \($0.file.reason ?? "")" }
    }
    var figures: [String: [Double]] = [:]
    for (result, names) in zip(results, folds.hospitals) {
      for hospital in result?.hospitals ?? [] where names.contains(hospital.hospital) {
        for (contender, figure) in means(of: hospital, metric, scored) {
          figures[contender, default: []].append(figure)
        }
      }
    }
    let means = figures.compactMapValues { ComparedFigures.mean($0) }.filter { $0.value.isFinite }
    let best = means.min { ($0.value, $0.key) < ($1.value, $1.key) }
    guard complaints.isEmpty, results.allSatisfy({ $0 != nil }), let best else {
      return Trial(
        settings: settings, contender: nil, score: nil, error: nil, complaints: complaints)
    }
    return Trial(
      settings: settings, contender: best.key, score: best.value,
      error: standardError(figures[best.key] ?? []), complaints: [])
  }

  /// The means of a hospital over the sizes of support set, for all numbers of steps.
  private static func means(
    of hospital: ResultsFile.Hospital, _ metric: Metric, _ scored: Scored
  ) -> [String: Double] {
    let rows = hospital.results.filter { scored.includes($0.contender) }
    return Dictionary(grouping: rows, by: \.contender).compactMapValues { rows in
      ComparedFigures.mean(rows.compactMap { $0.figures[metric] })
    }
  }

  private static func standardError(_ figures: [Double]) -> Double? {
    guard figures.count > 1, let mean = ComparedFigures.mean(figures) else { return nil }
    let squares = figures.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    return (squares / Double((figures.count - 1) * figures.count)).squareRoot()
  }
}

// MARK: What is tried

extension Tuning {
  /// So many draws from the ranges for each combination of the values; one where there is no range.
  ///
  /// Draws depend on the seed, the number of the trial and the key alone: further trials are added to
  /// those that were made.
  public static func settings(
    varying variations: [Variation], drawing ranges: [SearchRange], trials: Int, seed: UInt64
  ) throws(ScenarioProblems) -> [[Override]] {
    var settings: [[Override]] = []
    for trial in 0..<(ranges.isEmpty ? 1 : trials) {
      var drawn: [Override] = []
      for range in ranges {
        var stream = RandomStream(seed: seed).child("tuning").child(range.key, trial)
        drawn.append(try range.setting(at: stream.uniform()))
      }
      settings += SweepCell.combinations(of: variations).map { $0 + drawn }
    }
    return settings
  }
}

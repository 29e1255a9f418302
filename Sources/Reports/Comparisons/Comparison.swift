import Scenarios

/// Methods of learning, played on the same hospitals, episodes and seeds, and what each came to.
///
/// Of each method those steps of adaptation are told first that do best at training hospitals:
/// held-out ones choose nothing. Every other number of steps is in the files.
public struct Comparison {
  /// The methods that were played, in order.
  public let methods: [String]
  /// The measure that decides.
  let metric: Metric
  /// What methods are set against the bar by: the measure that decides; of doses their regret, too.
  let deciding: [Metric]
  /// The other measures.
  let others: [Metric]
  /// What each method is set against.
  let bar: Bar
  let results: [String: [CellResult]]
  let heldOut: ComparedFigures
  let training: ComparedFigures
  let finished: [String]
  let plan: Scenario?
  /// What hospitals choose for themselves, where they are to.
  let choices: Choices?

  /// Who all methods are set against: a contender of one of them.
  public struct Bar: Equatable, Sendable {
    /// The method.
    public var method: String
    /// The contender, by its name in `results.json`.
    public var contender: String

    /// Reads `METHOD` or `METHOD/CONTENDER`; the contender is `intercept` unless given.
    public init(_ text: String) {
      let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
      method = parts.first ?? text
      contender = parts.count > 1 ? parts[1] : "intercept"
    }
  }

  /// Compares what the cells of each method have come to.
  ///
  /// - Parameters:
  ///   - methods: The methods, in the order in which they are told.
  ///   - results: The cells that came to their end.
  ///   - bar: What the methods are set against.
  ///   - choice: The methods among which each hospital chooses for itself, too; none for no choice.
  /// - Throws: ``ComparisonError`` where the methods were not judged on the same episodes, or nobody was
  ///   judged.
  public init(
    of methods: [String], results: [CellResult], against bar: Bar,
    choosingAmong choice: [String] = []
  ) throws(ComparisonError) {
    self.methods = methods
    self.bar = bar
    self.results = Dictionary(grouping: results) { $0.cell.method ?? "" }
    plan = results.first?.cell.scenario
    let reported = plan.map(Metric.reported(of:)) ?? Metric.reported(for: .classification)
    metric = reported[0]
    deciding = [reported[0]] + reported.filter { $0 == .regret }
    others = Array(reported.dropFirst())
    let all = self.results
    finished = methods.filter { method in
      all[method]?.isEmpty == false && all[method]?.allSatisfy { $0.outcome == "finished" } == true
    }
    let heldOut = ComparedFigures(all, of: finished, in: .heldOut)
    choices =
      choice.isEmpty
      ? nil : Choices(among: finished.filter(choice.contains), in: heldOut, by: metric)
    self.heldOut = choices.map { heldOut.adding($0) } ?? heldOut
    training = ComparedFigures(all, of: finished, in: .training)
    try check()
  }

  private func check() throws(ComparisonError) {
    guard !heldOut.places.isEmpty else { throw .nobodyJudged(remarks) }
    for figures in [heldOut, training] {
      if let error = figures.otherEpisodes(among: finished, by: metric) { throw error }
    }
    if heldOut.shots.contains(where: { heldOut.figures(metric, of: barColumn(shots: $0)) == nil }) {
      throw .noBar(bar, methods: finished, contenders: contenders)
    }
  }

  private var contenders: [String] {
    var names: [String] = []
    for method in finished {
      for shots in heldOut.shots {
        names += heldOut.contenders(of: method, shots: shots).filter { !names.contains($0) }
      }
    }
    return names
  }

  func barColumn(shots: Int) -> ComparedFigures.Column {
    .init(method: bar.method, shots: shots, contender: bar.contender)
  }
}

// MARK: Choosing

extension Comparison {
  /// The contender of a method that did best at training hospitals: its steps of adaptation, or its
  /// personal models; where none was judged, the most steps.
  func chosen(of method: String, shots: Int) -> String? {
    heldOut.steps(of: method, shots: shots, bestAt: training, by: metric)
  }

  /// The method that did best at training hospitals, with its chosen steps.
  func bestAtTraining(shots: Int) -> String? {
    let judged = finished.compactMap { method in
      chosen(of: method, shots: shots).flatMap { contender in
        training.mean(metric, of: .init(method: method, shots: shots, contender: contender))
      }.map { (method: method, mean: $0) }
    }
    return judged.filter { $0.mean.isFinite }.min { $0.mean < $1.mean }?.method
  }
}

/// Why methods cannot be compared.
public enum ComparisonError: Error, CustomStringConvertible {
  /// No hospital was judged under every method.
  case nobodyJudged(String)
  /// What does not depend on the method differs.
  case otherEpisodes(String, String, reference: String)
  /// What the methods are to be set against is not there.
  case noBar(Comparison.Bar, methods: [String], contenders: [String])

  /// What was found, and what is accepted.
  public var description: String {
    switch self {
    case .nobodyJudged(let remarks):
      "no held-out hospital was judged under every method; "
        + "accepted are methods that finish, of a scenario with held-out hospitals\n\(remarks)"
    case .otherEpisodes(let one, let other, let reference):
      "\(one) and \(other) were not judged on the same episodes: the figures of \(reference), which has"
        + " nothing to do with the method, differ; let the methods differ in nothing that changes patients"
        + " or who answers"
    case .noBar(let bar, let methods, let contenders):
      "no \(bar.contender) of \(bar.method) to set methods against; accepted by --against: one of"
        + " \(methods.joined(separator: ", ")), and behind a slash one of"
        + " \(contenders.joined(separator: ", "))"
    }
  }
}

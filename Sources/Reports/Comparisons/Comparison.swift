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

// MARK: Choosing and counting

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
    return judged.min { $0.mean < $1.mean }?.method
  }

  /// How many hospitals a contender serves worse than their own model does, and of how many.
  ///
  /// A hospital's own model is the better one there of the network and the linear model that learnt from
  /// its support set alone. Figures of a hospital are means over the seeds.
  func worseThanOwn(_ column: ComparedFigures.Column) -> (worse: Int, of: Int) {
    let own = ["support-alone", "support-linear"].compactMap { contender in
      byHospital(.init(method: owner(of: column), shots: column.shots, contender: contender))
    }
    let theirs = byHospital(column) ?? [:]
    let worse = theirs.count { hospital, figure in
      own.compactMap { $0[hospital] }.min().map { figure > $0 } ?? false
    }
    return (worse, theirs.count)
  }

  /// The method whose models of the support set alone a contender is held against: its own, since they are
  /// of its network.
  private func owner(of column: ComparedFigures.Column) -> String {
    column.method == Choices.name ? finished.first ?? "" : column.method
  }

  /// The hospital that a contender serves worst.
  func worst(_ column: ComparedFigures.Column) -> (hospital: String, figure: Double)? {
    byHospital(column)?.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { ($0.key, $0.value) }
  }

  private func byHospital(_ column: ComparedFigures.Column) -> [String: Double]? {
    guard let figures = heldOut.figures(metric, of: column) else { return nil }
    let pairs = zip(heldOut.places, figures).compactMap { place, figure in
      figure.map { (place.hospital, [$0]) }
    }
    return Dictionary(pairs, uniquingKeysWith: +).compactMapValues { ComparedFigures.mean($0) }
  }

  /// The fewest patients with which hospitals' own models do as well as a contender with its own, by the
  /// mean over hospitals; `nil` where those of the largest support set do not.
  func patientsNeeded(toMatch column: ComparedFigures.Column) -> Int? {
    guard let figure = heldOut.mean(metric, of: column) else { return nil }
    return heldOut.shots.first { shots in
      ["support-alone", "support-linear"].contains { contender in
        let own = ComparedFigures.Column(
          method: owner(of: column), shots: shots, contender: contender)
        return heldOut.mean(metric, of: own).map { $0 <= figure } ?? false
      }
    }
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

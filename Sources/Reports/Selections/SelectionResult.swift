import Federation
public import Scenarios

/// Who chose what among the methods of a selection, and what it gained.
///
/// Each hospital takes the method and the number of steps that did best within its own support sets. It is
/// set against two rules that choose for all: the method that was declared first, and the one that
/// did best at training hospitals; both with the steps that did best there. No query patient of a held-out
/// hospital chooses anything.
public struct SelectionResult {
  let selection: Selection
  /// One for each method whose run came to its end, in the order of the methods.
  let results: [CellResult]
  /// The methods that finished, among which is chosen.
  let methods: [String]
  let metric: Metric
  /// The hospitals that never trained, and those that did; a group in which nobody was judged is left out.
  let groups: [GroupChoices]

  /// What hospitals choose among methods whose runs came to these ends.
  ///
  /// A method that diverged is left out.
  ///
  /// - Throws: ``SelectionError`` where there is nothing to choose, and ``ComparisonError`` where methods
  ///   were not judged on the same episodes.
  public init(of selection: Selection, results: [CellResult]) throws {
    self.selection = selection
    self.results = results
    let scenario = selection.methods.first?.scenario
    metric = Metric.reported(for: scenario?.task.kind ?? .classification)[0]
    let finished = results.filter { $0.outcome == "finished" }
    let methods = finished.compactMap(\.cell.method)
    self.methods = methods
    guard methods.count > 1 else { throw SelectionError.nothingToChoose(Self.remarks(results)) }
    let byMethod = Dictionary(grouping: finished) { $0.cell.method ?? "" }
    let training = ComparedFigures(byMethod, of: methods, in: .training)
    let heldOut = ComparedFigures(byMethod, of: methods, in: .heldOut)
    for figures in [training, heldOut] {
      if let error = figures.otherEpisodes(among: methods, by: metric) { throw error }
    }
    let judged = [(HospitalGroup.heldOut, heldOut), (.training, training)]
    groups = judged.filter { !$0.1.places.isEmpty }.map { [metric] group, figures in
      GroupChoices(of: group, among: methods, in: figures, training: training, by: metric)
    }
    guard !groups.isEmpty else { throw SelectionError.nobodyJudged }
  }

  private static func remarks(_ results: [CellResult]) -> String {
    results.filter { $0.outcome != "finished" }
      .map { "; \($0.cell.method ?? ""): \($0.outcome): \($0.file.reason ?? "")" }.joined()
  }

  /// What training all methods has sent; `nil` where it is not known of one of them.
  var traffic: Traffic? {
    let known = results.compactMap(\.traffic)
    return known.count == results.count ? known.reduce(Traffic(), +) : nil
  }
}

/// Why there is nothing to choose.
public enum SelectionError: Error, CustomStringConvertible {
  /// Fewer than two methods finished.
  case nothingToChoose(String)
  /// No hospital was judged under every method.
  case nobodyJudged

  /// What was found, and what is accepted.
  public var description: String {
    switch self {
    case .nothingToChoose(let remarks):
      "hospitals have nothing to choose between; accepted are two or more methods that finish\(remarks)"
    case .nobodyJudged:
      "no hospital was judged under every method; accepted are hospitals with patients enough for"
        + " evaluation.shots"
    }
  }
}

/// What the hospitals of a group chose.
struct GroupChoices {
  let group: HospitalGroup
  let choices: Choices
  /// The figures of all methods, and of what was chosen.
  let figures: ComparedFigures
  private let training: ComparedFigures
  private let metric: Metric

  init(
    of group: HospitalGroup, among methods: [String], in figures: ComparedFigures,
    training: ComparedFigures, by metric: Metric
  ) {
    self.group = group
    self.training = training
    self.metric = metric
    choices = Choices(among: methods, in: figures, by: metric)
    self.figures = figures.adding(choices)
  }

  /// A rule that gives all hospitals the same method, and what its figures are.
  struct Rule {
    var method: String
    var contender: String
    var figures: [Double?]
    var mean: Double?
    /// The figure of what hospitals chose less that of the rule, at the same hospitals.
    var gain: (mean: Double?, interval: PairedBootstrap.Interval?)
  }

  /// The figures of what hospitals chose; `nil` where one of them had nothing to choose by.
  func own(shots: Int) -> [Double?]? {
    figures.figures(metric, of: .init(method: Choices.name, shots: shots, contender: "chosen"))
  }

  /// The rule that gives everybody this method, with the steps that did best at training hospitals.
  func rule(_ method: String, shots: Int) -> Rule? {
    guard
      let contender = figures.steps(of: method, shots: shots, bestAt: training, by: metric),
      let theirs = figures.figures(
        metric, of: .init(method: method, shots: shots, contender: contender))
    else { return nil }
    let own = own(shots: shots) ?? []
    let gains = zip(own, theirs).map { own, theirs in
      own.flatMap { own in theirs.map { own - $0 } }
    }
    let interval =
      own.isEmpty ? nil : PairedBootstrap(places: figures.places).intervals(of: [gains])[0]
    return Rule(
      method: method, contender: contender, figures: theirs,
      mean: ComparedFigures.mean(theirs.compactMap { $0 }),
      gain: (ComparedFigures.mean(gains.compactMap { $0 }), interval))
  }

  /// The method that did best at training hospitals, with its best steps there.
  func best(shots: Int) -> String? {
    let judged = choices.methods.compactMap { method in
      training.steps(of: method, shots: shots, bestAt: training, by: metric)
        .flatMap { training.mean(metric, of: .init(method: method, shots: shots, contender: $0)) }
        .map { (method: method, mean: $0) }
    }
    return judged.min { $0.mean < $1.mean }?.method
  }
}

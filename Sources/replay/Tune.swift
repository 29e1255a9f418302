import ArgumentParser
import Options
import Reports
import Scenarios

/// `replay tune`: searches settings, judged by training hospitals that are set aside in turn.
struct Tune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Search settings, judged at training hospitals that are set aside in turn.",
    discussion: """
      Values of --vary are all tried; from each --range so many are drawn as --trials says, for rates on a \
      logarithmic scale. Each trial is played once for each fold: a part of the training hospitals is \
      held out beside the scenario's own, and judges it. What the scenario's own held-out hospitals would \
      say is not read, so that they can still be asked what the settings are worth.

      A trial's score is the measure that decides at the steps of adaptation that do best, or of what --score \
      names, a mean over the hospitals of all folds and the sizes of support set. A search that was interrupted goes on \
      where it was when it is given again, and more trials may be added.

      EXAMPLES
        replay tune Scenarios/default.yaml --range algorithm.inner.rate=0.01..1 --trials 10
        replay tune Scenarios/heart-disease.yaml --data DIR --method fedavg --folds 3 \\
          --range algorithm.local.rate=0.001..0.3 --vary algorithm.local.steps=5,20 --trials 12
      """)

  @Option(
    name: .customLong("vary"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting and values that are all tried. May be repeated.",
      valueName: "key.path=value,value,…"))
  var vary: [String] = []

  @Option(
    name: .customLong("range"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting and a range to draw from. May be repeated.", valueName: "key.path=low..high"))
  var ranges: [String] = []

  @Option(help: ArgumentHelp("How many draws from the ranges are tried.", valueName: "count"))
  var trials = 20

  @Option(
    help: ArgumentHelp(
      "Into how many parts training hospitals are divided; with 1, half of them judge once.",
      valueName: "count"))
  var folds = 2

  @Option(
    help:
      "What is scored: the adapted model, the model for all with an intercept, or the one that a hospital keeps."
  )
  var score = Score.adapted

  @OptionGroup var options: CellOptions

  /// What can be scored.
  enum Score: String, CaseIterable, ExpressibleByArgument {
    case adapted, intercept, personal

    var scored: Tuning.Scored {
      switch self {
      case .adapted: .adapted
      case .intercept: .intercept
      case .personal: .personal
      }
    }
  }

  func validate() throws {
    for (name, value) in [("--trials", trials), ("--folds", folds)] where value < 1 {
      throw ValidationError("\(name) is \(value); accepted is 1 or more.")
    }
    if vary.isEmpty, ranges.isEmpty {
      throw ValidationError("there is nothing to try: name a --range, or a --vary.")
    }
    if options.seeds != nil {
      throw ValidationError(
        "--seeds chooses other held-out hospitals for each seed; leave it out, and name one --seed."
      )
    }
  }

  func run() async throws {
    try await reporting {
      let scenario = try options.changes.scenario(at: options.scenario)
      guard let folds = ValidationFolds(folds, of: scenario) else {
        throw ValidationError(
          "\(scenario.trainingHospitals.count) hospitals train; accepted is --folds from 1 to as many, and two"
            + " or more hospitals that train.")
      }
      let settings = try settings(seed: scenario.seed)
      let cells = try cells(of: settings, folds)
      let place = try options.place(of: cells, below: "tunings")
      let status = try await CellEngine(options, cells, in: place).play()
      guard status == .success else { return status }
      return try conclude(settings, cells, folds, scenario.task.kind, in: place)
    }
  }

  /// What of `evaluation` belongs to a method, and not to how it is judged.
  private static let searchedOfEvaluation = ["evaluation.steps", "evaluation.intercept-spread"]

  private func settings(seed: UInt64) throws -> [[Override]] {
    let variations = try vary.map { text throws(ScenarioProblems) in try Variation(text) }
    let ranges = try ranges.map { text throws(ScenarioProblems) in try SearchRange(text) }
    let keys = variations.map(\.key) + ranges.map(\.key)
    if let twice = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
      throw ValidationError(
        "\(twice) is given twice; accepted is one --vary or --range for each key.")
    }
    if let own = keys.first(where: { $0 == "seed" || $0.hasPrefix("cohorts.h") }) {
      throw ValidationError("\(own) says who is asked, and is no setting to search.")
    }
    let judging = keys.filter { $0.split(separator: ".").first == "evaluation" }
    if let own = judging.first(where: { !Self.searchedOfEvaluation.contains($0) }) {
      throw ValidationError(
        "\(own) says how trials are judged, and is no setting to search; accepted of evaluation is"
          + " \(Self.searchedOfEvaluation.joined(separator: " and ")).")
    }
    return try Tuning.settings(varying: variations, drawing: ranges, trials: trials, seed: seed)
  }

  /// A cell for each trial and fold, fold by fold of each trial.
  private func cells(of settings: [[Override]], _ folds: ValidationFolds) throws -> [SweepCell] {
    let conditions = try folds.hospitals.indices.map { fold throws(ScenarioProblems) in
      try folds.conditions(of: fold)
    }
    return try options.changes.cells(
      at: options.scenario,
      settings: settings.flatMap { values in conditions.map { (values: values, conditions: $0) } })
  }

  private func conclude(
    _ settings: [[Override]], _ cells: [SweepCell], _ folds: ValidationFolds,
    _ kind: TaskPlan.Kind, in place: SweepDirectory
  ) throws -> ExitStatus {
    let count = folds.hospitals.count
    let results = settings.indices.map { trial in
      cells[(trial * count)..<((trial + 1) * count)].map { place.result(of: $0) }
    }
    let tuning = Tuning(of: settings, results: results, by: folds, kind, scoring: score.scored)
    let (text, file) = try tuning.write(to: place)
    try StandardStream.output.print(text, kept: file)
    StandardStream.error.write("kept in \(file)\n")
    return .success
  }
}

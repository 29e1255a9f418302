import ArgumentParser
import Options
import Reports
import Scenarios

/// `replay compare`: plays methods on the same hospitals, episodes and seeds, and says what each is worth.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare methods on the same hospitals, episodes and seeds.",
    discussion: """
      A method is one of those that the scenario declares under methods:, or an algorithm, which then \
      takes over what it shares with the scenario's own. Each is played with each seed; what was played \
      before is not played again, so a comparison that was interrupted goes on, and further seeds and \
      methods may be added.

      The tables show the measure that decides, means over seeds and held-out hospitals with intervals by a \
      paired bootstrap over both; each method with the steps of adaptation that did best at training \
      hospitals. Every other figure is in figures.csv, comparison.csv and comparison.json.

      The references are in every table: a constant, models of a hospital's own patients alone, and one \
      model for all, unadapted and with a fitted intercept. The one model is that of fedavg, which is \
      played beside the methods unless --against names another of them. In the simulated engine its network \
      is also trained on all training patients together, once for each seed, as no federation could; \
      --no-pooled leaves that out.

      With auto among the methods, each hospital also chooses for itself among those that were named, by parts of \
      its support sets that are predicted from the rest; the table tells who chose what, and what it gained.

      EXAMPLES
        replay compare Scenarios/default.yaml --methods maml,reptile,fedavg --seeds 5
        replay compare Scenarios/stroke-trial.yaml --seeds 5 --data DIR --shots 10,20,40
        replay compare Scenarios/heart-disease.yaml --methods maml,anil --leave-one-out --seeds 3 --data DIR
        replay compare Scenarios/default.yaml --methods maml,fomaml --against fomaml/adapted-5 --seeds 3
      """)

  @Option(
    help: ArgumentHelp(
      "The methods. Default: those that the scenario declares.", valueName: "name,name,…"))
  var methods: String?

  @Option(
    help: ArgumentHelp(
      "What each method is set against. Default: fedavg/intercept.",
      valueName: "method/contender"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "The sizes of support sets, instead of the scenario's: evaluation.shots.",
      valueName: "count,count,…"))
  var shots: String?

  @Flag(
    help: "Hold each hospital out in turn, instead of those that the scenario holds out.")
  var leaveOneOut = false

  @Flag(
    name: .customLong("no-pooled"),
    help: "Leave out training on all patients together, which the simulated engine adds.")
  var withoutPooled = false

  @OptionGroup var options: CellOptions

  func validate() throws {
    if options.changes.givesMethod {
      throw ValidationError("--method names one method to play; --methods those to compare.")
    }
  }

  func run() async throws {
    try await reporting {
      let named = try names()
      let names = named.filter { $0 != Self.auto }
      let isChoosing = names.count < named.count
      let bar = Comparison.Bar(try against ?? usualBar(names))
      let (cells, methods) = try cells(of: names, and: bar, isChoosing: isChoosing)
      let place = try options.place(of: cells, below: "comparisons")
      let status = try await CellEngine(options, cells, in: place).play()
      guard status == .success else { return status }
      let results = cells.compactMap { place.result(of: $0) }
      let comparison = try Comparison(
        of: methods, results: results, against: bar, choosingAmong: isChoosing ? names : [])
      let (text, files) = try comparison.write(to: place)
      try StandardStream.output.print(text, kept: files.first ?? place.path)
      StandardStream.error.write("kept in \(files.joined(separator: ", "))\n")
      return .success
    }
  }

  /// What methods are set against unless something else is asked for: where the scenario's algorithm is
  /// `auto`, and declares no `fedavg`, there are no settings for one.
  private func usualBar(_ names: [String]) throws -> String {
    let selects = try options.changes.selection(at: options.scenario) != nil
    return selects && !names.contains("fedavg") ? names.first ?? "fedavg" : "fedavg"
  }

  /// The methods that were asked for.
  private func names() throws -> [String] {
    let declared = try options.changes.methods(at: options.scenario)
    guard let methods else {
      let selects = try options.changes.selection(at: options.scenario) != nil
      guard declared.isEmpty else { return declared + (selects ? [Self.auto] : []) }
      throw ValidationError(
        "\(options.scenario) declares no methods: name some with --methods, such as maml,reptile,fedavg."
      )
    }
    let names = methods.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " })
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("\(twice) is named twice; accepted is each method once.")
    }
    if names.contains(Self.auto), names.count < 3 {
      throw ValidationError("auto chooses between methods; accepted are two or more beside it.")
    }
    return names
  }

  /// The name of what each hospital chooses for itself.
  private static let auto = "auto"

  /// The parts of a support set by which hospitals choose, unless the scenario says how many.
  private static let parts = 4

  /// Settings that hold for all methods of `scenario`.
  private func overrides(of scenario: Scenario, isChoosing: Bool) throws -> [Override] {
    let shots = try shots.map {
      [try Override("evaluation.shots=[\($0)]", from: "--shots \($0)")]
    }
    let isSet = scenario.evaluation.validation > 0
    let validation = isChoosing && !isSet ? "evaluation.validation=\(Self.parts)" : nil
    return try (shots ?? []) + (validation.map { [try Override($0)] } ?? [])
  }

  /// Settings of what methods are set against: it is where pooled training is judged, once for each seed.
  ///
  /// Sine waves have no patients to put together, and where the scenario asks for it, all methods have it.
  private func pooling(of scenario: Scenario) throws -> [Override] {
    if case .sinusoid = scenario.cohorts.source { return [] }
    let isWanted = !withoutPooled && options.engine == .simulated
    return isWanted && scenario.evaluation.pooled == nil
      ? [try Override("evaluation.pooled={}")] : []
  }

  /// The cells of the methods and of what they are set against.
  private func cells(
    of names: [String], and bar: Comparison.Bar, isChoosing: Bool
  ) throws -> (cells: [SweepCell], methods: [String]) {
    let methods = names.contains(bar.method) ? names : names + [bar.method]
    let selection = try options.changes.selection(at: options.scenario)
    let scenario =
      try selection?.methods.first?.scenario ?? options.changes.scenario(at: options.scenario)
    let values = try overrides(of: scenario, isChoosing: isChoosing)
    let conditions = leaveOneOut ? try HeldOut.eachInTurn(of: scenario) : [[]]
    let cells = try options.changes.cells(
      at: options.scenario, methods: methods, seeds: options.seeds,
      settings: conditions.map { (values: values, conditions: $0) },
      extra: [bar.method: try pooling(of: scenario)])
    return (cells, methods)
  }
}

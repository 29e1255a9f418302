public import ArgumentParser
public import Scenarios

/// What can be changed of a scenario from the command line.
public struct ScenarioOptions: ParsableArguments {
  @Option(help: "The seed of all random streams, instead of the scenario's.")
  var seed: UInt64?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting to replace, such as federation.rounds=10. May be repeated.",
      valueName: "key.path=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "One of the scenario's methods, or an algorithm, with its settings; auto: all of them, and each hospital's choice.",
      valueName: "name"))
  var method: String?

  /// Whether anything is to be changed.
  public var isEmpty: Bool { seed == nil && settings.isEmpty && method == nil }

  /// The dotted paths of the settings that are replaced.
  public var givenKeys: [String] {
    settings.compactMap { $0.split(separator: "=", maxSplits: 1).first.map(String.init) }
  }

  /// Whether a method is given beside the scenario's own algorithm.
  public var givesMethod: Bool { method != nil }

  /// Whether a seed is given beside the scenario's.
  public var givesSeed: Bool { seed != nil }

  /// What was asked for, as arguments for another program.
  public var arguments: [String] {
    settings.map { "--set=\($0)" } + (method.map { ["--method=\($0)"] } ?? [])
      + (seed.map { ["--seed=\($0)"] } ?? [])
  }

  /// Nothing asked for; the argument parser fills it in.
  public init() {}

  /// The scenario in the file `path`, with the settings replaced.
  public func scenario(at path: String) throws(ScenarioProblems) -> Scenario {
    try Scenario.read(path: path, overrides: overrides(), method: method, seed: seed)
  }

  /// What hospitals of the scenario in the file `path` are to choose among; `nil` where it is one scenario.
  public func selection(at path: String) throws(ScenarioProblems) -> Selection? {
    try Selection.read(path: path, overrides: overrides(), method: method, seed: seed)
  }

  /// What hospitals of the scenario in the text `yaml` are to choose among; `nil` where it is one scenario.
  public func selection(in yaml: String, file: String) throws(ScenarioProblems) -> Selection? {
    try Selection.read(yaml, file: file, overrides: overrides(), method: method, seed: seed)
  }

  /// The scenario in the text `yaml`, with the settings replaced; `file` is its name in messages.
  public func scenario(in yaml: String, file: String) throws(ScenarioProblems) -> Scenario {
    try Scenario.read(yaml, file: file, overrides: overrides(), method: method, seed: seed)
  }

  /// Every combination of the values of `variations` and of the seeds 1 to `seeds`, the settings
  /// replaced; without `seeds` the scenario's own.
  public func cells(
    at path: String, varying variations: [Variation], methods: [String]? = nil, seeds: Int?
  ) throws(ScenarioProblems) -> [SweepCell] {
    try SweepCell.all(
      of: path, overrides: overrides(), variations: variations, methods: methods ?? [method],
      seeds: seeds.map { (1...UInt64($0)).map(Optional.some) } ?? [seed])
  }

  /// The cells of these values and conditions, of each method and with the seeds 1 to `seeds`; without
  /// these, with the scenario's own.
  ///
  /// What is `extra` to a method is among the values of its cells alone.
  public func cells(
    at path: String, methods: [String]? = nil, seeds: Int? = nil,
    settings: [(values: [Override], conditions: [Override])], extra: [String: [Override]] = [:]
  ) throws(ScenarioProblems) -> [SweepCell] {
    let seeds = seeds.map { (1...UInt64($0)).map(Optional.some) } ?? [seed]
    let methods: [String?] = methods ?? [method]
    return try SweepCell.all(
      of: path, overrides: overrides(),
      settings: methods.flatMap { method in
        settings.flatMap { values, conditions in
          let own = method.flatMap { extra[$0] } ?? []
          return seeds.map { (method, values + own, conditions, $0) }
        }
      })
  }

  /// The names of the methods that the scenario in the file `path` declares.
  public func methods(at path: String) throws(ScenarioProblems) -> [String] {
    try Scenario.methods(path: path, overrides: overrides())
  }

  private func overrides() throws(ScenarioProblems) -> [Override] {
    try settings.map { text throws(ScenarioProblems) in try Override(text) }
  }
}

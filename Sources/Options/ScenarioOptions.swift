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

  /// Whether anything is to be changed.
  public var isEmpty: Bool { seed == nil && settings.isEmpty }

  /// Nothing asked for; the argument parser fills it in.
  public init() {}

  /// The scenario in the file `path`, with the settings replaced.
  public func scenario(at path: String) throws(ScenarioProblems) -> Scenario {
    try Scenario.read(path: path, overrides: overrides(), seed: seed)
  }

  /// The scenario in the text `yaml`, with the settings replaced; `file` is its name in messages.
  public func scenario(in yaml: String, file: String) throws(ScenarioProblems) -> Scenario {
    try Scenario.read(yaml, file: file, overrides: overrides(), seed: seed)
  }

  private func overrides() throws(ScenarioProblems) -> [Override] {
    try settings.map { text throws(ScenarioProblems) in try Override(text) }
  }
}

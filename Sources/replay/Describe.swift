import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// `replay describe`: says what makes a scenario's hospitals differ, and how far they do.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a scenario: its rules in words and formulas, its hospitals in counts.",
    discussion: """
      It reads the patients of all hospitals in this one process, which no federation does: use it \
      where the scenario is simulated. Counts of patients and of outcomes are printed, for each \
      hospital or, of more than 24, as a summary; with the Jensen-Shannon distances between \
      hospitals and the effective sample size.
      """)

  @Argument(help: "The scenario to describe. Default: the one that comes with the program.")
  var scenario: String?

  @Option(help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @Option(help: ArgumentHelp("The round whose patients are counted.", valueName: "round"))
  var round = 1

  @OptionGroup var changes: ScenarioOptions

  @Flag(help: "Print JSON on standard output, and nothing else.")
  var json = false

  func validate() throws {
    if round < 0 { throw ValidationError("--round is \(round); accepted is 0 or more.") }
  }

  func run() throws {
    try reporting {
      let methods = try selection()?.methods.map(\.scenario) ?? [plan()]
      let rounds = methods[0].federation.rounds
      guard round <= rounds else {
        throw ValidationError("--round is \(round); accepted is 0 to \(rounds), the last round.")
      }
      let census = try Census(of: Experiment(methods[0]), in: round, data: data)
      let portrait = ScenarioPortrait(of: methods[0], census: census, methods: methods)
      try StandardStream.output.print(json ? portrait.json : portrait.text(for: .output))
      return .success
    }
  }

  private func selection() throws(ScenarioProblems) -> Selection? {
    guard let scenario else {
      return try changes.selection(in: Scenario.bundledDefault, file: "the bundled default")
    }
    return try changes.selection(at: scenario)
  }

  private func plan() throws(ScenarioProblems) -> Scenario {
    guard let scenario else {
      return try changes.scenario(in: Scenario.bundledDefault, file: "the bundled default")
    }
    return try changes.scenario(at: scenario)
  }
}

import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// `replay play`: plays a scenario with one of the engines.
struct Play: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a scenario (the default: the word play may be left out).")

  /// What hospitals run in.
  enum Engine: String, CaseIterable, ExpressibleByArgument {
    case processes, simulated
  }

  @Argument(
    help: "The scenario to play. Default: a small synthetic one that comes with the program.")
  var scenario: String?

  @Option(help: "Real processes over ZeroMQ, or one process and a virtual clock.")
  var engine = Engine.processes

  @Option(
    help: ArgumentHelp(
      "Node processes that share the hospitals. Default: one a hospital, 16 at most.",
      valueName: "count"))
  var processes: Int?

  @Option(help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @OptionGroup var changes: ScenarioOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: .hidden) var lifeline = false

  func validate() throws {
    if output.resume != nil && (scenario != nil || !changes.isEmpty) {
      throw ValidationError(
        "--resume brings its own scenario: leave the scenario, --seed and --set out.")
    }
    if let processes, processes < 1 {
      throw ValidationError("--processes is \(processes); accepted is 1 or more.")
    }
  }

  func run() async throws {
    try await reporting {
      let signals = StopSignals()
      if lifeline { Lifeline.hold() }
      if let selection = try selection() {
        return try await SelectionEngine(
          selection: selection, engine: engine, processes: processes, data: data, output: output
        ).play(stoppedBy: signals)
      }
      let earlier = try output.resume.map { path in try RunDirectory(resuming: path) }
      let run = SingleRun(
        plan: try earlier?.scenario() ?? plan(), engine: engine, processes: processes, data: data,
        output: output)
      try run.check()
      if signals.isRaised { return .interrupted }
      return try await run.play(goingOnIn: earlier, stoppedBy: signals)
    }
  }

  /// What hospitals are to choose among, where the scenario or the directory to go on with asks for that.
  private func selection() throws -> Selection? {
    if let path = output.resume { return try SelectionDirectory.selection(in: path) }
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

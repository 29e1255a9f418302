import ArgumentParser
import Federation
import Options
import Reports
import Scenarios
import Transports
import ZeroMQTransport

@main
struct Coordinator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordinator",
    abstract:
      "Lead a federation of hospitals: bind an endpoint, wait for their nodes, lead the rounds.",
    discussion: """
      No patient's record reaches the coordinator: nodes send meta-gradients and sums.

      With --parent it is a region: it stands below another coordinator, adds up exactly what its \
      hospitals answer, and answers for them in one. It keeps no journal; the results are the same \
      to the last bit.

      EXAMPLES
        coordinator --scenario Scenarios/heart-disease.yaml --bind tcp://127.0.0.1:5555
        coordinator --scenario Scenarios/default.yaml --bind ipc://hub.socket --json
        coordinator --resume runs/first --bind ipc://hub.socket
        coordinator --scenario Scenarios/default.yaml --bind ipc://north.socket \\
          --parent ipc://hub.socket --hospital h1..h4

      EXIT STATUS
      \(ExitStatus.table)
      """)

  @Option(help: ArgumentHelp("The scenario to run.", valueName: "file"))
  var scenario: String?

  @Option(
    help: ArgumentHelp(
      "Where nodes connect to: tcp://host:port or ipc://path.", valueName: "endpoint"))
  var bind: String

  @Option(
    help: ArgumentHelp(
      "For a region: where the coordinator above it is, tcp://host:port or ipc://path.",
      valueName: "endpoint"))
  var parent: String?

  @OptionGroup var hospitals: HospitalOptions
  @OptionGroup var changes: ScenarioOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: .hidden) var lifeline = false
  @Option(help: .hidden) var cues: String?
  /// The directory of a run whose hospitals answer again what they answered in it.
  @Option(help: .hidden) var attendance: String?

  func validate() throws {
    try validateRegion()
    switch (scenario, output.resume) {
    case (nil, nil):
      throw ValidationError("there is nothing to run: name a --scenario, or a run to --resume.")
    case (_?, _?):
      throw ValidationError("--resume brings its own scenario: leave --scenario out.")
    case (nil, _?) where !changes.isEmpty:
      throw ValidationError("a run goes on as it began: leave --seed and --set out.")
    default: break
    }
  }

  func run() throws {
    try reporting {
      // First of all, so that a signal at any time ends the run as it should.
      let interrupt = try Interrupt()
      try interrupt.listen()
      if lifeline { Lifeline.hold() }
      let earlier = try output.resume.map { path in try RunDirectory(resuming: path) }
      let experiment = Experiment(try plan(of: earlier), isRetold: attendance != nil)
      try experiment.scenario.checkLocality()
      makeRoomForNodes(of: experiment.scenario)
      if let parent { return try region(of: experiment, below: parent, interrupt) }
      let unfinished = try earlier.map { try runToGoOnWith(in: $0, of: experiment, interrupt) }
      let hub = try ZeroMQHub(bind: bind, limits: experiment.limits, interrupt: interrupt)
      if output.form == .full { StandardStream.error.write("listening at \(hub.endpoint)\n") }
      let report = try RunReport(
        of: experiment.scenario,
        in: earlier ?? RunDirectory(path: output.run, for: experiment.scenario),
        tensors: TensorShape.all(of: experiment.layout), form: output.form,
        resuming: unfinished)
      let ending = try lead(
        experiment, over: hub, observer: report, resuming: unfinished?.checkpoint,
        attendance: try whoAnswers(), stagehand: stagehand(of: experiment))
      try report.conclude()
      return ExitStatus(of: ending)
    }
  }

  /// Who answered what in the run that is played again, if one is.
  private func whoAnswers() throws -> Attendance? {
    guard let attendance else { return nil }
    return try RecordedRun(path: attendance).attendance
  }

  /// The run to go on with; where it is over, nodes that have not heard of that are told.
  private func runToGoOnWith(
    in directory: RunDirectory, of experiment: Experiment, _ interrupt: Interrupt
  ) throws -> UnfinishedRun {
    do throws(RunFilesError) {
      return try UnfinishedRun(in: directory, of: experiment)
    } catch {
      if let code = error.farewell {
        let hub = try ZeroMQHub(bind: bind, limits: experiment.limits, interrupt: interrupt)
        try seeOffNodes(of: experiment, over: hub, code: code)
      }
      throw error
    }
  }

  /// Makes room for the connection of a node for each hospital.
  ///
  /// Fewer may do, as a node can serve many hospitals: where there is not so much room, that is said
  /// and not more.
  private func makeRoomForNodes(of plan: Scenario) {
    let hospitals = plan.cohorts.hospitals.count
    guard let shortage = OpenFiles.makeRoom(for: hospitals + 64) else { return }
    StandardStream.error.write(
      "note: with a node for each of \(hospitals) hospitals \(shortage), or have nodes serve several"
        + " hospitals; nodes beyond the limit wait for others to leave\n")
  }

  /// The scenario of the run to go on with, or the one that was named.
  private func plan(of earlier: RunDirectory?) throws -> Scenario {
    if let earlier { return try earlier.scenario() }
    return try changes.scenario(at: scenario ?? "")
  }

  /// Whoever acts out the timeline: the program that started this one, if it offers to.
  private func stagehand(of experiment: Experiment) -> (any Stagehand)? {
    guard !experiment.timeline.cues.isEmpty else { return nil }
    if let cues { return CuedStage(path: cues, within: experiment.scenario.federation.assembly) }
    let count = experiment.timeline.cues.count
    StandardStream.error.write(
      "the timeline has \(count == 1 ? "a cue" : "\(count) cues") that only replay acts out: rounds"
        + " go on without\n")
    return nil
  }
}

/// Has cues acted out by the program that started this one.
private final class CuedStage: Stagehand {
  private let line: CueAsker
  private let seconds: Double

  init?(path: String, within seconds: Double) {
    guard let line = CueAsker(path: path) else { return nil }
    self.line = line
    self.seconds = seconds
  }

  func act(_ cue: Cue) -> Bool { line.ask(cue.number, within: seconds) }
}

extension RunFilesError {
  /// What nodes of a run that is over are told; `nil` where it is not.
  fileprivate var farewell: Farewell.Code? {
    switch self {
    case .notResumable(_, .finished): .finished
    case .notResumable(_, .diverged): .failed
    default: nil
    }
  }
}

// MARK: A region

extension Coordinator {
  private func validateRegion() throws {
    guard parent != nil else {
      if hospitals.names.isEmpty { return }
      throw ValidationError(
        "--hospital is for a region, which stands below another coordinator: name that with --parent."
      )
    }
    if output.run != nil || output.resume != nil || output.json {
      throw ValidationError(
        "a region keeps no journal and has no results: leave out --run, --resume and --json.")
    }
  }

  private func region(
    of experiment: Experiment, below parent: String, _ interrupt: Interrupt
  ) throws -> ExitStatus {
    let served = try hospitals.served(of: experiment.scenario)
    let junction = try ZeroMQJunction(
      bind: bind, parent: parent, limits: experiment.limits, interrupt: interrupt)
    if !output.quiet {
      StandardStream.error.write(
        "listening at \(junction.endpoint)\n"
          + "a region of \(served.count) hospitals below the coordinator at \(parent)\n")
    }
    let ending = try serveRegion(
      of: served, in: experiment, over: junction, observer: RegionNotices(quiet: output.quiet))
    if let sentence = ending.complaint(of: "region", besideCoordinator: lifeline) {
      StandardStream.error.write("error: \(sentence)\n")
    }
    return ExitStatus(of: ending)
  }
}

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

  /// What `time` of a scenario asks of an engine, and what an engine leaves aside of it.
  private func checkTime(of plan: Scenario) throws {
    guard plan.time != nil else { return }
    if engine == .simulated, processes != nil {
      throw ValidationError(
        "--processes with a scenario that has a time: every hospital has a node, a link and a speed of"
          + " its own there; leave --processes out.")
    }
    guard engine == .processes, !output.quiet, !output.json else { return }
    Notice.write("real processes keep real time: the scenario's time acts with --engine simulated")
  }

  func run() async throws {
    try await reporting {
      let signals = StopSignals()
      if lifeline { Lifeline.hold() }
      let earlier = try output.resume.map { path in try RunDirectory(resuming: path) }
      let plan = try earlier?.scenario() ?? plan()
      try checkTime(of: plan)
      if engine == .processes { try plan.checkLocality() }
      try checkData(of: plan)
      if signals.isRaised { return .interrupted }
      defer { noteUsage() }
      switch engine {
      case .processes:
        // What is wrong with the run is said before anything is started; the coordinator locks it.
        let position = try earlier.flatMap {
          try UnfinishedRun(in: $0, of: Experiment(plan)).checkpoint?.position
        }
        return try await ProcessEngine(plan, processes: processes, data: data, output: output)
          .play(from: position ?? .init(), stoppedBy: signals)
      case .simulated: return try simulate(plan, goingOnIn: earlier, stoppedBy: signals)
      }
    }
  }

  /// Writes down what the run took of the machine, where the directory is one that was named.
  private func noteUsage() {
    // It is not worth the run.
    if let directory = output.run ?? output.resume { try? RunUsage.now.write(in: directory) }
  }

  private func plan() throws(ScenarioProblems) -> Scenario {
    guard let scenario else {
      return try changes.scenario(in: Scenario.bundledDefault, file: "the bundled default")
    }
    return try changes.scenario(at: scenario)
  }

  /// Reads the data of all hospitals, before anything is made or started that needs it.
  private func checkData(of plan: Scenario) throws {
    _ = try HospitalWorker(Experiment(plan), hospitals: plan.cohorts.hospitals, data: data)
  }

  private func simulate(
    _ plan: Scenario, goingOnIn earlier: RunDirectory?, stoppedBy signals: StopSignals
  ) throws -> ExitStatus {
    let experiment = Experiment(plan)
    let unfinished = try earlier.map { try UnfinishedRun(in: $0, of: experiment) }
    let directory = try earlier ?? RunDirectory(path: output.run, for: plan)
    let report = try RunReport(
      of: plan, in: directory, tensors: TensorShape.all(of: experiment.layout), form: output.form,
      resuming: unfinished)
    let ending = try Federation.simulate(
      experiment, data: data, processes: processes, observer: report,
      resuming: unfinished?.checkpoint,
      keeper: MemoryFiles(at: directory.file(RunDirectory.memory), isLasting: false),
      timekeeper: report,
      isInterrupted: { signals.isRaised })
    try report.conclude()
    return ExitStatus(of: ending)
  }
}

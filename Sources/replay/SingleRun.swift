import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// One run of one scenario in one of the engines, from its beginning or from where it was left.
struct SingleRun {
  let plan: Scenario
  let engine: Play.Engine
  let processes: Int?
  let data: String?
  let output: OutputOptions
  /// Whether it is one of several, whose results are told together.
  var isPart = false

  /// Refuses what the engine cannot do, and says what it leaves aside.
  func check() throws {
    try checkTime()
    if engine == .processes { try plan.checkLocality() }
    // What needs data is found out before anything is made or started.
    _ = try HospitalWorker(Experiment(plan), hospitals: plan.cohorts.hospitals, data: data)
  }

  /// What `time` of a scenario asks of an engine, and what an engine leaves aside of it.
  private func checkTime() throws {
    guard plan.time != nil else { return }
    if engine == .simulated, processes != nil {
      throw ValidationError(
        "--processes with a scenario that has a time: every hospital has a node, a link and a speed of"
          + " its own there; leave --processes out.")
    }
    guard engine == .processes, !output.quiet, !output.json else { return }
    Notice.write("real processes keep real time: the scenario's time acts with --engine simulated")
  }

  /// Plays it, and writes down what that took of the machine where the directory is one that was named.
  func play(
    goingOnIn earlier: RunDirectory?, stoppedBy signals: StopSignals
  ) async throws -> ExitStatus {
    let start = isPart ? RunUsage.now : .none
    defer { note(usage: start) }
    switch engine {
    case .processes:
      // What is wrong with the run is said before anything is started; the coordinator locks it.
      let position = try earlier.flatMap {
        try UnfinishedRun(in: $0, of: Experiment(plan)).checkpoint?.position
      }
      return try await ProcessEngine(
        plan, processes: processes, data: data, output: output, isSilent: isPart
      ).play(from: position ?? .init(), stoppedBy: signals)
    case .simulated: return try simulate(goingOnIn: earlier, stoppedBy: signals)
    }
  }

  /// Writes down what was taken of the machine, since others had their part of it.
  private func note(usage start: RunUsage) {
    // It is not worth the run.
    if let path = output.run ?? output.resume { try? RunUsage.since(start).write(in: path) }
  }

  private func simulate(
    goingOnIn earlier: RunDirectory?, stoppedBy signals: StopSignals
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
    if !isPart { try report.conclude() }
    return ExitStatus(of: ending)
  }
}

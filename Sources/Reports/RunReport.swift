public import Federation
public import Scenarios

/// Everything that is told of one run: its files, its progress, and what is printed in the end.
public final class RunReport: RunObserver, Timekeeper {
  /// What is printed.
  public enum Form: Sendable {
    /// Progress, the table, the closing sentence and where the run's files are.
    case full
    /// The closing sentence.
    case quiet
    /// The text of `results.json`, and nothing else.
    case json
  }

  private let directory: RunDirectory
  private let form: Form
  private let recorder: RunRecorder
  private let progress: Progress
  private var results: RunResults
  private var timings: OutputFile?
  private var timing: RunTiming?

  /// Starts the files of a run of `scenario` in `directory`, for meta-parameters of these tensors,
  /// or goes on with those of `run`.
  public init(
    of scenario: Scenario, in directory: RunDirectory, tensors: [TensorShape], form: Form,
    resuming run: UnfinishedRun? = nil
  ) throws(RunFilesError) {
    self.directory = directory
    self.form = form
    recorder = try RunRecorder(directory, of: scenario, tensors: tensors, resuming: run)
    progress = Progress(style: form == .full ? .fitting(.error) : .silent)
    results = RunResults(
      of: scenario, evaluation: run?.evaluation, traffic: run?.traffic ?? Traffic(),
      late: run?.late)
  }

  /// Writes down and shows what happened.
  public func observe(_ event: RunEvent) throws(RunFilesError) {
    results.note(event)
    // What is shown has been kept.
    try recorder.observe(event)
    progress.observe(event)
  }

  /// Writes down when a question was over on the virtual clock.
  public func note(_ timing: PhaseTiming) throws(RunFilesError) {
    try write(TimingLog.line(of: timing))
  }

  /// Writes down what the whole run took on the virtual clock.
  public func conclude(_ timing: RunTiming) throws(RunFilesError) {
    self.timing = timing
    for line in TimingLog.lines(of: timing) { try write(line) }
  }

  private func write(_ line: String) throws(RunFilesError) {
    if timings == nil { timings = try OutputFile(extending: directory.file("timing.jsonl")) }
    try timings?.write(Array((line + "\n").utf8))
  }

  /// Replaces `meta.safetensors` by these meta-parameters, learnt in `round` rounds.
  public func save(_ parameters: [Float], round: Int) throws(RunFilesError) {
    try recorder.save(parameters, round: round)
  }

  /// Prints what the run came to on standard output; where its files are, and why a run did not
  /// finish, goes to standard error.
  ///
  /// - Throws: ``RunFilesError/notPrinted(kept:code:)`` where standard output did not take it all.
  public func conclude() throws(RunFilesError) {
    if form == .full {
      let memory = PeakMemory.sentence.map { $0 + "\n" } ?? ""
      StandardStream.error.write(memory + "kept in \(directory.path)\n")
    }
    if let complaint = results.complaint(keptIn: directory) {
      StandardStream.error.write("error: \(complaint)\n")
    }
    try StandardStream.output.print(text, kept: directory.file("results.json"))
  }

  private var text: String {
    switch form {
    case .full:
      (results.table.map { "\n" + $0 + "\n" } ?? "") + results.conclusion + "\n"
        + (results.lateness.map { $0 + "\n" } ?? "")
        + (results.correspondence.map { $0 + "\n" } ?? "")
        + (timing.map { TimingSummary(timing: $0).text + "\n" } ?? "")
    case .quiet: results.conclusion + "\n"
    case .json: results.json
    }
  }
}

public import Federation
public import Scenarios

/// Keeps what a run leaves behind: the files of its ``RunDirectory``, as its events come.
///
/// Each line of the journal is handed to the system, whole, before ``observe(_:)`` returns, and before it
/// the checkpoint that it belongs to, which holds the line as well: the death of the program at any
/// instant loses none, and ``UnfinishedRun`` says how a run goes on. The disk is waited for at the start, at an evaluation, at
/// the end, before `meta.safetensors` is replaced, and else at most once in
/// ``synchronisationInterval``: a loss of power can cost the rounds since. `meta.safetensors` and
/// `results.json` are written beside and renamed, so that a reader never sees half of one.
public final class RunRecorder: RunObserver {
  /// The lines of `events.log` after which nothing but the end is written to it: a stranger must not
  /// fill the disk.
  public static let eventLimit = 10_000
  /// The least time between two rounds after which the disk is waited for.
  public static let synchronisationInterval = Duration.seconds(1)

  private let directory: RunDirectory
  private let tensors: [TensorShape]
  private let journal: JournalFile
  private let checkpoints: CheckpointFiles
  /// The checkpoint of the line to come.
  private var checkpoint: Coordinator.Checkpoint?
  private let eventLog: OutputFile
  private var events = 0
  private var results: RunResults
  private var digest = ""
  private let clock: () -> ContinuousClock.Instant
  private var synchronised: ContinuousClock.Instant
  /// Whether the journal that is gone on with had lost lines.
  private let lacksLines: Bool

  /// Opens the files of `directory` for a run whose meta-parameters are these tensors, in order, or
  /// those of `run`; `clock` tells when the disk has to be waited for.
  public init(
    _ directory: RunDirectory, of scenario: Scenario, tensors: [TensorShape],
    resuming run: UnfinishedRun? = nil,
    clock: @escaping () -> ContinuousClock.Instant = { .now }
  ) throws(RunFilesError) {
    self.directory = directory
    self.tensors = tensors
    self.clock = clock
    synchronised = clock()
    checkpoints = try CheckpointFiles(
      in: directory, latest: run?.kept?.file, number: run?.number ?? 0)
    journal =
      if let run { try run.journal(in: directory) } else {
        try JournalFile(creating: directory.file("journal.jsonl"))
      }
    eventLog = try OutputFile(extending: directory.file("events.log"))
    events = try InputFile(eventLog.path)?.lineCount() ?? 0
    results = RunResults(
      of: scenario, evaluation: run?.evaluation, traffic: run?.traffic ?? Traffic(),
      late: run?.late)
    lacksLines = run?.lacksLines ?? false
    try OutputFile.synchronise(directory: directory.path)
    try synchronise()
  }

  /// Writes down what happened.
  ///
  /// The line of the journal comes last: it says what is kept, not what will be.
  public func observe(_ event: RunEvent) throws(RunFilesError) {
    results.note(event)
    switch event {
    case .started(let start): digest = start.scenarioDigest
    case .resumed(let start, let round): try noteResumption(of: start, after: round)
    case .checkpoint(let checkpoint): self.checkpoint = checkpoint
    case .presence(let presence): try log(presence.sentence)
    case .ignored(let what): try log("ignored: \(what)")
    case .staged(let what): try log("timeline: \(what)")
    case .roundClosed: break
    case .evaluated(let evaluation): try keep(evaluation)
    case .ended(let ending): try keep(ending)
    }
    guard let line = Journal.line(of: event, in: results.scenario) else { return }
    try append(line)
    try synchronise(after: event)
    if case .ended(let ending) = event, !ending.outcome.isResumable { removeCheckpoints() }
  }

  /// Replaces `meta.safetensors` by these meta-parameters, learnt in `round` rounds.
  public func save(_ parameters: [Float], round: Int) throws(RunFilesError) {
    // Meta-parameters on disk never stand for rounds that the journal on disk does not know.
    try journal.synchronise()
    let file = MetaParameters(
      parameters, tensors: tensors, of: results.scenario, scenarioDigest: digest, round: round)
    try OutputFile.replace(directory.file("meta.safetensors"), with: file.safetensors)
  }

  private func append(_ text: String) throws(RunFilesError) {
    let line = Array((text + "\n").utf8)
    if let checkpoint { try checkpoints.keep(checkpoint, line: line, after: journal.extent) }
    // It holds on to the arrays of the coordinator, which would be copied before they change.
    checkpoint = nil
    try journal.append(line)
  }

  /// Waits for the disk, unless a round has closed only just after the last time.
  private func synchronise(after event: RunEvent) throws(RunFilesError) {
    let now = clock()
    if case .roundClosed = event, now - synchronised < Self.synchronisationInterval { return }
    try synchronise()
    synchronised = now
  }

  /// Waits for the disk; the journal comes first, since a checkpoint is of use only where the
  /// journal has the lines before it.
  private func synchronise() throws(RunFilesError) {
    try journal.synchronise()
    try checkpoints.synchronise()
  }

  private func noteResumption(of start: RunStart, after round: Int) throws(RunFilesError) {
    digest = start.scenarioDigest
    try log(
      "the run goes on after round \(round)"
        + (lacksLines ? ": the journal lacks lines of later ones, as after a loss of power" : ""))
  }

  private func log(_ sentence: String) throws(RunFilesError) {
    events += 1
    guard events <= Self.eventLimit else { return }
    try write(events < Self.eventLimit ? sentence : "more than this is not written down")
  }

  private func write(_ sentence: String) throws(RunFilesError) {
    try eventLog.write(Array("\(WallClock.now().text) \(sentence)\n".utf8))
  }

  private func saveResults() throws(RunFilesError) {
    try OutputFile.replace(directory.file("results.json"), with: Array(results.json.utf8))
  }

  private func keep(_ evaluation: Evaluation) throws(RunFilesError) {
    // The last one is made again where the run does not live to its end.
    if !evaluation.final { try EvaluationFile.write(evaluation, in: directory) }
    try saveResults()
  }

  private func removeCheckpoints() {
    checkpoints.remove()
    EvaluationFile.remove(in: directory)
  }

  private func keep(_ ending: Ending) throws(RunFilesError) {
    try write("\(ending.outcome.rawValue) after round \(ending.round): \(ending.reason)")
    if let memory = PeakMemory.sentence { try write(memory) }
    // A run that ended before there were meta-parameters has none to keep.
    if !ending.parameters.isEmpty { try save(ending.parameters, round: ending.round) }
    try saveResults()
  }
}

extension Ending.Outcome {
  /// Whether another coordinator may go on with the run.
  fileprivate var isResumable: Bool {
    switch self {
    case .interrupted, .quorumLost: true
    case .finished, .diverged: false
    }
  }
}

extension Presence {
  /// What changed, in a sentence without a full stop.
  var sentence: String {
    switch change {
    case .joined: "\(hospital) has joined"
    case .lost: "round \(round): \(hospital) is lost; rounds go on without waiting for it"
    case .returned: "round \(round): \(hospital) is back"
    case .left: "round \(round): \(hospital) has left"
    }
  }
}

public import Federation
public import Scenarios

/// Keeps what a run leaves behind: the files of its ``RunDirectory``, as its events come.
///
/// Each line of the journal is handed to the system, whole, before ``observe(_:)`` returns: the death of
/// the program at any instant loses none. The disk is waited for at the start, at an evaluation, at
/// the end, before `meta.safetensors` is replaced, and else at most once in
/// ``synchronisationInterval``: a loss of power can cost the rounds since. `meta.safetensors` and
/// `results.json` are written beside and renamed, so that a reader never sees half of one.
public final class RunRecorder: RunObserver {
  /// The lines of `events.log` after which it is closed: a stranger must not fill the disk.
  public static let eventLimit = 10_000
  /// The least time between two rounds after which the disk is waited for.
  public static let synchronisationInterval = Duration.seconds(1)

  private let directory: RunDirectory
  private let tensors: [TensorShape]
  private let journal: OutputFile
  private let eventLog: OutputFile
  private var events = 0
  private var results: RunResults
  private var digest = ""
  private var synchronised = ContinuousClock.now

  /// Opens the files of `directory` for a run whose meta-parameters are these tensors, in order.
  public init(
    _ directory: RunDirectory, of scenario: Scenario, tensors: [TensorShape]
  ) throws(RunFilesError) {
    self.directory = directory
    self.tensors = tensors
    journal = try OutputFile(creating: directory.file("journal.jsonl"))
    eventLog = try OutputFile(creating: directory.file("events.log"))
    results = RunResults(of: scenario)
    try OutputFile.synchronise(directory: directory.path)
  }

  /// Writes down what happened.
  public func observe(_ event: RunEvent) throws(RunFilesError) {
    results.note(event)
    if let line = Journal.line(of: event, in: results.scenario) {
      try append(line)
      try synchronise(after: event)
    }
    switch event {
    case .started(let start): digest = start.scenarioDigest
    case .presence(let presence): try log(presence.sentence)
    case .ignored(let what): try log("ignored: \(what)")
    case .roundClosed: break
    case .evaluated: try saveResults()
    case .ended(let ending): try close(ending)
    }
  }

  /// Replaces `meta.safetensors` by these meta-parameters, learnt in `round` rounds.
  public func save(_ parameters: [Float], round: Int) throws(RunFilesError) {
    // Meta-parameters on disk never stand for rounds that the journal on disk does not know.
    try journal.synchronise()
    let scenario = results.scenario
    let file = MetaParameters(
      parameters, tensors: tensors,
      metadata: [
        ("scenario", scenario.name), ("scenarioDigest", digest), ("seed", String(scenario.seed)),
        ("round", String(round)),
      ])
    try OutputFile.replace(directory.file("meta.safetensors"), with: file.safetensors)
  }

  private func append(_ line: String) throws(RunFilesError) {
    try journal.write(Array((line + "\n").utf8))
  }

  /// Waits for the disk, unless a round has closed only just after the last time.
  private func synchronise(after event: RunEvent) throws(RunFilesError) {
    let now = ContinuousClock.now
    if case .roundClosed = event, now - synchronised < Self.synchronisationInterval { return }
    try journal.synchronise()
    synchronised = now
  }

  private func log(_ sentence: String) throws(RunFilesError) {
    events += 1
    guard events <= Self.eventLimit else { return }
    let text = events < Self.eventLimit ? sentence : "more than this is not written down"
    try eventLog.write(Array("\(WallClock.now().text) \(text)\n".utf8))
  }

  private func saveResults() throws(RunFilesError) {
    try OutputFile.replace(directory.file("results.json"), with: Array(results.json.utf8))
  }

  private func close(_ ending: Ending) throws(RunFilesError) {
    try log("\(ending.outcome.rawValue) after round \(ending.round): \(ending.reason)")
    // A run that ended before there were meta-parameters has none to keep.
    if !ending.parameters.isEmpty { try save(ending.parameters, round: ending.round) }
    try saveResults()
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

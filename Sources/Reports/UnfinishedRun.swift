public import Federation

/// A run that was left before its end, as its directory tells of it: killed, interrupted, or
/// without its quorum.
///
/// While it is held nobody else can go on with it. Nothing in the directory is changed before a
/// ``RunRecorder`` takes it over.
///
/// A line of the journal that is committed stands in a checkpoint before it stands in the journal.
/// So the newest whole checkpoint is where the run goes on: its line is written if it is missing or
/// only begun, and what comes after it (an end by interruption, an evaluation whose run did not
/// live to its end, a round that lacked its quorum) is cut off, to be made again. After a loss of
/// power the newest checkpoint may know lines that the journal has lost: then it is the newest one
/// before them.
public struct UnfinishedRun {
  /// Where the run goes on; `nil` where nothing was committed, so that it begins.
  public let checkpoint: Coordinator.Checkpoint?
  /// The last evaluation that was made, if any.
  let evaluation: Evaluation?
  /// The checkpoint with the line that belongs to it, and the file that it is in.
  let kept: (file: Int, slot: CheckpointSlot)?
  /// The number of the newest checkpoint.
  let number: Int
  /// The journal, locked; `nil` where there is none.
  let journal: OutputFile?
  /// The journal after the lines before the one that belongs to the checkpoint.
  let tail: ArraySlice<UInt8>
  /// What training had sent up to the checkpoint.
  let traffic: Traffic
  /// The answers that were late up to the checkpoint; `nil` where they are not counted.
  let late: RoundRecord.Late?

  /// Reads what is left of a run of `experiment` in `directory`.
  ///
  /// - Throws: ``RunFilesError/notResumable(path:_:)`` where nobody can go on with it, and why.
  public init(in directory: RunDirectory, of experiment: Experiment) throws(RunFilesError) {
    journal = try Self.journal(in: directory)
    let slots = try CheckpointFiles.slots(in: directory)
    let survey = try JournalSurvey(of: directory, candidates: slots?.map(\.slot.extent) ?? [])
    if let obstacle = survey.obstacle(slots) {
      throw .notResumable(path: directory.path, obstacle)
    }
    kept = slots?.filter { survey.knows($0.slot.extent) }.max { $0.slot.number < $1.slot.number }
    number = slots?.map(\.slot.number).max() ?? 0
    do throws(Coordinator.Checkpoint.Unfit) {
      checkpoint = try kept.map { kept throws(Coordinator.Checkpoint.Unfit) in
        try Coordinator.Checkpoint(kept.slot.state, of: experiment)
      }
    } catch {
      throw .notResumable(
        path: directory.path, error == .anotherScenario ? .anotherScenario : .damaged)
    }
    tail = try Self.tail(of: directory, after: kept?.slot.extent.bytes ?? 0)
    let counted = try JournalTraffic(
      in: directory.file("journal.jsonl"), upTo: kept?.slot.extent.bytes ?? 0,
      and: kept?.slot.line ?? [], of: experiment)
    (traffic, late) = (counted.sent, counted.late)
    let evaluation = try EvaluationFile.read(in: directory, of: experiment)
    self.evaluation = evaluation.flatMap { [checkpoint] in
      $0.round <= checkpoint?.round ?? 0 ? $0 : nil
    }
  }

  private static func journal(in directory: RunDirectory) throws(RunFilesError) -> OutputFile? {
    let path = directory.file("journal.jsonl")
    guard try InputFile(path) != nil else { return nil }
    let file = try OutputFile(extending: path)
    try file.lock()
    return file
  }

  private static func tail(
    of directory: RunDirectory, after start: Int
  ) throws(RunFilesError) -> ArraySlice<UInt8> {
    try InputFile(directory.file("journal.jsonl"), from: start)?.rest()[...] ?? []
  }
}

extension UnfinishedRun {
  /// Whether there is a newer checkpoint than the one to go on from, of lines that the journal has lost.
  var lacksLines: Bool { kept.map { $0.slot.number < number } ?? false }

  /// The journal as it is to be gone on with: up to the line of the checkpoint.
  func journal(in directory: RunDirectory) throws(RunFilesError) -> JournalFile {
    guard let journal else {
      return try JournalFile(creating: directory.file("journal.jsonl"))
    }
    return try JournalFile(
      journal, of: tail, after: kept?.slot.extent ?? JournalExtent(), keeping: kept?.slot.line ?? []
    )
  }
}

/// What a journal is found to hold.
private struct JournalSurvey {
  private var known: Set<JournalExtent> = []
  private var lastLine: ArraySlice<UInt8> = []

  /// Reads the journal in `directory`, and notes which of `candidates` are beginnings of it.
  init(of directory: RunDirectory, candidates: [JournalExtent]) throws(RunFilesError) {
    var extent = JournalExtent()
    var known: Set<JournalExtent> = candidates.contains(extent) ? [extent] : []
    var last: ArraySlice<UInt8> = []
    try InputFile(directory.file("journal.jsonl"))?.eachLine { line in
      extent.take(Array(line))
      if candidates.contains(extent) { known.insert(extent) }
      last = line
    }
    (self.known, lastLine) = (known, last)
  }

  func knows(_ extent: JournalExtent) -> Bool { known.contains(extent) }

  /// Why nobody can go on from any of `slots`.
  func obstacle(_ slots: [(file: Int, slot: CheckpointSlot)]?) -> RunFilesError.Obstacle? {
    if lastLine.starts(with: Journal.end(.finished).utf8) { return .finished }
    if lastLine.starts(with: Journal.end(.diverged).utf8) { return .diverged }
    guard let slots else { return lastLine.isEmpty ? nil : .withoutCheckpoint }
    // Before the first line there is nothing that a checkpoint could have been lost of.
    guard !slots.isEmpty else { return lastLine.isEmpty ? nil : .damaged }
    return slots.contains { knows($0.slot.extent) } ? nil : .journalChanged
  }
}

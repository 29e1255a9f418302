import Glibc

/// A file of a run could not be made, written, read or gone on with, or what was asked for could not
/// be printed.
public enum RunFilesError: Error, Equatable, Sendable {
  /// The directory that was asked for holds something already.
  case directoryNotEmpty(path: String, found: String)
  /// The directory that was asked for, of the cells of a sweep, is that of a single run.
  case directoryOfRun(path: String, found: String)
  /// The operating system refused.
  case refused(action: String, path: String, code: Int32)
  /// Nobody can go on with the run in the directory.
  case notResumable(path: String, Obstacle)
  /// What should tell of a run cannot be read as such.
  case unreadable(path: String, found: String, accepted: String)
  /// Standard output did not take what was asked for; `kept` is the file that holds it as well.
  case notPrinted(kept: String?, code: Int32)
}

extension RunFilesError {
  /// Why nobody can go on with a run.
  public enum Obstacle: Equatable, Sendable {
    /// The directory is not that of a run, or there is none.
    case noRun
    /// A program is at work on it.
    case inUse
    /// It has finished.
    case finished
    /// Its meta-parameters ceased to be finite.
    case diverged
    /// The scenario in the directory is not the one that the run was begun with.
    case anotherScenario
    /// It has a journal and no checkpoint.
    case withoutCheckpoint
    /// None of its checkpoints is whole.
    case damaged
    /// Its journal does not hold the lines that its checkpoints come after.
    case journalChanged

    /// What was found, what is accepted, what to do.
    var description: String {
      switch self {
      case .noRun:
        "it holds no scenario.yaml; accepted is the directory that a run was begun in; check the"
          + " path, or begin a run with --run"
      case .inUse:
        "a program is at work on it; accepted is a run that nobody leads; end that program, or wait"
      case .finished:
        "the run has finished; accepted is one that was killed, interrupted or lost its quorum; see"
          + " its results.json"
      case .diverged:
        "the run has diverged, and would again; accepted is one that was killed, interrupted or lost"
          + " its quorum; begin another with lower rates"
      case .anotherScenario:
        "its checkpoints are of another scenario than its scenario.yaml; accepted is the scenario"
          + " that the run was begun with; put that file back"
      case .withoutCheckpoint:
        "it holds a journal and no checkpoint-1.bin to -3.bin; accepted is a run with both; put them"
          + " back, or begin another run"
      case .damaged:
        "none of its files checkpoint-1.bin to -3.bin is whole and of this version; accepted is one"
          + " at least; put them back, or begin another run"
      case .journalChanged:
        "its journal.jsonl does not hold the lines that its checkpoints come after; accepted is the"
          + " file as the run left it; put it back, or begin another run"
      }
    }
  }
}

extension RunFilesError: CustomStringConvertible {
  /// Which file, what was found, what is accepted and what to do.
  public var description: String {
    switch self {
    case .directoryNotEmpty(let path, let found):
      "run directory \(path): it holds \(found) already; accepted is a new or an empty directory;"
        + " choose another --run, or move the old run away"
    case .directoryOfRun(let path, let found):
      "directory of cells \(path): it holds \(found) of a single run; accepted is a new directory, or that of"
        + " an earlier sweep, comparison or tuning; choose another --run"
    case .notResumable(let path, let obstacle):
      "run directory \(path): cannot go on: \(obstacle.description)"
    case .refused(let action, let path, let code):
      "run files: cannot \(action) \(path): \(Self.message(of: code)); check that the directory"
        + " exists, may be written and has room, or choose another --run"
    case .unreadable(let path, let found, let accepted):
      "\(path): \(found); accepted is \(accepted)"
    case .notPrinted(let kept, let code):
      "standard output: the results could not be printed: \(Self.message(of: code)); accepted is a"
        + " terminal, a file with room or a pipe that is read to its end"
        + (kept.map { "; they are kept in \($0)" } ?? "")
    }
  }

  private static func message(of code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}

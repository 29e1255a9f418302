import Cohorts
import Glibc
public import Federation
import Scenarios
import Transports

/// The exit statuses of all three programs.
public enum ExitStatus: Int32, CaseIterable, Error, Sendable {
  /// The run is done, or the files are valid.
  case success = 0
  /// An error that has no status of its own.
  case failed = 1
  /// The scenario has problems.
  case scenarioInvalid = 2
  /// Too few hospitals answered for too long.
  case quorumLost = 3
  /// An endpoint could not be bound, connected to or used, or the coordinator has gone for good.
  case transportFailed = 4
  /// A hospital's data is missing or malformed.
  case dataUnavailable = 5
  /// The files of a run could not be written, read or gone on with, or the results not printed.
  case runFilesFailed = 6
  /// The coordinator refused the node, or ended the run.
  case refused = 7
  /// A program that `replay` started could not start, or died.
  case childFailed = 8
  /// The meta-parameters ceased to be finite.
  case diverged = 9
  /// A run is not what it was when played again, or two runs differ.
  case differs = 10
  /// The command line could not be understood; the argument parser gives it.
  case usage = 64
  /// Interrupted by a signal; as shells number it.
  case interrupted = 130

  /// What it means, in a few words.
  public var meaning: String {
    switch self {
    case .success: "the run is done, or the files are valid"
    case .failed: "anything that has no status of its own"
    case .scenarioInvalid: "the scenario has problems; all of them were printed"
    case .quorumLost: "too few hospitals answered for too long"
    case .transportFailed: "an endpoint could not be bound, connected to or used"
    case .dataUnavailable: "a hospital's data is missing or malformed"
    case .runFilesFailed:
      "the files of a run could not be written, read or gone on with, or the results not printed"
    case .refused: "the coordinator refused the node, or ended the run"
    case .childFailed: "a program that replay started could not start, or died"
    case .diverged: "the meta-parameters ceased to be finite; lower the rates"
    case .differs: "the run was another when played again, or the two runs differ"
    case .usage: "the command line could not be understood"
    case .interrupted: "interrupted; what was learnt until then is kept"
    }
  }

  /// All statuses and their meanings, a line each: for `--help` and for the README.
  public static var table: String {
    allCases.map { "\(String($0.rawValue).leading(5))  \($0.meaning)" }.joined(separator: "\n")
  }
}

// MARK: Where statuses come from

extension ExitStatus {
  /// The status of a run that ended in this way.
  public init(of ending: Ending) {
    switch ending.outcome {
    case .finished: self = .success
    case .interrupted: self = .interrupted
    case .quorumLost: self = .quorumLost
    case .diverged: self = .diverged
    }
  }

  /// The status of a node that ended in this way.
  public init(of ending: NodeEnding) {
    switch ending {
    case .finished: self = .success
    case .interrupted: self = .interrupted
    case .runFailed, .refused: self = .refused
    }
  }

  /// The status that tells of `error`: the only place where errors become statuses.
  public init(of error: any Error) {
    switch error {
    case let status as ExitStatus: self = status
    case is ChildProcessError: self = .childFailed
    case is ScenarioProblems: self = .scenarioInvalid
    case is TransportError: self = .transportFailed
    case is CohortError: self = .dataUnavailable
    case is RunFilesError: self = .runFilesFailed
    default: self = .failed
    }
  }

  /// Prints `error: …` on standard error for each line of an error that has words, and gives its
  /// status.
  public static func report(_ error: any Error) -> ExitStatus {
    if !(error is ExitStatus) {
      let lines = "\(error)".split(separator: "\n")
      StandardStream.error.write(lines.map { "error: \($0)\n" }.joined())
    }
    return ExitStatus(of: error)
  }

  /// Ends the process with this status, now and without any cleaning up.
  public func exitAtOnce() -> Never { _exit(rawValue) }
}

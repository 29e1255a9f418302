/// The processes of a run could not be started.
public enum ChildProcessError: Error, Equatable, Sendable {
  /// A program is not where it is looked for.
  case programMissing(path: String)
  /// No pipe to a child could be made.
  case noPipe(reason: String)
  /// The system does not let this process have the pipes to so many children.
  case tooManyChildren(Int, OpenFiles.Shortage)
}

extension ChildProcessError: CustomStringConvertible {
  /// Which program, what was found, what is accepted and what to do.
  public var description: String {
    switch self {
    case .programMissing(let path):
      "replay: there is no program \(path); coordinator and hospital-node must lie beside replay:"
        + " build all three (swift build), or use --engine simulated"
    case .noPipe(let reason):
      "replay: no pipe to a child process could be made (\(reason)); raise the limit of open files"
        + " (ulimit -n), or use --engine simulated"
    case .tooManyChildren(let count, let shortage):
      "replay: for \(count) child processes \(shortage), or have fewer processes share the hospitals"
        + " (--processes), or use --engine simulated"
    }
  }
}

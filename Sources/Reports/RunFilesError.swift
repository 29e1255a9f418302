import Glibc

/// A file of a run could not be made or written, or what was asked for could not be printed.
public enum RunFilesError: Error, Equatable, Sendable {
  /// The directory that was asked for holds something already.
  case directoryNotEmpty(path: String, found: String)
  /// The operating system refused.
  case refused(action: String, path: String, code: Int32)
  /// Standard output did not take what was asked for; `kept` is the file that holds it as well.
  case notPrinted(kept: String?, code: Int32)
}

extension RunFilesError: CustomStringConvertible {
  /// Which file, what was found, what is accepted and what to do.
  public var description: String {
    switch self {
    case .directoryNotEmpty(let path, let found):
      "run directory \(path): it holds \(found) already; accepted is a new or an empty directory;"
        + " choose another --run, or move the old run away"
    case .refused(let action, let path, let code):
      "run files: cannot \(action) \(path): \(Self.message(of: code)); check that the directory"
        + " exists, may be written and has room, or choose another --run"
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

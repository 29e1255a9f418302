import Glibc

/// How progress is shown.
public enum ProgressStyle: Equatable, Sendable {
  /// One line that is drawn again and again, with announcements above it.
  case live(colour: Bool)
  /// Lines: the first round, one about every tenth of the run, the last, and announcements.
  case plain
  /// Nothing.
  case silent

  /// Live on a terminal, in colour unless `NO_COLOR` is set (https://no-color.org); plain elsewhere.
  public static func fitting(_ stream: StandardStream) -> ProgressStyle {
    let colourless = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let dumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
    return stream.isTerminal && !dumb ? .live(colour: !colourless) : .plain
  }
}

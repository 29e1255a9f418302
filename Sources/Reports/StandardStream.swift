import Glibc

/// Standard output or standard error.
public enum StandardStream: Int32, Sendable {
  /// For what was asked for: the table, or JSON.
  case output = 1
  /// For everything else: progress and errors.
  case error = 2

  /// Lets a write to a pipe that nobody reads any longer fail, where it would end the program.
  ///
  /// A run is worth more than whoever watched it.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Writes the text; what cannot be written is dropped, as there is nowhere left to say so.
  public func write(_ text: String) { _ = failure(writing: text) }

  /// Writes a text that was asked for.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - kept: The file that holds it as well, where there is one.
  /// - Throws: ``RunFilesError/notPrinted(kept:code:)`` where not all of it could be written.
  public func print(_ text: String, kept: String? = nil) throws(RunFilesError) {
    if let code = failure(writing: text) { throw .notPrinted(kept: kept, code: code) }
  }

  /// Writes the text; gives the system's error number where not all of it could be written.
  private func failure(writing text: String) -> Int32? {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(rawValue, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno != EINTR { return errno }
      written += max(0, count)
    }
    return nil
  }

  /// Whether it goes to a terminal.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// The columns of the terminal that it goes to; 80 where it cannot be told.
  public var width: Int {
    var size = winsize()
    let known = unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0
    return known && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

import Glibc

/// A tie between a program and the one that started it, by a pipe on standard input.
public enum Lifeline {
  /// Makes the end of standard input, a pipe whose other end the starting program holds, arrive as
  /// `SIGTERM`: however that program dies, this one ends as if asked to.
  ///
  /// Linux sends the signal when the last writer of the pipe has gone. No thread waits for it.
  public static func hold() {
    guard fcntl(STDIN_FILENO, F_SETOWN, getpid()) == 0,
      fcntl(STDIN_FILENO, F_SETSIG, SIGTERM) == 0,
      fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_ASYNC) == 0
    else { return }
    // The other end may have gone before the signal was asked for. The whole process gets it, as from the
    // kernel: one that is sent to this thread alone waits for ever where threads have it blocked.
    var pipe = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&pipe, 1, 0) > 0 { kill(getpid(), SIGTERM) }
  }

  private static let F_SETSIG: CInt = 10
}

import Foundation

/// Waits for lines of a journal that another process writes, by the system's notices of change.
final class JournalWatch {
  /// How long a line may take on a machine that has much else to do.
  private static let patience: Int32 = 120_000

  private let path: String
  private let notices: Int32

  /// Watches the run in `directory`, which need not be there yet, but the directory above it.
  init(of directory: String) {
    path = directory + "/journal.jsonl"
    notices = inotify_init1(Int32(IN_CLOEXEC))
    watch(URL(filePath: directory).deletingLastPathComponent().path)
    watch(directory)
  }

  deinit { close(notices) }

  /// Returns once the journal has so many lines.
  func wait(forLines count: Int) throws {
    while lineCount < count {
      var notice = pollfd(fd: notices, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&notice, 1, Self.patience) > 0 else { throw Silence(lines: lineCount) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      _ = unsafe read(notices, &buffer, buffer.count)
      watch(URL(filePath: path).deletingLastPathComponent().path)
    }
  }

  /// The whole lines at present.
  var lineCount: Int {
    FileManager.default.contents(atPath: path)?.count { $0 == UInt8(ascii: "\n") } ?? 0
  }

  private func watch(_ directory: String) {
    _ = unsafe inotify_add_watch(
      notices, directory, UInt32(IN_MODIFY | IN_CREATE))
  }

  private struct Silence: Error {
    let lines: Int
  }
}

import Glibc

/// How a coordinator has cues acted out by the program that started it: two named pipes in a directory
/// that only the user can enter.
///
/// The coordinator writes the number of a cue on a line of its own to `PATH.cues`, and waits until the
/// same line comes back from `PATH.cued`. Nothing else is said.
public enum CueLine {
  /// The pipe that numbers of cues go through.
  static func cues(_ path: String) -> String { path + ".cues" }
  /// The pipe that they come back through.
  static func cued(_ path: String) -> String { path + ".cued" }
}

/// The coordinator's end of a ``CueLine``.
public final class CueAsker {
  private let requests: Int32
  private let replies: Int32
  private var received: [UInt8] = []

  /// Opens both pipes; `nil` where nobody has made them.
  public init?(path: String) {
    // Whoever acts holds both pipes open at both ends, so that opening does not wait.
    requests = unsafe open(CueLine.cues(path), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    replies = unsafe open(CueLine.cued(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard requests >= 0, replies >= 0 else { return nil }
  }

  deinit {
    close(requests)
    close(replies)
  }

  /// Asks for a cue to be acted out.
  ///
  /// - Returns: Whether the word came back within `seconds`; a signal ends the wait.
  public func ask(_ number: Int, within seconds: Double) -> Bool {
    let line = Array("\(number)\n".utf8)
    guard unsafe write(requests, line, line.count) == line.count else { return false }
    let end = ContinuousClock.now + .seconds(seconds)
    while let reply = nextLine(before: end) {
      if Int(reply) == number { return true }
    }
    return false
  }

  private func nextLine(before end: ContinuousClock.Instant) -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeSubrange(...end) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let left = (end - .now) / .milliseconds(1)
      guard left > 0, isReadable(within: left), receive() else { return nil }
    }
  }

  private func isReadable(within milliseconds: Double) -> Bool {
    var item = pollfd(fd: replies, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&item, 1, Int32(min(milliseconds.rounded(.up), 86_400_000))) == 1
  }

  private func receive() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(replies, &bytes, bytes.count)
    guard count > 0 else { return false }
    received += bytes.prefix(count)
    return true
  }
}

/// The end of a ``CueLine`` at which cues are acted out.
public final class CueTaker: Sendable {
  private let requests: Int32
  private let replies: Int32

  /// Makes both pipes and opens them; `nil` where the system does not allow it.
  public init?(path: String) {
    guard unsafe mkfifo(CueLine.cues(path), 0o600) == 0,
      unsafe mkfifo(CueLine.cued(path), 0o600) == 0
    else { return nil }
    // Open for both ways, a pipe waits for nobody, and does not end with the coordinator.
    requests = unsafe open(CueLine.cues(path), O_RDWR | O_CLOEXEC)
    replies = unsafe open(CueLine.cued(path), O_RDWR | O_CLOEXEC)
    guard requests >= 0, replies >= 0 else { return nil }
  }

  deinit {
    close(requests)
    close(replies)
  }

  /// The number of the next cue, waited for without end; `nil` after ``end()``.
  ///
  /// To be called on a thread of its own.
  public func next() -> Int? {
    var digits: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe read(requests, &byte, 1) == 1 {
      if byte != UInt8(ascii: "\n") {
        digits.append(byte)
      } else if let number = Int(String(decoding: digits, as: UTF8.self)) {
        return number
      } else {
        return nil
      }
    }
    return nil
  }

  /// Says that the cue of this number has been acted out.
  public func reply(_ number: Int) {
    let line = Array("\(number)\n".utf8)
    _ = unsafe write(replies, line, line.count)
  }

  /// Has ``next()`` return `nil`.
  public func end() {
    var byte = UInt8(ascii: "\n")
    _ = unsafe write(requests, &byte, 1)
  }
}

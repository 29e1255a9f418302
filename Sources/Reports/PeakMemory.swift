/// The most memory that this program has had at once, as the system counts it.
///
/// It depends on the machine and on what ran, so it stands in no file that two runs are compared by.
enum PeakMemory {
  /// What a person is told; `nil` where the system does not say.
  static var sentence: String? {
    guard let file = try? InputFile("/proc/self/status"), let text = try? file.rest() else {
      return nil
    }
    return bytes(in: String(decoding: text, as: UTF8.self)).map { sentence(of: $0) }
  }

  /// The largest resident set of a process, from its `/proc/PID/status`.
  static func bytes(in status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let words = line?.split { $0.isWhitespace } ?? []
    guard words.count == 3, words[2] == "kB", let kibibytes = Int(words[1]) else { return nil }
    return 1024 * kibibytes
  }

  private static func sentence(of bytes: Int) -> String {
    "peak memory of this program: \((bytes + (1 << 19)) >> 20) MiB"
  }
}

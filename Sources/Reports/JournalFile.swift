/// How far a journal goes: its bytes, and a checksum over its lines.
struct JournalExtent: Hashable {
  var bytes = 0
  var checksum: UInt64 = 0

  /// Goes on by a line, with its line feed.
  mutating func take(_ line: [UInt8]) {
    bytes += line.count
    checksum = Checksum.of(line, after: checksum)
  }
}

/// The file `journal.jsonl` while a run is under way: lines are added to its end.
///
/// Whoever has it open is the only one: the lock that it holds ends with the program, however that
/// ends.
final class JournalFile {
  private let file: OutputFile
  /// How far it goes.
  private(set) var extent = JournalExtent()

  /// Makes the file `path`, which must not exist.
  init(creating path: String) throws(RunFilesError) {
    file = try OutputFile(creating: path)
    try file.lock()
  }

  /// Goes on with a journal that was left: its first lines up to `extent`, then `line`, and nothing
  /// of what may have come after.
  init(
    _ file: OutputFile, of tail: ArraySlice<UInt8>, after extent: JournalExtent,
    keeping line: [UInt8]
  ) throws(RunFilesError) {
    self.file = file
    self.extent = extent
    if tail.starts(with: line) {
      self.extent.take(line)
      try file.cut(to: self.extent.bytes)
    } else {
      try file.cut(to: extent.bytes)
      try append(line)
    }
  }

  /// Adds a line, with its line feed, by one call.
  func append(_ line: [UInt8]) throws(RunFilesError) {
    try file.write(line)
    extent.take(line)
  }

  /// Returns once the lines would survive a loss of power.
  func synchronise() throws(RunFilesError) { try file.synchronise() }
}

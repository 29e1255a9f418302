import Federation

/// The files `checkpoint-1.bin` to `checkpoint-3.bin`, which are written in turn, in place.
///
/// A death in the middle of a write spoils the file that was being written, and the one written last
/// is whole: two files are enough for that. The third is for a loss of power, which can spoil
/// everything since the disk was last waited for: what was on it then is left alone until the disk
/// has something newer. So nothing needs to be waited for after a round, nor any name changed.
final class CheckpointFiles {
  private static let count = 3

  private let directory: RunDirectory
  private let files: [OutputFile]
  /// The file written last.
  private var latest: Int?
  /// The file that would survive a loss of power.
  private var lasting: Int?
  private var number: Int
  private var bytes: [UInt8] = []

  /// Opens the files; the one at `latest` is kept, and numbers go on after `number`.
  init(in directory: RunDirectory, latest: Int? = nil, number: Int = 0) throws(RunFilesError) {
    self.directory = directory
    self.latest = latest
    self.number = number
    files = try (0..<Self.count).map { index throws(RunFilesError) in
      try OutputFile(overwriting: Self.path(of: index, in: directory))
    }
  }

  /// Keeps `checkpoint` with the line of the journal that belongs to it and is not written yet.
  func keep(
    _ checkpoint: Coordinator.Checkpoint, line: [UInt8], after extent: JournalExtent
  ) throws(RunFilesError) {
    number += 1
    CheckpointSlot.write(
      checkpoint, number: number, line: line, after: extent, into: &bytes)
    let next = files.indices.first { $0 != latest && $0 != lasting } ?? 0
    try files[next].overwrite(bytes)
    latest = next
    // The first line names all hospitals, of which most may never be asked: room for it is let go.
    if line.count > bytes.count / 2 { bytes = [] }
  }

  /// Returns once the newest checkpoint would survive a loss of power.
  func synchronise() throws(RunFilesError) {
    guard let latest, latest != lasting else { return }
    try files[latest].synchronise()
    lasting = latest
  }

  /// Removes the files of a run that nobody can go on with.
  func remove() {
    for index in files.indices { OutputFile.remove(Self.path(of: index, in: directory)) }
  }

  /// What whole slots there are in `directory`, and in which of the files; `nil` where there is no
  /// file at all.
  static func slots(
    in directory: RunDirectory
  ) throws(RunFilesError) -> [(file: Int, slot: CheckpointSlot)]? {
    var found: [(file: Int, slot: CheckpointSlot)] = []
    var hasFiles = false
    for index in 0..<count {
      guard let file = try InputFile(path(of: index, in: directory)) else { continue }
      hasFiles = true
      if let slot = CheckpointSlot(try file.rest()) { found.append((index, slot)) }
    }
    return hasFiles ? found : nil
  }

  private static func path(of index: Int, in directory: RunDirectory) -> String {
    directory.file("checkpoint-\(index + 1).bin")
  }
}

import Federation
import Cryptography
public import Scenarios

/// What a sweep leaves behind: a directory for the run of each cell, named by the digest of its
/// scenario, and the table.
///
/// Only one sweep works in it at a time.
public struct SweepDirectory {
  /// Where it is.
  public let path: String
  private let lock: OutputFile

  /// Makes the directory where there is none, and keeps other sweeps out until the program ends.
  ///
  /// - Throws: `RunFilesError`, also where the directory is that of a run.
  public init(path: String) throws(RunFilesError) {
    self.path = Directory(path).path
    for name in ["journal.jsonl", "scenario.yaml"]
    where try InputFile(self.path + "/" + name) != nil {
      throw .directoryOfRun(path: self.path, found: name)
    }
    _ = try Directory(self.path + "/cells").make()
    lock = try OutputFile(extending: self.path + "/lock")
    try lock.lock()
  }

  /// The directory of the run of a cell.
  public func run(of cell: SweepCell) -> String { "\(path)/cells/\(Self.name(of: cell))" }

  /// The result of a cell that has come to its end; `nil` for one that has not.
  public func result(of cell: SweepCell) -> CellResult? {
    CellResult(of: cell, in: run(of: cell))
  }

  /// Makes room for the run of a cell: what one that did not come to its end has left is removed.
  public func clear(_ cell: SweepCell) { Directory(run(of: cell)).remove() }

  /// Puts the table as comma-separated values in its file, whole; gives the path of the file.
  public func write(_ table: SweepTable) throws(RunFilesError) -> String {
    try write(table.csv, to: "table.csv")
  }

  /// Puts a text in a file of the directory, whole; gives the path of the file.
  func write(_ text: String, to name: String) throws(RunFilesError) -> String {
    let file = path + "/" + name
    try OutputFile.replace(file, with: Array(text.utf8))
    return file
  }

  static func digest(of cell: SweepCell) -> String {
    SHA256.hexadecimal(ofDigest: Experiment(cell.scenario).digest)
  }

  static func name(of cell: SweepCell) -> String { String(digest(of: cell).prefix(16)) }
}

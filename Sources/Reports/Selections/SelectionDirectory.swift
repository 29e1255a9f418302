public import Scenarios

/// What a selection leaves behind: the run of each method, and who chose what.
///
/// | file | what it holds |
/// |---|---|
/// | `scenario.yaml` | all methods as run, with every default and override filled in |
/// | `methods/NAME/` | the directory of the run of each method, see ``RunDirectory`` |
/// | `choices.json`, `choices.csv`, `choices.txt` | who chose what, and what it gained; see ``SelectionResult`` |
///
/// Only one program works in it at a time.
public struct SelectionDirectory {
  /// Where it is.
  public let path: String
  private let lock: OutputFile

  /// Makes the directory of a selection, a fresh one below `./runs` where no path is given.
  public init(path: String?, for selection: Selection) throws(RunFilesError) {
    self.path = try RunDirectory.place(path, named: selection.name)
    try OutputFile.replace(Self.scenario(in: self.path), with: Array(selection.yaml.utf8))
    lock = try Self.lock(self.path)
  }

  /// The directory that a selection was begun in.
  public init(resuming path: String) throws(RunFilesError) {
    self.path = Directory(path).path
    lock = try Self.lock(self.path)
  }

  private static func lock(_ path: String) throws(RunFilesError) -> OutputFile {
    let lock = try OutputFile(extending: path + "/lock")
    try lock.lock()
    return lock
  }

  private static func scenario(in path: String) -> String { path + "/scenario.yaml" }

  /// The selection that was begun in the directory `path`; `nil` where it holds a run of one scenario, or
  /// none.
  public static func selection(in path: String) throws -> Selection? {
    let file = scenario(in: Directory(path).path)
    guard try InputFile(file) != nil else { return nil }
    return try Selection.read(path: file)
  }

  /// The directory of the run of a method.
  public func run(of method: Selection.Method) -> String { Self.run(of: method, in: path) }

  /// The directory of the run of a method of the selection in `path`.
  public static func run(of method: Selection.Method, in path: String) -> String {
    "\(Directory(path).path)/methods/\(method.name)"
  }

  /// What the run of a method has come to; `nil` while it has not come to its end.
  public func result(of method: Selection.Method) -> CellResult? {
    CellResult(of: method.cell, in: run(of: method))
  }

  /// Puts a text in a file of the directory, whole.
  func write(_ text: String, to name: String) throws(RunFilesError) {
    try OutputFile.replace("\(path)/\(name)", with: Array(text.utf8))
  }
}

public import Scenarios

/// The directory that one run leaves behind, and no other run writes to.
///
/// | file | what it holds |
/// |---|---|
/// | `scenario.yaml` | the scenario as run, with every default and override filled in |
/// | `journal.jsonl` | a line for the start, each round, each evaluation and the end |
/// | `events.log` | who came and went, and what was ignored, with the time of day |
/// | `meta.safetensors` | the meta-parameters |
/// | `results.json` | the last evaluation |
/// | `checkpoint-….bin` | where the run goes on, until it has finished; see ``UnfinishedRun`` |
/// | `memory/` | what each hospital remembers from round to round, where the algorithm has hospitals do so |
/// | `timing.jsonl` | what the run took on the virtual clock; of the simulated engine, where the scenario has a `time` |
///
/// All but `events.log`, the checkpoints, and `timing.jsonl` where computing time is measured, are the same bytes for two runs in which the same hospitals answered.
public struct RunDirectory: Sendable {
  /// Where it is.
  public let path: String

  /// Makes the directory and writes `scenario.yaml` into it.
  ///
  /// Without a path it is a fresh one below `./runs`, named by the scenario and the time in UTC. A
  /// directory that is asked for by name may exist when it is empty.
  public init(path: String?, for scenario: Scenario) throws(RunFilesError) {
    self.path = try Self.place(path, named: scenario.name)
    try Self.write(scenario, to: file("scenario.yaml"))
  }

  /// The directory that a run was begun in.
  public init(resuming path: String) throws(RunFilesError) {
    self.path = Directory(path).path
    guard try InputFile(file("scenario.yaml")) != nil else {
      throw .notResumable(path: self.path, .noRun)
    }
  }

  /// The scenario of the run that was begun in it.
  ///
  /// - Throws: ``ScenarioProblems`` where the file was changed since.
  public func scenario() throws(ScenarioProblems) -> Scenario {
    try Scenario.read(path: file("scenario.yaml"))
  }

  /// Writes the scenario, with every default and override filled in, to the file `path`.
  public static func write(_ scenario: Scenario, to path: String) throws(RunFilesError) {
    try OutputFile.replace(path, with: Array(scenario.yaml.utf8))
  }

  /// The name of the directory in it that keeps what hospitals remember, where they do and where one
  /// program plays them all.
  public static let memory = "memory"

  /// The path of the file `name` in it.
  public func file(_ name: String) -> String { path + "/" + name }
}

// MARK: Finding a place

extension RunDirectory {
  /// The directory that was asked for, or a fresh one for a scenario of this name; made by now.
  static func place(_ path: String?, named name: String) throws(RunFilesError) -> String {
    if let path { try claim(Directory(path)) } else { try fresh(named: name) }
  }

  private static func claim(_ directory: Directory) throws(RunFilesError) -> String {
    if try !directory.make(), let found = try directory.names().first {
      throw .directoryNotEmpty(path: directory.path, found: found)
    }
    return directory.path
  }

  private static func fresh(named name: String) throws(RunFilesError) -> String {
    let stem = "runs/" + fileName(name) + "-" + WallClock.now().compact
    var directory = Directory(stem)
    var attempt = 1
    while try !directory.make() {
      attempt += 1
      directory = Directory("\(stem)-\(attempt)")
    }
    return directory.path
  }

  /// A scenario's name with everything that is awkward in a file's name replaced.
  private static func fileName(_ name: String) -> String {
    let plain = name.unicodeScalars.map { scalar in
      let kept =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789-_".contains(Character(scalar)))
      return kept ? Character(scalar) : "-"
    }
    return plain.isEmpty ? "run" : String(plain.prefix(64))
  }
}

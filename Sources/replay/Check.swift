import ArgumentParser
import Options
import Reports
import Scenarios

/// `replay check`: reads scenario files and says what is wrong with them.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check scenario files without playing them.",
    discussion: """
      Prints all problems of every file, with line and column, and "FILE: ok" for a file without any. \
      With --resolved it prints the scenario of one file as it would be played, as YAML: what it \
      extends, its overrides and every default filled in. The exit status is 2 if there was a problem.
      """)

  @Argument(help: "Scenario files, or directories that hold them (*.yaml, *.yml).")
  var files: [String]

  @Flag(help: "Print the scenario of the one file as it would be played, as YAML.")
  var resolved = false

  @OptionGroup var changes: ScenarioOptions

  func validate() throws {
    if resolved, files.count != 1 {
      throw ValidationError("--resolved prints one scenario; \(files.count) files were named.")
    }
  }

  func run() throws {
    try reporting {
      if resolved {
        let selection = try changes.selection(at: files[0])
        try StandardStream.output.print(selection?.yaml ?? changes.scenario(at: files[0]).yaml)
        return .success
      }
      return try paths().map(check).allSatisfy { $0 } ? .success : .scenarioInvalid
    }
  }

  /// Whether the file is a valid scenario; says so, or what is wrong.
  private func check(_ path: String) throws -> Bool {
    do {
      if try changes.selection(at: path) == nil { _ = try changes.scenario(at: path) }
      if !changes.givesMethod {
        let methods = try changes.methods(at: path)
        _ = try changes.cells(at: path, varying: [], methods: methods, seeds: nil)
      }
      try StandardStream.output.print("\(path): ok\n")
      return true
    } catch let problems as ScenarioProblems {
      try StandardStream.output.print("\(problems)\n")
      return false
    }
  }

  private func paths() throws -> [String] { try files.flatMap(scenarios(at:)) }

  /// The file itself, or the scenario files in the directory of that name, sorted.
  private func scenarios(at path: String) throws -> [String] {
    let directory = Directory(path)
    guard directory.exists else { return [path] }
    let names = try directory.names().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    guard !names.isEmpty else {
      throw ValidationError("\(path) holds no scenario: accepted are files *.yaml and *.yml.")
    }
    return names.map { directory.path + "/" + $0 }
  }
}

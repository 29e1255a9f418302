public import ArgumentParser
public import Reports

/// What is left behind and what is printed.
public struct OutputOptions: ParsableArguments {
  /// The directory for the run's files, if one was named.
  @Option(
    help: ArgumentHelp(
      "The directory for the run's files: new or empty. Default: a fresh one below ./runs.",
      valueName: "directory"))
  public var run: String?

  /// The directory of a run to go on with, if one was named.
  @Option(
    help: ArgumentHelp(
      "Go on with the run in this directory, which was killed, interrupted or lost its quorum, instead of beginning one.",
      valueName: "directory"))
  public var resume: String?

  /// Whether to print errors and the closing sentence only.
  @Flag(help: "Print errors and the closing sentence only.")
  public var quiet = false

  /// Whether to print the results as JSON and nothing else.
  @Flag(help: "Print the results as JSON on standard output, and nothing else.")
  public var json = false

  /// Nothing asked for; the argument parser fills it in.
  public init() {}

  /// What the flags ask for.
  public var form: RunReport.Form { json ? .json : quiet ? .quiet : .full }

  /// Refuses an empty path, and flags that contradict each other.
  public func validate() throws {
    if run == "" {
      throw ValidationError("--run is empty; accepted is the path of a new or empty directory.")
    }
    if quiet && json {
      throw ValidationError("--quiet and --json exclude each other: leave one of them out.")
    }
    if run != nil && resume != nil {
      throw ValidationError("--run and --resume exclude each other: leave one of them out.")
    }
  }
}

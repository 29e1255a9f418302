import ArgumentParser
import Options
import Reports

/// `replay diff`: says in what two runs differ.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where two runs part, and in what their scenarios differ.",
    discussion: """
      Compares the directories of two runs: the scenarios key by key, every default filled in, and the \
      journals round by round: digests of the meta-parameters, who answered, losses, and the figures of \
      evaluations. Runs that may not have ended are compared as far as they go.

      The exit status is 0 if nothing differs and 10 if something does.
      """)

  @Argument(help: "The directory of one run.")
  var one: String

  @Argument(help: "The directory of the other.")
  var other: String

  @Flag(help: "Print the differences as JSON.")
  var json = false

  func run() throws {
    try reporting {
      let difference = try RunDifference(RecordedRun(path: one), RecordedRun(path: other))
      try StandardStream.output.print(json ? difference.json : difference.text)
      return difference.isNone ? .success : .differs
    }
  }
}

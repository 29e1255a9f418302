import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// `replay verify`: plays a run again and holds it to its journal.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a run again from its directory, and compare it with its journal.",
    discussion: """
      The scenario that the directory holds is played again in this process, with a virtual clock. In \
      each round the hospitals answer that the journal names, so that a run with losses is proven, too. \
      Where answers go into a buffer or late ones are used, all that the journal says was counted is \
      computed again, from the meta-parameters that it was begun with. \
      With --engine processes, real processes play it, over ZeroMQ, in a directory that goes when it is \
      over. Digests of the meta-parameters, losses, and the figures of evaluations are compared; the first \
      round that differs is printed, and ends it. Of a run that finished, meta.safetensors and results.json \
      are compared as well, to the last byte, where they are there. A run that did not finish is compared up to \
      its last round. Nothing is left behind.

      Of a run in which hospitals chose among methods, the run of each is played again, and hospitals choose anew \
      by what comes out.

      The exit status is 0 if all is the same and 10 if something differs. Bits are promised per type of \
      machine: where a run was made on another, a difference proves nothing.
      """)

  @Argument(help: ArgumentHelp("The directory of the run.", valueName: "run"))
  var directory: String

  @Option(help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @Option(help: "Real processes over ZeroMQ, or one process and a virtual clock.")
  var engine = Play.Engine.simulated

  @Flag(help: "Print the outcome only.")
  var quiet = false

  func run() async throws {
    try await reporting {
      let signals = StopSignals()
      if let selection = try SelectionDirectory.selection(in: directory) {
        return try await verify(selection, signals)
      }
      return try await verify(RecordedRun(path: directory), signals).status
    }
  }

  /// Plays one run again and says what was found.
  private func verify(
    _ recorded: RecordedRun, of method: Selection.Method? = nil, _ signals: StopSignals
  ) async throws -> (status: ExitStatus, result: CellResult?) {
    let proof = Proof(
      recorded: recorded, engine: engine, data: data, isQuiet: quiet, method: method)
    let (verification, result) = try await proof.play(stoppedBy: signals)
    if signals.isRaised, !verification.isOver { return (.interrupted, nil) }
    try StandardStream.output.print(verification.text)
    return (verification.isProven ? .success : .differs, result)
  }

  /// Plays the run of every method again, and has hospitals choose once more by what came out.
  private func verify(_ selection: Selection, _ signals: StopSignals) async throws -> ExitStatus {
    var results: [CellResult] = []
    var status = ExitStatus.success
    for method in selection.methods {
      let path = SelectionDirectory.run(of: method, in: directory)
      let found = try await verify(RecordedRun(path: path), of: method, signals)
      if found.status == .interrupted { return .interrupted }
      if found.status != .success { status = found.status }
      results += found.result.map { [$0] } ?? []
    }
    guard status == .success else { return status }
    let told = try SelectionResult(of: selection, results: results).isTold(in: directory)
    try StandardStream.output.print("\(directory): \(Self.sentence(told))\n")
    return told == false ? .differs : .success
  }

  private static func sentence(_ isTold: Bool?) -> String {
    switch isTold {
    case nil: "hospitals have not chosen yet"
    case true?: "proven: hospitals, asked again, chose and gained what choices.json says"
    case false?:
      "hospitals, asked again, chose otherwise or gained something else than choices.json says"
    }
  }
}

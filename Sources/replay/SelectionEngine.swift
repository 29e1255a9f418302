import Options
import Reports
import Scenarios

/// Plays the methods of a selection one after the other, each as a run of its own, and has each hospital choose
/// among them.
struct SelectionEngine {
  let selection: Selection
  let engine: Play.Engine
  let processes: Int?
  let data: String?
  let output: OutputOptions

  /// Plays what has not come to its end, and tells who chose what.
  ///
  /// A method that diverged is left out of the choice. One that lost its quorum ends it all: with
  /// `--resume` it goes on.
  func play(stoppedBy signals: StopSignals) async throws -> ExitStatus {
    // What is wrong with any of them is said before anything is played.
    for method in selection.methods { try run(of: method).check() }
    if signals.isRaised { return .interrupted }
    let place =
      if let path = output.resume { try SelectionDirectory(resuming: path) } else {
        try SelectionDirectory(path: output.run, for: selection)
      }
    for (number, method) in selection.methods.enumerated()
    where place.result(of: method)?.isFinal != true {
      tell("method \(method.name), \(number + 1) of \(selection.methods.count)")
      let status = try await play(method, in: place, stoppedBy: signals)
      guard status == .success || status == .diverged else {
        return complain(of: method, status, place)
      }
    }
    return try conclude(in: place)
  }

  /// Plays one method, or goes on with it where it was left.
  private func play(
    _ method: Selection.Method, in place: SelectionDirectory, stoppedBy signals: StopSignals
  ) async throws -> ExitStatus {
    let path = place.run(of: method)
    let earlier = try? RunDirectory(resuming: path)
    var output = output
    (output.run, output.resume) = earlier == nil ? (path, nil) : (nil, path)
    output.quiet = output.quiet || output.json
    output.json = false
    return try await run(of: method, output).play(goingOnIn: earlier, stoppedBy: signals)
  }

  private func run(of method: Selection.Method, _ output: OutputOptions? = nil) -> SingleRun {
    SingleRun(
      plan: method.scenario, engine: engine, processes: processes, data: data,
      output: output ?? self.output, isPart: true)
  }

  private func complain(
    of method: Selection.Method, _ status: ExitStatus, _ place: SelectionDirectory
  ) -> ExitStatus {
    let why = place.result(of: method)?.reason ?? status.meaning
    StandardStream.error.write(
      "error: method \(method.name): \(why); replay --resume \(place.path) goes on with it\n")
    return status
  }

  private func conclude(in place: SelectionDirectory) throws -> ExitStatus {
    let results = selection.methods.compactMap { place.result(of: $0) }
    let result = try SelectionResult(of: selection, results: results)
    try result.write(to: place)
    let text =
      output.json ? result.json : output.quiet ? result.conclusion + "\n" : "\n" + result.text
    tell("kept in \(place.path)")
    try StandardStream.output.print(text, kept: place.path + "/choices.json")
    return .success
  }

  private func tell(_ what: String) {
    if output.form == .full { StandardStream.error.write(what + "\n") }
  }
}

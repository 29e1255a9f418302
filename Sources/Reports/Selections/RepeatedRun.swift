public import Federation
import Foundation
public import Scenarios

/// Keeps what a run comes to when it is played again, and lets its events pass to whoever watches.
public final class RepeatedRun: RunObserver {
  private let recorded: RecordedRun
  private let watcher: any RunObserver
  private var results: RunResults

  /// A repetition of `recorded`, of which nothing has happened yet.
  public init(of recorded: RecordedRun, watcher: any RunObserver) {
    self.recorded = recorded
    self.watcher = watcher
    results = RunResults(of: recorded.scenario)
  }

  /// Notes what happened.
  public func observe(_ event: RunEvent) throws {
    results.note(event)
    // Nothing of a timeline is acted out once more, since the journal says who answered: what would be told
    // of it was so of the run, or of nobody.
    if case .staged = event { return }
    try watcher.observe(event)
  }

  /// The text of `results.json` as the run should have left it, with the figures that were found again.
  public var json: String { results.json(of: recorded) }

  /// What it came to as the run of a method: figures as they were found again, and of the rest, which a
  /// ``Verification`` has proven by then, what the journal says.
  public func result(of method: Selection.Method) -> CellResult? {
    CellResult(of: method.cell, repeating: recorded, as: results.json)
  }
}

extension CellResult {
  /// The result of a method whose run was played again, with the figures of the `results.json` in `directory`.
  public init?(of method: Selection.Method, repeating recorded: RecordedRun, in directory: String) {
    guard let bytes = FileManager.default.contents(atPath: directory + "/results.json") else {
      return nil
    }
    self.init(
      of: method.cell, repeating: recorded, as: String(decoding: bytes, as: UTF8.self))
  }

  fileprivate init?(of cell: SweepCell, repeating recorded: RecordedRun, as json: String) {
    guard var file = try? JSONDecoder.ofRuns.decode(ResultsFile.self, from: Data(json.utf8))
    else { return nil }
    file.outcome = recorded.ending?.outcome
    file.reason = recorded.ending?.reason
    file.roundsClosed = recorded.rounds.last?.round
    file.metaParametersSHA256 = recorded.rounds.last?.sha256
    var count = TrafficCount(of: Experiment(cell.scenario))
    for round in recorded.rounds { count.note(round) }
    self.init(of: cell, file: file, traffic: count.total)
  }
}

extension SelectionResult {
  /// Whether hospitals have chosen and gained what the files in `directory` say; `nil` where these say nothing.
  public func isTold(in directory: String) throws(RunFilesError) -> Bool? {
    guard let file = try InputFile(directory + "/choices.json") else { return nil }
    return try file.rest() == Array(json.utf8)
  }
}

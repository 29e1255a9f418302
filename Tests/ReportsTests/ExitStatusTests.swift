import Cohorts
import Federation
import Reports
import Scenarios
import Testing
import Transports

// Swift Testing has a type of that name, too.
private typealias ExitStatus = Reports.ExitStatus

@Suite("Exit statuses")
struct ExitStatusTests {
  @Test("the numbers are those that are documented")
  func numbers() {
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 64, 130])
  }

  @Test("every status has its line in the table for people")
  func table() {
    let lines = ExitStatus.table.split(separator: "\n")
    #expect(lines.count == ExitStatus.allCases.count)
    for (line, status) in zip(lines, ExitStatus.allCases) {
      #expect(line.hasSuffix("\(status.rawValue)  \(status.meaning)"))
    }
  }

  @Test(
    "the end of a run decides the status",
    arguments: [
      (Ending.Outcome.finished, ExitStatus.success), (.interrupted, .interrupted),
      (.quorumLost, .quorumLost), (.diverged, .diverged),
    ])
  fileprivate func endings(outcome: Ending.Outcome, status: ExitStatus) {
    #expect(
      ExitStatus(of: Ending(outcome: outcome, round: 1, parameters: [], reason: "")) == status)
  }

  @Test("the end of a node decides the status")
  func nodeEndings() {
    #expect(ExitStatus(of: NodeEnding.finished) == .success)
    #expect(ExitStatus(of: NodeEnding.interrupted) == .interrupted)
    #expect(ExitStatus(of: NodeEnding.runFailed(reason: "quorum")) == .refused)
  }

  private struct Strange: Error {}

  @Test("errors decide the status, and one of no known kind is a failure")
  func errors() {
    let files = RunFilesError.directoryNotEmpty(path: "runs/a", found: "journal.jsonl")
    #expect(ExitStatus(of: files) == .runFilesFailed)
    #expect(ExitStatus(of: ExitStatus.childFailed) == .childFailed)
    #expect(ExitStatus(of: Strange()) == .failed)
    #expect(ExitStatus(of: ChildProcessError.noPipe(reason: "")) == .childFailed)
    #expect(ExitStatus(of: TransportError.closed) == .transportFailed)
    #expect(ExitStatus(of: ScenarioProblems([])) == .scenarioInvalid)
    let data = CohortError("h1", found: "no file", accepted: "a table", advice: "fetch it")
    #expect(ExitStatus(of: data) == .dataUnavailable)
  }
}

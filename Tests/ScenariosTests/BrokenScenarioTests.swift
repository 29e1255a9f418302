import Foundation
import Scenarios
import Testing

@Suite("Broken scenarios and their recorded messages")
struct BrokenScenarioTests {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD"] == "1"

  @Test(
    "a broken scenario gives its recorded message",
    arguments: try Repository.files(in: Repository.broken, ending: "yaml"))
  func message(scenario: URL) throws {
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(path: scenario.path)
    }
    let directory = Repository.broken.path + "/"
    let found = problems.description.replacingOccurrences(of: directory, with: "") + "\n"
    let record = scenario.deletingPathExtension().appendingPathExtension("expected")
    if Self.isRecording {
      try found.write(to: record, atomically: true, encoding: .utf8)
      Issue.record("recorded \(record.lastPathComponent); run again without RECORD to compare")
    }
    #expect(found == (try String(contentsOf: record, encoding: .utf8)))
  }

  @Test("there are at least 28 of them, and no record without its scenario")
  func pairs() throws {
    let scenarios = try Repository.files(in: Repository.broken, ending: "yaml")
    let records = try Repository.files(in: Repository.broken, ending: "expected")
    #expect(scenarios.count >= 28)
    #expect(
      scenarios.map { $0.deletingPathExtension() } == records.map { $0.deletingPathExtension() })
  }

  @Test("problems come in the order of the file, each with its place")
  func order() throws {
    let path = Repository.broken.appending(path: "many-problems.yaml").path
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(path: path)
    }.problems
    #expect(problems.count > 20)
    let places = problems.map { [$0.line ?? 0, $0.column ?? 0] }
    #expect(places.allSatisfy { $0[0] > 0 && $0[1] > 0 })
    #expect(zip(places, places.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
  }

  @Test("a file that is not there, and one that is a directory, are problems with a name")
  func unreadable() throws {
    for path in ["/no/such/scenario.yaml", Repository.scenarios.path] {
      let problems = try #require(throws: ScenarioProblems.self) {
        try Scenario.read(path: path)
      }.problems
      #expect(problems.map(\.place) == [.wholeFile])
      #expect(problems.first?.description.hasPrefix("\(path): ") == true)
    }
  }
}

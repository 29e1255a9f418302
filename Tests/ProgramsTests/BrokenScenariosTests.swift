import Foundation
import Testing

@Suite("replay check", .serialized)
struct BrokenScenariosTests {
  private let directory = Place.package.appending(path: "Tests/ScenariosTests/Broken")

  @Test("says of every broken scenario what is kept as expected, and ends with status 2")
  func broken() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    let scenarios = names.filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(scenarios.count >= 25)
    let expected = try scenarios.map { name in
      let kept = directory.appending(path: name.replacing(".yaml", with: ".expected"))
      return try String(contentsOf: kept, encoding: .utf8)
    }
    let outcome = try Program("replay", ["check"] + scenarios, in: directory).end()
    #expect(outcome.status == 2)
    #expect(lines(of: outcome.output) == lines(of: expected.joined(separator: "\n")))
  }

  @Test("finds the same problems when it is given the directory")
  func wholeDirectory() throws {
    let outcome = try Program("replay", ["check", "."], in: directory).end()
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("unknown key"))
    #expect(!outcome.output.contains(": ok"))
  }

  @Test("finds nothing wrong with the scenarios that are shipped")
  func shipped() throws {
    let scenarios = Place.package.appending(path: "Scenarios")
    let outcome = try Program.run("replay", "check", scenarios.path)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(lines(of: outcome.output).count >= 6)
  }

  @Test("does not wait at a pipe, and says what it found")
  func pipe() throws {
    let directory = try TemporaryDirectory()
    try #require(unsafe mkfifo(directory.file("x.yaml"), 0o600) == 0)
    let outcome = try Program.run("replay", "check", directory.file("x.yaml"))
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("a pipe or a device"))
  }

  private func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }
}

import Foundation
import Testing

@Suite struct GoldenTests {
  @Test("there are golden cases to check")
  func casesExist() throws {
    guard !GoldenCases.names.isEmpty else {
      throw GoldenError.noCases(directory: GoldenCases.directory.path)
    }
  }

  @Test(
    "every quantity has its recorded value", arguments: GoldenCases.names)
  func recordedValues(name: String) throws {
    let report = try GoldenCases.report(on: GoldenCases.directory.appendingPathComponent(name))
    if let worst = report.worst {
      print(
        "checked: \(name) \(report.checks.count) quantities; worst \(worst.quantity) at",
        worst.error)
    }
    for check in report.checks {
      #expect(check.passes, "\(check.quantity): \(check.error) > \(check.tolerance)")
    }
    #expect(!report.checks.isEmpty)
  }
}

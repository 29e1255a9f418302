import Foundation
import Scenarios
import Testing

@Suite("The time of a scenario")
struct TimeTests {
  private static let minimal = """
    scenario: minimal
    summary: As little as a scenario can say.
    cohorts: { synthetic: {}, hospitals: 10 }
    task: { support: 4, query: 4 }
    model: { layers: [{ dense: 4 }] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 10 }

    """

  private func time(_ overrides: String...) throws -> TimePlan? {
    try Scenario.read(
      Self.minimal, file: "minimal.yaml", overrides: overrides.map { try Override($0) }
    ).time
  }

  @Test("a scenario that does not speak of it has none, and an empty section has all defaults")
  func absent() throws {
    #expect(try time() == nil)
    #expect(try time("time={}") == TimePlan())
  }

  @Test("a setting of a range and of others holds for each hospital")
  func perHospital() throws {
    let plan = try #require(try time("time.latency={ others: 20ms, h3..h5: 1s, h9: 50us }"))
    #expect(plan.latency["h1"] == 0.02)
    #expect(["h3", "h4", "h5"].allSatisfy { plan.latency[$0] == 1 })
    #expect(plan.latency["h9"] == 0.00005)
  }

  @Test("bandwidths are bits a second", arguments: [("8bit/s", 8.0), ("1.5Mbit/s", 1.5e6)])
  func bandwidth(text: String, bits: Double) throws {
    #expect(try time("time.up=\(text)")?.up["h1"] == bits)
    #expect(try time("time.up=\(text)")?.down["h1"] == .some(nil))
  }

  @Test("traces of a file beside the scenario become its own, and need the file no more")
  func file() throws {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "traces-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try "hospital,from,until\nh1,0,100\nh2,5,7.5\nh1,200,300\n".write(
      to: directory.appending(path: "t.csv"), atomically: true, encoding: .utf8)
    let path = directory.appending(path: "scenario.yaml").path
    try (Self.minimal + "time: { availability: { file: t.csv } }\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let scenario = try Scenario.read(path: path)
    let traces: AvailabilityPlan = .intervals(["h1": [0...100, 200...300], "h2": [5...7.5]])
    #expect(scenario.time?.availability == traces)
    #expect(try Scenario.read(scenario.yaml, file: "elsewhere.yaml") == scenario)
  }
}

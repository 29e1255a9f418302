import Foundation
import Testing

@Suite("An explanation in either engine", .serialized)
struct ExplanationEnginesTests {
  private static let scenario = """
    scenario: explained
    summary: On what the model relies, and what adaptation changes.
    cohorts: { synthetic: { patients: 80, features: 4 }, hospitals: 4, held-out: 1 }
    task: { support: 8, query: 8 }
    model: { layers: [{ dense: 4, activation: tanh }] }
    algorithm: { name: maml, inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.01 } }
    federation: { rounds: 4, deadline: 5m, assembly: 5m }
    evaluation: { steps: [0, 2], episodes: 2, explain: true }
    """

  @Test("real processes, a tree of regions and the simulation tell the same, to the last bit")
  func sameBytes() throws {
    let directory = try TemporaryDirectory()
    let file = directory.file("explained.yaml")
    try Self.scenario.write(toFile: file, atomically: true, encoding: .utf8)
    let tree = directory.file("tree.yaml")
    try (Self.scenario + "\nregions: { north: [h1, h2], south: { east: [h3, h4] } }\n")
      .write(toFile: tree, atomically: true, encoding: .utf8)
    func evaluation(_ name: String, _ arguments: [String]) throws -> NSDictionary {
      let run = directory.file(name)
      let outcome = try Program("replay", arguments + ["--quiet", "--run", run]).end()
      try #require(outcome.status == 0, "\(outcome.errors)")
      let data = try Data(contentsOf: URL(filePath: run + "/results.json"))
      let results = try #require(
        try JSONSerialization.jsonObject(with: data) as? [String: Any])
      return try #require(results["evaluation"] as? NSDictionary)
    }
    let simulated = try evaluation("simulated", [file, "--engine", "simulated"])
    #expect(try evaluation("processes", [file]) == simulated)
    #expect(try evaluation("regions", [tree]) == simulated)
    let hospitals = try #require(simulated["hospitals"] as? [[String: Any]])
    #expect(hospitals.count == 4)
    for hospital in hospitals {
      #expect((hospital["explanation"] as? [[String: Any]])?.count == 4)
    }
  }
}

import Federation
import Reports
import Scenarios
import Testing

@Suite("The portrait of a scenario")
struct ScenarioPortraitTests {
  private func experiment(_ timeline: String) throws -> Experiment {
    let scenario = try Scenario.read(
      """
      scenario: portrait
      summary: Two hospitals, of which one drifts.
      cohorts: { synthetic: { patients: 400, prevalence: 0.3 }, hospitals: 2 }
      task: { support: 4, query: 4 }
      model: { layers: [] }
      algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 10 }
      timeline: [\(timeline)]
      """, file: "portrait.yaml")
    return Experiment(scenario)
  }

  private func portrait(_ timeline: String) throws -> ScenarioPortrait {
    let experiment = try experiment(timeline)
    let census = try Census(of: experiment, in: 1, data: nil)
    return ScenarioPortrait(of: experiment.scenario, census: census)
  }

  @Test("shows a drift of the timeline among the rules, in words and as a formula")
  func drift() throws {
    let drift = "{ round: 3, drift: { hospitals: h2, prevalence: 0.8, over: 4 } }"
    let text = try portrait(drift).text(for: .output)
    #expect(text.contains("What makes hospitals differ\n  label-skew  Class 1 comes in the share"))
    #expect(text.contains(": 0.8, at h2, from round 3 over 4 rounds.\n"))
    #expect(text.contains("p = q_h + s (p_h − q_h)"))
    #expect(try portrait(drift).json.contains("\"label-skew\""))
    #expect(try portrait("").text(for: .output).contains("No rules of heterogeneity."))
  }

  @Test("counts the patients of the round that is asked for")
  func rounds() throws {
    let drifting = try experiment("{ round: 3, drift: { hospitals: h2, prevalence: 0.8 } }")
    let calm = try Census(of: experiment(""), in: 1, data: nil).hospitals
    #expect(try Census(of: drifting, in: 2, data: nil).hospitals[0].shares == calm[0].shares)
    #expect(try Census(of: drifting, in: 2, data: nil).hospitals[1].shares[1] < 0.7)
    let drifted = try Census(of: drifting, in: 3, data: nil).hospitals
    #expect(drifted[0].shares == calm[0].shares)
    #expect(abs(drifted[1].shares[1] - 0.8) < 0.08)
  }
}

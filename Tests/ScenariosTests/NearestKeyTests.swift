import Scenarios
import Testing

@Suite("The nearest key")
struct NearestKeyTests {
  private func nearest(to path: String) throws -> String? {
    let override = try Override("\(path)=1")
    let problems = try #require(throws: ScenarioProblems.self) {
      try Scenario.read(Scenario.bundledDefault, file: "", overrides: [override])
    }.problems
    return try #require(problems.first { $0.found == "unknown key" }).nearest
  }

  @Test(
    "a key with a letter too many, too few, wrong or swapped is recognised",
    arguments: [
      ("algorithm.inner.stepss", "steps"), ("algorithm.inner.step", "steps"),
      ("algorithm.inner.stops", "steps"), ("algorithm.inner.stpes", "steps"),
      ("algorithm.inner.raet", "rate"), ("sed", "seed"), ("sede", "seed"), ("Seed", "seed"),
      ("cohorts.heldOut", "held-out"), ("cohorts.held_out", "held-out"),
      ("cohorts.standardize", "standardise"), ("federation.episodesPerRound", "episodes-per-round"),
      ("algorithm.outer.optimiser", "optimizer"), ("federation.participaton", "participation"),
    ])
  func near(path: String, key: String) throws {
    #expect(try nearest(to: path) == key)
  }

  @Test(
    "a key that resembles none is given no neighbour",
    arguments: ["budget", "x", "algorithm.inner.momentum", "federation.faults"])
  func far(path: String) throws {
    #expect(try nearest(to: path) == nil)
  }
}

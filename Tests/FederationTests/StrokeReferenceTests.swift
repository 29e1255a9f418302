import Cohorts
import Foundation
import MetaLearning
import Scenarios
import Testing

@testable import Federation

@Suite("What methods are set against, of real patients")
struct StrokeReferenceTests {
  @Test(
    "is a number where patients of the stroke trial could be told apart, of support sets of many sizes",
    .enabled(if: PublishedData.holds("ist"), PublishedData.skipped))
  func finite() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Scenarios/stroke-trial.yaml").standardizedFileURL.path
    let overrides = [
      "federation.rounds=1", "federation.episodes-per-round=1", "algorithm.order=first",
      "federation.quorum=1", "cohorts.hospitals=[38, 66, 86, 529, 1, 2, 3, 4]",
      "evaluation={ shots: [29, 36, 40, 48], steps: [0], episodes: 4, alone: { steps: 1, rate: 0.05 } }",
    ]
    let scenario = try Scenario.read(path: file, overrides: overrides.map { try Override($0) })
    let diary = Diary()
    var simulation = try Simulation(
      Experiment(scenario), data: PublishedData.directory, observer: diary)
    #expect(try simulation.play().outcome == .finished)
    let evaluation = try #require(diary.evaluation)
    let judged = evaluation.hospitals.flatMap(\.results).joined().filter { $0.judged > 0 }
    #expect(judged.count >= 8 * 4 * 2)
    for sums in judged { #expect(sums.logLoss.isFinite) }
  }
}

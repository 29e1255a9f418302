import Federation
import Foundation
import Scenarios
import Testing

@testable import Reports

@Suite("A search for settings")
struct TuningTests {
  private static let small = """
    scenario: small
    summary: Little enough for a test.
    cohorts: { synthetic: { patients: 60, features: 2 }, hospitals: 7, held-out: 2 }
    task: { support: 5, query: 5 }
    model: { layers: [] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 2, quorum: 4 }
    evaluation: { shots: [5, 10], steps: [0, 1], episodes: 2, alone: { steps: 1, rate: 0.1 } }

    """

  private let scenario = Result { try Scenario.read(small, file: "small.yaml") }

  @Test("each training hospital validates once, and no held-out one ever", arguments: 2...5)
  func partition(count: Int) throws {
    let scenario = try scenario.get()
    let folds = try #require(ValidationFolds(count, of: scenario))
    #expect(folds.hospitals.count == count)
    #expect(folds.hospitals.joined().sorted() == scenario.trainingHospitals.sorted())
    let sizes = folds.hospitals.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    for fold in 0..<count {
      let overrides = try folds.conditions(of: fold)
      let played = try Scenario.read(Self.small, file: "small.yaml", overrides: overrides)
      #expect(
        Set(played.heldOutHospitals) == Set(scenario.heldOutHospitals + folds.hospitals[fold]))
      #expect(played.federation.quorum <= played.trainingHospitals.count)
    }
  }

  @Test("one fold is half of the training hospitals; what cannot be divided is refused")
  func few() throws {
    let scenario = try scenario.get()
    #expect(ValidationFolds(1, of: scenario)?.hospitals.map(\.count) == [2])
    #expect(ValidationFolds(6, of: scenario) == nil)
  }

  @Test(
    "further trials leave those that were drawn as they are, and every key has draws of its own")
  func draws() throws {
    let ranges = [
      try SearchRange("algorithm.inner.rate=0.01..1"), try SearchRange("model.l2=0.0..0.1"),
    ]
    let variations = [try Variation("algorithm.inner.steps=1,2")]
    func settings(_ trials: Int, seed: UInt64 = 1) throws -> [[String]] {
      try Tuning.settings(varying: variations, drawing: ranges, trials: trials, seed: seed)
        .map { $0.map(\.text) }
    }
    let few = try settings(3)
    #expect(few.count == 6)
    #expect(try Array(settings(9).prefix(6)) == few)
    #expect(try settings(3, seed: 2) != few)
    #expect(Set(few.map { $0[1] }).count == 3 && Set(few.map { $0[0] }).count == 2)
    // Without a range there is one trial for each combination.
    let grid = try Tuning.settings(varying: variations, drawing: [], trials: 9, seed: 1)
    #expect(grid.count == 2)
  }

  @Test("a score is the mean over the hospitals that validated, whatever held-out ones say")
  func scores() throws {
    try withTemporaryDirectory { path in
      let scenario = try scenario.get()
      let folds = try #require(ValidationFolds(2, of: scenario))
      let settings = try [
        [Override("algorithm.inner.rate=0.1")], [Override("algorithm.inner.rate=0.4")],
      ]
      let file = path + "/small.yaml"
      try Self.small.write(toFile: file, atomically: true, encoding: .utf8)
      let cells = try SweepCell.all(
        of: file, overrides: [],
        settings: settings.flatMap { values in
          try (0..<2).map { (nil, values, try folds.conditions(of: $0), nil) }
        })
      let place = try SweepDirectory(path: path + "/tuning")
      for cell in cells {
        let directory = try RunDirectory(path: place.run(of: cell), for: cell.scenario)
        let experiment = Experiment(cell.scenario)
        let recorder = try RunRecorder(
          directory, of: cell.scenario, tensors: TensorShape.all(of: experiment.layout))
        _ = try simulate(experiment, data: nil, observer: recorder)
      }
      let results = [0, 2].map { first in cells[first..<(first + 2)].map { place.result(of: $0) } }
      let tuning = Tuning(of: settings, results: results, by: folds, .classification)
      let shifted = Tuning(
        of: settings, results: results, by: folds, .classification, scoring: .intercept)
      #expect(tuning.trials.count == 2)
      #expect(shifted.trials.allSatisfy { $0.contender == "intercept" })
      // Nobody keeps a model of its own here.
      let personal = Tuning(
        of: settings, results: results, by: folds, .classification, scoring: .personal)
      #expect(personal.trials.allSatisfy { $0.score == nil })
      for trial in tuning.trials + shifted.trials {
        let own = results[trial.settings[0].text.hasSuffix("0.1") ? 0 : 1]
        let figures = zip(own, folds.hospitals).flatMap { result, names in
          (result?.hospitals ?? []).filter { names.contains($0.hospital) }.map { hospital in
            let rows = hospital.results.filter { $0.contender == trial.contender }
            return rows.compactMap { $0.figures[.logLoss] }.reduce(0, +) / 2
          }
        }
        #expect(figures.count == 5)
        #expect(abs((trial.score ?? 0) - figures.reduce(0, +) / 5) < 1e-12)
      }
      #expect(shifted.text.contains("Best, by intercept: "))
      #expect(tuning.text.contains(" steps of adaptation: "))
      let scores = tuning.trials.compactMap(\.score)
      #expect(scores.count == 2 && scores == scores.sorted())
      let (text, written) = try tuning.write(to: place)
      #expect(text.contains("validated at 5 training hospitals in 2 folds"))
      #expect(text.contains("Best, with"))
      #expect(
        ReportsTests.text(of: written).hasPrefix("algorithm.inner.rate,outcome,steps,logLoss,"))
      // A fold that has no result leaves a trial without a score, behind all others.
      let half = Tuning(
        of: settings, results: [[results[0][0], nil], results[1]], by: folds, .classification)
      #expect(half.trials[1].score == nil && half.trials[0].settings == settings[1])
    }
  }
}

import Federation
import Foundation
import Scenarios
import Testing

@testable import Reports

@Suite("What hospitals choose among methods")
struct SelectionResultTests {
  private static let yaml = """
    scenario: small
    summary: Little enough for a test.
    cohorts: { synthetic: { patients: 60, features: 2 }, hospitals: 6, held-out: 3 }
    task: { support: 5, query: 5 }
    model: { layers: [] }
    algorithm: { name: auto, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 2, quorum: 1 }
    evaluation: { shots: [5, 20], steps: [0, 1, 5], episodes: 2, alone: { steps: 1, rate: 0.1 } }
    methods:
      maml:
      slow: { algorithm: { inner: { rate: 0.01 } } }
      fedavg:

    """

  /// Plays all methods below a directory.
  private func play(
    in path: String, _ text: String = yaml
  ) throws -> (result: SelectionResult, directory: SelectionDirectory) {
    let selection = try #require(try Selection.read(text, file: "small.yaml"))
    let place = try SelectionDirectory(path: path + "/choice", for: selection)
    for method in selection.methods {
      let experiment = Experiment(method.scenario)
      let directory = try RunDirectory(path: place.run(of: method), for: method.scenario)
      let recorder = try RunRecorder(
        directory, of: method.scenario, tensors: TensorShape.all(of: experiment.layout))
      _ = try simulate(experiment, data: nil, observer: recorder)
    }
    let results = selection.methods.compactMap { place.result(of: $0) }
    return (try SelectionResult(of: selection, results: results), place)
  }

  @Test("each takes the best within its support sets, and is set against two rules for all")
  func choices() throws {
    try withTemporaryDirectory { path in
      let (result, _) = try play(in: path)
      #expect(result.groups.map(\.group) == [.heldOut, .training])
      for group in result.groups {
        #expect(group.figures.places.count == 3)
        for shots in [5, 20] {
          let own = try #require(group.own(shots: shots))
          let choices = try #require(group.choices.byShots[shots])
          for (place, choice) in choices.enumerated() {
            let choice = try #require(choice)
            let validated = ["maml", "slow", "fedavg"].flatMap { method in
              [0, 1, 5].compactMap { steps in
                group.figures.row(
                  at: place,
                  of: .init(method: method, shots: shots, contender: "validated-\(steps)"))?
                  .figures[.logLoss]
              }
            }
            #expect(validated.count == 9 && choice.validation == validated.min())
            let served = group.figures.row(
              at: place,
              of: .init(method: choice.method, shots: shots, contender: choice.contender))
            #expect(own[place] == served?.figures[.logLoss])
          }
          let rule = try #require(group.rule("maml", shots: shots))
          let gains = zip(own, rule.figures).compactMap { own, rule in
            own.flatMap { own in rule.map { own - $0 } }
          }
          #expect(gains.count == 3 && rule.gain.mean == gains.reduce(0, +) / 3)
          // The steps and the best method are those of training hospitals, for both groups.
          let training = result.groups[1]
          #expect(training.rule("maml", shots: shots)?.contender == rule.contender)
          #expect(training.best(shots: shots) == group.best(shots: shots))
          let best = try #require(
            training.best(shots: shots).flatMap { training.rule($0, shots: shots) })
          #expect(
            result.methods.allSatisfy {
              (training.rule($0, shots: shots)?.mean ?? 0) >= (best.mean ?? 9)
            })
        }
      }
    }
  }

  @Test("the files say the same, and tell it from any other choice")
  func files() throws {
    try withTemporaryDirectory { path in
      let (result, place) = try play(in: path)
      #expect(try result.isTold(in: place.path) == nil)
      try result.write(to: place)
      #expect(try result.isTold(in: place.path) == true)
      #expect(text(of: place.path + "/choices.txt") == result.text)
      // Six hospitals at two sizes.
      let rows = text(of: place.path + "/choices.csv").components(separatedBy: "\r\n")
      #expect(rows.count == 1 + 6 * 2 + 1)
      #expect(
        rows[0] == "group,hospital,shots,method,contender,validation,logLoss,first,best")
      let sent = try result.results.map { try #require($0.traffic) }.reduce(Traffic(), +)
      #expect(
        result.json.contains(#""trainingBytes": { "down": \#(sent.down), "up": \#(sent.up) },"#))
      #expect(result.text.hasSuffix(result.conclusion + "\n"))
      #expect(result.text.contains("all with maml") && result.text.contains("who chose what"))
      let told = text(of: place.path + "/choices.json").replacing("held-out", with: "training")
      try told.write(toFile: place.path + "/choices.json", atomically: true, encoding: .utf8)
      #expect(try result.isTold(in: place.path) == false)
    }
  }

  @Test("the directory gives the selection back, and lets nobody else in")
  func directory() throws {
    try withTemporaryDirectory { path in
      let (result, place) = try play(in: path)
      #expect(try SelectionDirectory.selection(in: place.path) == result.selection)
      let one = place.run(of: result.selection.methods[0])
      #expect(try SelectionDirectory.selection(in: path) == nil)
      #expect(try SelectionDirectory.selection(in: one) == nil)
      #expect(throws: RunFilesError.notResumable(path: place.path, .inUse)) {
        try SelectionDirectory(resuming: place.path)
      }
    }
  }

  @Test("hospitals that all train choose, too, and methods that were judged otherwise are refused")
  func others() throws {
    try withTemporaryDirectory { path in
      let (result, _) = try play(in: path, Self.yaml.replacing("held-out: 3", with: "held-out: 0"))
      #expect(result.groups.map(\.group) == [.training])
      #expect(result.conclusion.hasPrefix("Training hospitals that choose for themselves: "))
    }
    try withTemporaryDirectory { path in
      let drifting = Self.yaml.replacing(
        "methods:",
        with: "heterogeneity: [{ label-noise: { rate: 0.4, from-round: 1, over: 4 } }]\nmethods:"
      ).replacing("fedavg:\n", with: "fedavg: { federation: { rounds: 4 } }\n")
      #expect(throws: ComparisonError.self) { try play(in: path, drifting) }
    }
  }
}

import Federation
import Foundation
import Scenarios
import Testing

@testable import Reports

@Suite("A comparison of methods")
struct ComparisonTests {
  private static let small = """
    scenario: small
    summary: Little enough for a test.
    cohorts: { synthetic: { patients: 60, features: 2 }, hospitals: 5, held-out: 2 }
    task: { support: 5, query: 5 }
    model: { layers: [] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 2, quorum: 1 }
    evaluation: { shots: [5, 20], steps: [0, 1, 5], episodes: 2, alone: { steps: 1, rate: 0.1 } }
    methods:
      wild:
        model: { layers: [{ dense: 4, activation: identity }] }
        algorithm: { inner: { rate: 1000 }, outer: { optimizer: sgd, rate: 1000 } }
        federation: { rounds: 20 }
      late: { federation: { rounds: 4 } }

    """

  /// Plays the methods, each with two seeds, in a directory.
  private func results(
    _ methods: [String], in path: String, _ text: String = small
  ) throws -> (results: [CellResult], place: SweepDirectory) {
    let file = path + "/small.yaml"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let cells = try SweepCell.all(
      of: file, overrides: [], variations: [], methods: methods, seeds: [1, 2])
    let place = try SweepDirectory(path: path + "/comparison")
    for cell in cells {
      let experiment = Experiment(cell.scenario)
      let directory = try RunDirectory(path: place.run(of: cell), for: cell.scenario)
      let recorder = try RunRecorder(
        directory, of: cell.scenario, tensors: TensorShape.all(of: experiment.layout))
      _ = try simulate(experiment, data: nil, observer: recorder)
    }
    return (cells.compactMap { place.result(of: $0) }, place)
  }

  private func compare(
    _ methods: [String], against bar: String = "fedavg", in path: String
  ) throws -> Comparison {
    try Comparison(of: methods, results: results(methods, in: path).results, against: .init(bar))
  }

  @Test("figures are means over seeds and hospitals, and differences are taken place by place")
  func figures() throws {
    try withTemporaryDirectory { path in
      let (results, _) = try results(["maml", "fedavg"], in: path)
      let comparison = try Comparison(
        of: ["maml", "fedavg"], results: results, against: .init("fedavg"))
      let rows = comparison.rows()
      func losses(_ method: String, _ contender: String) -> [Double] {
        results.filter { $0.cell.method == method }.flatMap { result in
          result.hospitals.filter(\.heldOut).flatMap(\.results)
            .filter { $0.shots == 20 && $0.contender == contender }
            .compactMap { $0.figures[.logLoss] }
        }
      }
      let row = try #require(
        rows.first { $0.column == .init(method: "maml", shots: 20, contender: "adapted-1") })
      let (own, bar) = (losses("maml", "adapted-1"), losses("fedavg", "intercept"))
      #expect(own.count == 4 && bar.count == 4)
      let mean = own.reduce(0, +) / 4
      #expect(row.figures[.logLoss]?.mean == mean)
      let standing = try #require(row.standings[.logLoss])
      #expect(abs((standing.difference.mean ?? 9) - (mean - bar.reduce(0, +) / 4)) < 1e-12)
      #expect(standing.worst?.figure == own.max())
      let interval = try #require(row.figures[.logLoss]?.interval)
      #expect(interval.low <= mean && mean <= interval.high)
      // What is set against itself differs in nothing.
      let itself = try #require(
        rows.first { $0.column == .init(method: "fedavg", shots: 20, contender: "intercept") })
      let none = itself.standings[.logLoss]?.difference
      #expect(none?.mean == 0 && none?.interval == .init(low: 0, high: 0))
      // Contenders of four hospitals: two seeds make two each.
      #expect(standing.worseThanOwn.of == 4 && comparison.hospitalCount == 4)
    }
  }

  @Test(
    "steps are chosen at training hospitals, one number for each method and size of support set")
  func chosen() throws {
    try withTemporaryDirectory { path in
      let comparison = try compare(["maml", "fedavg"], in: path)
      for method in ["maml", "fedavg"] {
        for shots in [5, 20] {
          let means = ["adapted-0", "adapted-1", "adapted-5"].compactMap { contender in
            comparison.training.mean(
              .logLoss, of: .init(method: method, shots: shots, contender: contender)
            ).map { (contender, $0) }
          }
          let best = means.min { $0.1 < $1.1 }?.0
          #expect(comparison.chosen(of: method, shots: shots) == best)
          #expect(
            comparison.rows().count {
              $0.isChosen && $0.column.method == method && $0.column.shots == shots
            } == 1)
        }
      }
    }
  }

  @Test("how many patients are needed is the first size at which hospitals' own models do as well")
  func needed() throws {
    try withTemporaryDirectory { path in
      let comparison = try compare(["maml", "fedavg"], in: path)
      for row in comparison.rows() {
        let figure = try #require(row.figures[.logLoss]?.mean)
        let own = [5, 20].first { shots in
          ["support-alone", "support-linear"].contains { contender in
            let column = ComparedFigures.Column(
              method: row.column.method, shots: shots, contender: contender)
            return comparison.heldOut.mean(.logLoss, of: column).map { $0 <= figure } ?? false
          }
        }
        // At all of the places, who were judged at both sizes.
        let needed = try #require(row.standings[.logLoss]?.patientsNeeded)
        #expect(needed.patients == own && needed.hospitals == 4 && needed.places == 4)
        #expect(needed.moreThan == (own == nil ? 20 : nil))
      }
    }
  }

  @Test("a hospital chooses the method with the best validation, and is served by it")
  func auto() throws {
    try withTemporaryDirectory { path in
      let text = Self.small.replacing("episodes: 2", with: "episodes: 2, validation: 2")
      let methods = ["maml", "reptile", "fedavg"]
      let results = try results(methods, in: path, text).results
      let comparison = try Comparison(
        of: methods, results: results, against: .init("fedavg"), choosingAmong: ["maml", "reptile"])
      let choices = try #require(comparison.choices)
      for shots in [5, 20] {
        let chosen = try #require(choices.byShots[shots]).compactMap { $0 }
        try #require(chosen.count == 4)
        for (place, choice) in zip(comparison.heldOut.places, chosen) {
          let cells = results.filter {
            $0.file.seed == place.seed && ["maml", "reptile"].contains($0.cell.method)
          }
          let rows = cells.flatMap { cell in
            cell.hospitals.filter { place.hospital.hasPrefix($0.hospital + ",") }
              .flatMap(\.results).filter { $0.shots == shots }
              .map { (cell.cell.method, $0) }
          }
          let validated = rows.filter { $0.1.contender.hasPrefix("validated-") }
          let best = validated.compactMap { $0.1.figures[.logLoss] }.min()
          #expect(validated.count == 2 * 3 && choice.validation == best)
          let own = rows.first { $0.0 == choice.method && $0.1.contender == choice.contender }
          let place = try #require(comparison.heldOut.places.firstIndex(of: place))
          let served = comparison.heldOut.row(
            at: place, of: .init(method: "auto", shots: shots, contender: "chosen"))
          #expect(own != nil && served?.figures == own?.1.figures)
        }
      }
      let table = ComparisonTable(comparison).text
      #expect(table.contains("\nauto  ") && table.contains("chosen by validation, of so many"))
      #expect(table.contains("\nwith 20: ") && !table.contains("validated-"))
    }
  }

  @Test("a method that diverged is named and left out, and the others are compared")
  func diverged() throws {
    try withTemporaryDirectory { path in
      let comparison = try compare(["maml", "wild", "fedavg"], in: path)
      #expect(comparison.finished == ["maml", "fedavg"])
      let text = ComparisonTable(comparison).text
      #expect(text.contains("  wild with seed 1: diverged: "))
      #expect(!comparison.rows().contains { $0.column.method == "wild" })
    }
  }

  @Test("methods that were not judged on the same episodes are not compared")
  func otherEpisodes() throws {
    try withTemporaryDirectory { path in
      let drifting = Self.small.replacing(
        "methods:",
        with: "heterogeneity: [{ label-noise: { rate: 0.4, from-round: 1, over: 4 } }]\nmethods:"
      )
      let methods = ["maml", "late", "fedavg"]
      let results = try results(methods, in: path, drifting).results
      let error = #expect(throws: ComparisonError.self) {
        try Comparison(of: methods, results: results, against: .init("fedavg"))
      }
      #expect("\(String(describing: error))".contains("maml and late were not judged on the same"))
    }
  }

  @Test("a bar that is not there is an error that says what is")
  func noBar() throws {
    try withTemporaryDirectory { path in
      let error = #expect(throws: ComparisonError.self) {
        try compare(["maml", "fedavg"], against: "maml/adapted-7", in: path)
      }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains("no adapted-7 of maml") && text.contains("adapted-5"))
    }
  }

  @Test("the files have a row for all that was found, and the same again from the same cells")
  func files() throws {
    try withTemporaryDirectory { path in
      let (results, place) = try results(["maml", "fedavg"], in: path)
      func written() throws -> [String] {
        let comparison = try Comparison(
          of: ["maml", "fedavg"], results: results, against: .init("fedavg"))
        return try comparison.write(to: place).files.map { text(of: $0) }
      }
      let files = try written()
      #expect(try written() == files)
      // Eight contenders, of which the clinic knows the true risks: two methods, two sizes.
      #expect(files[0].components(separatedBy: "\r\n").count == 1 + 2 * 2 * 8 + 1)
      // Five hospitals under two seeds.
      #expect(files[1].components(separatedBy: "\r\n").count == 1 + 2 * 2 * 5 * 2 * 8 + 1)
      #expect(files[2].contains("\"metric\": \"logLoss\""))
      #expect(files[3].contains("How many patients a hospital's own model needs"))
      #expect(files[4].components(separatedBy: "\r\n").count == 1 + 2 + 1)
    }
  }

  @Test("what training sent stands beside each method, and for whoever chooses, of all of them")
  func bytes() throws {
    try withTemporaryDirectory { path in
      let text = Self.small.replacing("episodes: 2", with: "episodes: 2, validation: 2")
      let methods = ["maml", "meta-sgd", "fedavg"]
      let results = try results(methods, in: path, text).results
      let comparison = try Comparison(
        of: methods, results: results, against: .init("fedavg"),
        choosingAmong: ["maml", "meta-sgd"])
      let costs = CostTable(comparison).costs
      #expect(costs.map(\.method) == methods + ["auto"])
      for cost in costs.dropLast() {
        let cell = try #require(results.first { $0.cell.method == cost.method })
        let experiment = Experiment(cell.cell.scenario)
        var count = TrafficCount(of: experiment)
        let training = Array(experiment.training)
        for round in 0...2 { count.note(Sample.round(round, answered: training)) }
        #expect(cost.bytesDown == Double(count.total.down))
        #expect(cost.bytesUp == Double(count.total.up))
      }
      #expect(
        costs[3].bytesUp == costs[0].bytesUp.flatMap { one in costs[1].bytesUp.map { one + $0 } })
      #expect(
        CostTable(comparison).csv.hasPrefix("method,rounds,trainingBytesDown,trainingBytesUp,"))
      #expect(ComparisonTable(comparison).text.contains("  to hospitals  from hospitals  "))
    }
  }

  @Test("what was played before runs told of their bytes has them by its journal")
  func earlier() throws {
    try withTemporaryDirectory { path in
      let (results, place) = try results(["maml"], in: path)
      let result = try #require(results.first)
      let file = place.run(of: result.cell) + "/results.json"
      let kept = text(of: file).split(separator: "\n").filter { !$0.contains("trainingBytes") }
      try kept.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
      let earlier = try #require(place.result(of: result.cell))
      #expect(earlier.file.trainingBytes == nil)
      #expect(earlier.traffic == result.file.trainingBytes && earlier.traffic != nil)
    }
  }
}

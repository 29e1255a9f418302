import Foundation
import Scenarios
import Testing

@testable import Reports

@Suite("A comparison of made-up figures")
struct MadeUpComparisonTests {
  /// Figures at hospitals, one for each size of support set; `nil` where a hospital is too small for it.
  private typealias Figures = [String: [Double?]]

  private static let shots = [10, 40]
  private static let small = """
    scenario: small
    summary: Read, and never played.
    cohorts: { synthetic: { patients: 60, features: 2 }, hospitals: 8, held-out: 4 }
    task: { support: 5, query: 5 }
    model: { layers: [] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 2, quorum: 1 }

    """
  private static let doses = small.replacing(
    "synthetic: { patients: 60, features: 2 }", with: "doses: { records: 60 }"
  ).replacing("held-out: 4", with: "held-out: 4, by: patient").replacing(
    "task: {", with: "task: { kind: regression,")

  /// What a run of `method` would leave, with these figures of each contender by each measure.
  private func result(
    of method: String, _ figures: [Metric: [String: Figures]], _ text: String, in path: String
  ) throws -> CellResult {
    let file = path + "/small.yaml"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    let cell = try #require(
      SweepCell.all(of: file, overrides: [], variations: [], methods: [method], seeds: [1]).first)
    let names = Set(figures.values.flatMap { $0.values.flatMap(\.keys) }).sorted()
    let contenders = Set(figures.values.flatMap(\.keys)).sorted()
    let hospitals = names.map { hospital in
      let rows = Self.shots.indices.flatMap { place in
        contenders.map { contender in
          let known = figures.compactMap { metric, figures in
            figures[contender]?[hospital]?[place].map { (metric.rawValue, JSON.real($0)) }
          }
          return JSON.object(
            [("shots", .integer(Self.shots[place])), ("contender", .string(contender))] + known)
        }
      }
      return JSON.object([
        ("hospital", .string(hospital)), ("heldOut", .bool(true)), ("results", .array(rows)),
      ])
    }
    let evaluation = JSON.object([
      ("final", .bool(true)), ("means", .array([])), ("hospitals", .array(hospitals)),
    ])
    let whole = JSON.object([
      ("outcome", .string("finished")), ("seed", .integer(1)), ("evaluation", evaluation),
    ])
    let results = try JSONDecoder.ofRuns.decode(ResultsFile.self, from: Data(whole.text.utf8))
    return CellResult(of: cell, file: results, traffic: nil)
  }

  private func compare(
    _ figures: [Metric: [String: Figures]], _ text: String = small,
    _ body: (Comparison, ComparisonRow) throws -> Void
  ) throws {
    try withTemporaryDirectory { path in
      let comparison = try Comparison(
        of: ["maml"], results: [result(of: "maml", figures, text, in: path)],
        against: .init("maml/intercept"))
      let row = comparison.rows().first {
        $0.column == .init(method: "maml", shots: 10, contender: "adapted-5")
      }
      try body(comparison, try #require(row))
    }
  }

  /// Two hospitals that are hard and small, and two that are easy and large.
  private static let adapted: Figures = [
    "a": [0.8, nil], "b": [0.8, nil], "c": [0.4, 0.35], "d": [0.4, 0.35],
  ]
  private static let own: Figures = [
    "a": [0.9, nil], "b": [0.9, nil], "c": [0.7, 0.5], "d": [0.7, 0.5],
  ]

  @Test("many patients are not enough because only easy hospitals have them")
  func paired() throws {
    let figures = [
      "adapted-5": Self.adapted, "intercept": Self.adapted, "support-linear": Self.own,
    ]
    try compare([.logLoss: figures]) { comparison, row in
      // The mean of their models is below that of the method, which serves hard hospitals, too.
      let mean = try #require(row.figures[.logLoss]?.mean)
      #expect(0.5 < mean)
      let needed = try #require(row.standings[.logLoss]?.patientsNeeded)
      #expect(needed == .init(answer: .moreThan(40), hospitals: 2, places: 2))
      let text = ComparisonTable(comparison).text
      #expect(text.contains("\n10 patients to adapt on, at 4 hospitals\n"))
      #expect(text.contains("\n40 patients to adapt on, at 2 hospitals\n"))
      #expect(text.contains("more than 40 (2)"))
    }
  }

  @Test("and are enough where their models do as well at the same hospitals")
  func enough() throws {
    var own = Self.own
    own["c"] = [0.7, 0.3]
    let figures = ["adapted-5": Self.adapted, "intercept": Self.adapted, "support-linear": own]
    try compare([.logLoss: figures]) { comparison, row in
      #expect(
        row.standings[.logLoss]?.patientsNeeded
          == .init(answer: .patients(40), hospitals: 2, places: 2))
      #expect(ComparisonTable(comparison).text.contains("  40 (2)"))
    }
  }

  @Test("a figure that is not finite is not left aside, but what it settles unknown")
  func unknown() throws {
    var own = Self.own
    own["a"] = [.nan, nil]
    let figures = ["adapted-5": Self.adapted, "intercept": Self.adapted, "support-linear": own]
    try compare([.logLoss: figures]) { comparison, row in
      let standing = try #require(row.standings[.logLoss])
      #expect(standing.worseThanOwn == (0, 3))
      #expect(standing.patientsNeeded == .init(answer: .unknown, hospitals: 4, places: 4))
      let text = ComparisonTable(comparison).text
      #expect(text.contains("unknown (4)") && text.contains("nan") && text.contains("0 of 3"))
    }
    // With another model that is better there, nothing is open.
    let alone = Self.own.mapValues { _ in [0.3, nil] as [Double?] }
    try compare([.logLoss: figures.merging(["support-alone": alone]) { $1 }]) { _, row in
      let standing = try #require(row.standings[.logLoss])
      #expect(standing.worseThanOwn == (4, 4))
      #expect(standing.patientsNeeded?.answer == .patients(10))
    }
  }

  @Test("a method without a finite figure is worst and worse, and has no interval")
  func diverged() throws {
    var adapted = Self.adapted
    adapted["c"] = [.nan, .infinity]
    let figures = ["adapted-5": adapted, "intercept": Self.adapted, "support-linear": Self.own]
    try compare([.logLoss: figures]) { _, row in
      let standing = try #require(row.standings[.logLoss])
      #expect(standing.worst?.hospital == "c, seed 1" && standing.worst?.figure.isNaN == true)
      #expect(standing.worseThanOwn == (1, 4))
      #expect(standing.patientsNeeded?.answer == .unknown)
      #expect(standing.difference.interval == nil)
    }
  }

  @Test(
    "of doses the regret decides, too: paired differences, who is worse, and how many are needed")
  func regret() throws {
    let figures: [Metric: [String: Figures]] = [
      .rootMeanSquaredError: [
        "adapted-5": Self.adapted, "intercept": Self.adapted, "support-linear": Self.own,
      ],
      .regret: [
        "adapted-5": ["a": [0.3, nil], "b": [0.1, nil], "c": [0.1, 0.1], "d": [0.1, 0.1]],
        "intercept": ["a": [0.2, nil], "b": [0.2, nil], "c": [0.2, 0.1], "d": [0.2, 0.1]],
        "support-linear": [
          "a": [0.2, nil], "b": [0.2, nil], "c": [0.3, 0.05], "d": [0.3, 0.05],
        ],
      ],
    ]
    try compare(figures, Self.doses) { comparison, row in
      #expect(comparison.deciding == [.rootMeanSquaredError, .regret])
      let regret = try #require(row.standings[.regret])
      let mean = try #require(regret.difference.mean)
      #expect(abs(mean + 0.05) < 1e-12 && regret.difference.interval != nil)
      #expect(regret.worseThanOwn == (1, 4))
      #expect(regret.patientsNeeded == .init(answer: .patients(40), hospitals: 2, places: 2))
      // Of the error nothing changes.
      let error = try #require(row.standings[.rootMeanSquaredError])
      #expect(error.worseThanOwn == (0, 4) && error.patientsNeeded?.answer == .moreThan(40))
      let text = ComparisonTable(comparison).text
      #expect(text.contains("do as well as a method, by regret\n"))
      try withTemporaryDirectory { path in
        let place = try SweepDirectory(path: path + "/comparison")
        let files = try comparison.write(to: place).files.map {
          try String(contentsOfFile: $0, encoding: .utf8)
        }
        #expect(files[0].contains(",regretDifference,regretDifferenceLow,regretDifferenceHigh,"))
        #expect(files[2].contains("\"byRegret\": {"))
      }
    }
  }
}

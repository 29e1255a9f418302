import Federation
import Foundation
import Reports
import Scenarios
import Testing

@Suite("The table of a sweep")
struct SweepTableTests {
  private static let small = """
    scenario: small
    summary: Little enough for a test.
    cohorts: { synthetic: { patients: 60, features: 2 }, hospitals: 3, held-out: 1 }
    task: { support: 5, query: 5 }
    model: { layers: [] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 1, quorum: 1 }
    evaluation: { episodes: 2, alone: { steps: 1, rate: 0.1 } }
    """

  /// Plays every cell in its place, but for those whose number is in `left`.
  private func sweep(
    _ variations: [String], seeds: [UInt64?], in path: String, leaving left: Set<Int> = []
  ) throws -> (table: SweepTable, cells: [SweepCell], place: SweepDirectory) {
    let file = path + "/small.yaml"
    try Self.small.write(toFile: file, atomically: true, encoding: .utf8)
    let variations = try variations.map { try Variation($0) }
    let cells = try SweepCell.all(of: file, overrides: [], variations: variations, seeds: seeds)
    let place = try SweepDirectory(path: path + "/sweep")
    for (number, cell) in cells.enumerated() where !left.contains(number) {
      let experiment = Experiment(cell.scenario)
      let directory = try RunDirectory(path: place.run(of: cell), for: cell.scenario)
      let recorder = try RunRecorder(
        directory, of: cell.scenario, tensors: TensorShape.all(of: experiment.layout))
      _ = try simulate(experiment, data: nil, observer: recorder)
    }
    let results = cells.compactMap { place.result(of: $0) }
    return (SweepTable(varying: variations.map(\.key), results: results), cells, place)
  }

  /// The fields of RFC 4180, read by a reader of its own.
  private func fields(_ csv: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    var isAfterQuote = false
    for scalar in csv.unicodeScalars {
      let character = Character(scalar)
      if isQuoted {
        if character == "\"" {
          (isQuoted, isAfterQuote) = (false, true)
        } else {
          rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
        }
      } else if character == "\"" {
        if isAfterQuote { rows[rows.count - 1][rows[rows.count - 1].count - 1].append("\"") }
        isQuoted = true
        isAfterQuote = false
      } else if character == "," {
        rows[rows.count - 1].append("")
        isAfterQuote = false
      } else if character == "\n" {
        rows.append([""])
        isAfterQuote = false
      } else if character != "\r" {
        rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
      }
    }
    return rows.dropLast()
  }

  @Test("values with commas and quotes keep their column, and every row has all columns")
  func fields() throws {
    try withTemporaryDirectory { path in
      let summaries = #"summary="a, b",'with "quotes"'"#
      let table = try sweep([summaries, "evaluation.steps=[0, 1],[0]"], seeds: [1], in: path).table
      let rows = fields(table.csv)
      #expect(Set(rows.map(\.count)) == [rows[0].count])
      #expect(rows[0].prefix(4) == ["cell", "summary", "evaluation.steps", "seed"])
      #expect(Set(rows.dropFirst().map { $0[1] }) == [#""a, b""#, #"'with "quotes"'"#])
      #expect(Set(rows.dropFirst().map { $0[2] }) == ["[0, 1]", "[0]"])
      #expect(table.csv.hasSuffix("\r\n"))
    }
  }

  @Test("the figures are those of results.json, and the text has their mean over seeds")
  func figures() throws {
    try withTemporaryDirectory { path in
      let (table, cells, place) = try sweep(
        ["algorithm.inner.rate=0.1,0.2"], seeds: [1, 2], in: path)
      let rows = fields(table.csv)
      let (group, contender, loss) = (
        try #require(rows[0].firstIndex(of: "group")),
        try #require(rows[0].firstIndex(of: "contender")),
        try #require(rows[0].firstIndex(of: "logLoss"))
      )
      let chosen = rows.filter { $0[group] == "held-out" && $0[contender] == "adapted-5" }
      #expect(chosen.count == 4)
      for (cell, row) in zip(cells, chosen) {
        let text = text(of: place.run(of: cell) + "/results.json")
        #expect(text.contains("\"logLoss\": \(row[loss])"))
      }
      let numbers = chosen.prefix(2).compactMap { Double($0[loss]) }
      let mean = (numbers[0] + numbers[1]) / 2
      let shown = (mean * 1000).rounded() / 1000
      #expect(table.text.contains("\(shown)".prefix(5)))
      #expect(table.text.contains("log loss of 4 cells, mean and standard deviation over seeds"))
      #expect(table.text.split(separator: "\n").count == 2 + 4)
    }
  }

  @Test("a cell counts as played only where a run of its very scenario has come to its end")
  func results() throws {
    try withTemporaryDirectory { path in
      let (_, cells, place) = try sweep(
        ["task.query=5,6,7"], seeds: [nil], in: path, leaving: [2])
      #expect(place.result(of: cells[0])?.outcome == "finished")
      #expect(place.result(of: cells[2]) == nil)
      // Another cell's results in its place are not its own.
      _ = try Directory(place.run(of: cells[2])).make()
      try text(of: place.run(of: cells[0]) + "/results.json").write(
        toFile: place.run(of: cells[2]) + "/results.json", atomically: true, encoding: .utf8)
      #expect(place.result(of: cells[2]) == nil)
      let results = place.run(of: cells[1]) + "/results.json"
      let interrupted = text(of: results).replacing("\"finished\"", with: "\"interrupted\"")
      try interrupted.write(toFile: results, atomically: true, encoding: .utf8)
      #expect(place.result(of: cells[1]) == nil)
      place.clear(cells[1])
      #expect(!Directory(place.run(of: cells[1])).exists)
    }
  }

  @Test("two sweeps do not work in one directory at once")
  func lock() throws {
    try withTemporaryDirectory { path in
      let first = try SweepDirectory(path: path)
      #expect(throws: RunFilesError.self) { try SweepDirectory(path: path) }
      #expect(first.path == path)
    }
  }

  @Test("a directory that holds a run is none for cells, and nothing is written into it")
  func directoryOfRun() throws {
    try withTemporaryDirectory { path in
      let run = path + "/run"
      _ = try Directory(run).make()
      try "".write(toFile: run + "/journal.jsonl", atomically: true, encoding: .utf8)
      let error = try #require(throws: RunFilesError.self) { try SweepDirectory(path: run) }
      #expect(error == .directoryOfRun(path: run, found: "journal.jsonl"))
      #expect(error.description.contains("accepted is a new directory"))
      #expect(try Directory(run).names() == ["journal.jsonl"])
    }
  }
}

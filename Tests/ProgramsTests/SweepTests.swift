import Foundation
import Testing

@Suite("replay sweep", .serialized)
struct SweepTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    try """
    extends: \(Place.scenario("default"))
    scenario: swept
    cohorts: { hospitals: 3, held-out: [h3] }
    federation: { rounds: 3, quorum: 1 }
    evaluation: { episodes: 2, steps: [0, 1] }
    """.write(toFile: directory.file("swept.yaml"), atomically: true, encoding: .utf8)
  }

  private func sweep(_ arguments: String...) throws -> Program {
    try Program(
      "replay",
      ["sweep", directory.file("swept.yaml"), "--run", directory.file("sweep")] + arguments)
  }

  private var table: String {
    (try? String(contentsOfFile: directory.file("sweep/table.csv"), encoding: .utf8)) ?? ""
  }

  private var cells: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory.file("sweep/cells"))) ?? []
  }

  @Test("the table has the figures that each cell has when it is played by itself")
  func figures() throws {
    let outcome = try sweep("--vary", "algorithm.inner.steps=1,2", "--seeds", "2").end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("log loss of 4 cells, mean and standard deviation over seeds"))
    let rows = table.components(separatedBy: "\r\n").map { $0.components(separatedBy: ",") }
    let header = try #require(rows.first)
    // Two groups and seven contenders each: majority, linear, alone, shifted, 0, 1 and best.
    #expect(rows.count == 1 + 4 * 2 * 7 + 1)
    #expect(rows.dropLast().allSatisfy { $0.count == header.count })
    let run = directory.file("alone")
    try Program(
      "replay",
      [
        directory.file("swept.yaml"), "--engine", "simulated", "--run", run, "--seed", "2",
        "--quiet",
      ]
        + ["--set", "algorithm.inner.steps=2"]
    ).end()
    let sha256 = try #require(try RunFiles(directory: run).sha256())
    let column = try #require(header.firstIndex(of: "sha256"))
    let matching = rows.dropFirst().filter { $0.count > column && $0[column] == sha256 }
    #expect(matching.count == 14)
    #expect(matching.allSatisfy { $0[1] == "2" && $0[2] == "2" && $0[3] == "finished" })
  }

  @Test(
    "a killed sweep goes on where it was: what is finished stays, what is half-played is redone")
  func resumption() throws {
    let arguments = ["--vary", "federation.rounds=2,200000", "--jobs", "1"]
    let killed = try sweep(arguments[0], arguments[1], arguments[2], arguments[3])
    try #require(killed.line(containing: "1 of 2 cells") != nil)
    killed.signal(SIGKILL)
    killed.end()
    #expect(table.isEmpty)
    let finished = try #require(
      cells.first { RunFiles(directory: directory.file("sweep/cells/\($0)")).has("results.json") })
    let before = try modification(of: "sweep/cells/\(finished)/journal.jsonl")
    // Whatever a half-played cell has left is in the way of nobody.
    let half = try sweep("--vary", "federation.rounds=2,3").end()
    #expect(half.status == 0, "\(half.errors)")
    #expect(half.errors.contains("1 of 2 cells were played before"))
    #expect(try modification(of: "sweep/cells/\(finished)/journal.jsonl") == before)
    let complete = table
    #expect(try sweep("--vary", "federation.rounds=2,3").end().status == 0)
    #expect(table == complete)
  }

  private func modification(of file: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: directory.file(file))[.modificationDate]
      as? Date
  }

  @Test("a cell that was left half-played is played anew")
  func halfPlayed() throws {
    #expect(try sweep("--vary", "federation.rounds=2").end().status == 0)
    let complete = table
    let cell = try #require(cells.first)
    let path = directory.file("sweep/cells/\(cell)")
    try FileManager.default.removeItem(atPath: path + "/results.json")
    try "half a li".write(toFile: path + "/journal.jsonl", atomically: true, encoding: .utf8)
    let outcome = try sweep("--vary", "federation.rounds=2").end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(table == complete)
  }

  @Test("an interrupted sweep ends with its cells, and with status 130")
  func interrupted() throws {
    let sweep = try sweep("--vary", "federation.rounds=1,500000", "--jobs", "1")
    try #require(sweep.line(containing: "1 of 2 cells") != nil)
    sweep.signal(SIGINT)
    #expect(sweep.end().status == 130)
    #expect(table.isEmpty)
    #expect(cells.count <= 2)
  }

  @Test("all problems of all cells come before anything is played")
  func problems() throws {
    let outcome = try sweep("--vary", "task.support=0,8", "--vary", "algoritm.name=maml").end()
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("task.support: found 0"))
    #expect(outcome.errors.contains("did you mean algorithm?"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("sweep")))
    #expect(try sweep().end().status == 64)
    #expect(try sweep("--vary", "seed=1,2", "--seeds", "2").end().status == 64)
    let both = try sweep(
      "--vary", "algorithm.inner.steps=1,2", "--set", "algorithm.inner.steps=3"
    ).end()
    #expect(both.status == 64 && both.errors.contains("algorithm.inner.steps is set and varied"))
    let twice = try sweep("--vary", "algorithm.inner.steps=1,1").end()
    #expect(twice.status == 64 && twice.errors.contains("takes the value 1 twice"))
  }

  @Test("cells may be real processes, with the same figures")
  func processes() throws {
    #expect(try sweep("--vary", "algorithm.inner.rate=0.1").end().status == 0)
    let simulated = table
    try FileManager.default.removeItem(atPath: directory.file("sweep"))
    let outcome = try sweep(
      "--vary", "algorithm.inner.rate=0.1", "--engine", "processes", "--processes", "2"
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(table == simulated)
  }

  @Test(
    "a cell that diverges is a result; one that cannot be played ends the sweep with its status")
  func failures() throws {
    let diverging = try sweep(
      "--vary", "algorithm.outer.rate=1000", "--set", "algorithm.outer.optimizer=sgd", "--set",
      "algorithm.inner.rate=1000", "--set", "model.layers.0.activation=identity"
    ).end()
    #expect(diverging.status == 0, "\(diverging.errors)")
    #expect(diverging.output.contains("rate=1000 seed=7: diverged: learning diverged in round 2"))
    #expect(table.contains(",1000,7,diverged,2,"))
    let outcome = try Program(
      "replay",
      ["sweep", Place.scenario("heart-disease"), "--run", directory.file("other"), "--seeds", "2"]
    ).end()
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: directory.file("other/table.csv")))
  }
}

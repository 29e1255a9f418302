import Federation
import Foundation
public import Scenarios

/// What one cell of a sweep came to, from the `results.json` of its run.
public struct CellResult: Sendable {
  /// The cell.
  public let cell: SweepCell
  /// The first sixteen digits of the digest of its scenario: the name of its directory.
  public let name: String
  let file: ResultsFile
  /// What playing it took, where that was written down.
  let usage: RunUsage?
  /// What training has sent; of a run that was played before runs told of it, by its journal.
  let traffic: Traffic?

  /// The result in the directory of a run; `nil` where no run of this cell has come to its end there.
  ///
  /// An end is an end by divergence or for want of a quorum, too: playing it again would not change
  /// it. Interruption is none.
  public init?(of cell: SweepCell, in directory: String) {
    let digest = SweepDirectory.digest(of: cell)
    guard let bytes = FileManager.default.contents(atPath: directory + "/results.json"),
      let file = try? JSONDecoder.ofRuns.decode(ResultsFile.self, from: bytes),
      file.scenarioDigest == digest, let outcome = file.outcome, outcome != .interrupted
    else { return nil }
    self.cell = cell
    self.file = file
    name = SweepDirectory.name(of: cell)
    usage = RunUsage(in: directory)
    traffic =
      file.trainingBytes
      ?? (try? JournalTraffic(
        in: directory + "/journal.jsonl", of: Experiment(cell.scenario)))?.sent
  }

  /// What a run came to that left no directory.
  init(of cell: SweepCell, file: ResultsFile, traffic: Traffic?) {
    self.cell = cell
    self.file = file
    self.traffic = traffic
    usage = nil
    name = SweepDirectory.name(of: cell)
  }

  /// Whether the run has finished or diverged: nobody can go on with it.
  public var isFinal: Bool { file.outcome == .finished || file.outcome == .diverged }

  /// In a sentence, how the run ended.
  public var reason: String? { file.reason }

  /// How the run ended, in a word.
  public var outcome: String { file.outcome?.rawValue ?? "" }

  /// The figures of the final evaluation, hospital by hospital; none where there was no such evaluation.
  var hospitals: [ResultsFile.Hospital] {
    guard let evaluation = file.evaluation, evaluation.final else { return [] }
    return evaluation.hospitals.filter { !$0.results.isEmpty }
  }

  /// The figures of the final evaluation, by group; none where there was no such evaluation.
  var groups: [ResultsFile.Group] {
    guard let evaluation = file.evaluation, evaluation.final else { return [] }
    return evaluation.means.filter { $0.hospitals > 0 }
  }
}

/// What is read of `results.json`.
struct ResultsFile: Decodable, Sendable {
  /// The means over a group of hospitals.
  struct Group: Decodable {
    var group: String
    var hospitals: Int
    var results: [Row]
  }

  /// The figures of one hospital.
  struct Hospital: Decodable {
    var hospital: String
    var heldOut: Bool
    var patients: Int?
    var results: [Row]
  }

  /// The figures of one contender at one size of support set.
  struct Row: Decodable {
    var shots: Int
    var contender: String
    var figures: [Metric: Double]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      shots = try container.decode(Int.self, forKey: Key(stringValue: "shots"))
      contender = try container.decode(String.self, forKey: Key(stringValue: "contender"))
      figures = [:]
      for metric in Metric.allCases {
        figures[metric] = try container.decodeIfPresent(
          Double.self, forKey: Key(stringValue: metric.rawValue))
      }
    }
  }

  struct Evaluation: Decodable {
    var final: Bool
    var means: [Group]
    var hospitals: [Hospital]
  }

  var scenarioDigest: String?
  var outcome: Ending.Outcome?
  var reason: String?
  var seed: UInt64
  var roundsClosed: Int?
  var trainingBytes: Traffic?
  var metaParametersSHA256: String?
  var evaluation: Evaluation?
}

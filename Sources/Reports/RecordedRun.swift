import Cryptography
public import Federation
import Foundation
public import Scenarios
import Transports

/// A run as its directory tells of it: what was run, and what came of it, round by round.
///
/// A run that is still under way, or that was killed, is told up to its last whole line.
public struct RecordedRun: Sendable {
  /// The directory.
  public let path: String
  /// What was run, from `scenario.yaml`.
  public let scenario: Scenario
  /// The SHA-256 of the scenario as the journal has it; `nil` where the journal has no line.
  public let scenarioDigest: String?
  /// The rounds that were closed, from round 0.
  public let rounds: [RoundRecord]
  /// The evaluations, in order.
  public let evaluations: [RecordedEvaluation]
  /// How the run ended, where it has.
  public let ending: RecordedEnding?

  /// Reads the directory of a run.
  ///
  /// - Throws: ``RunFilesError`` where it holds no run or its journal is damaged, and
  ///   `ScenarioProblems` where its scenario is none.
  public init(path: String) throws {
    self.path = Directory(path).path
    guard Directory(path).exists else {
      throw RunFilesError.unreadable(
        path: path,
        found: FileManager.default.fileExists(atPath: path)
          ? "a file and no directory" : "no such directory",
        accepted: "the directory of a run, which holds its journal.jsonl; name that directory")
    }
    let journal = try RecordedJournal(path: self.path + "/journal.jsonl")
    scenario = try Scenario.read(path: self.path + "/scenario.yaml")
    scenarioDigest = journal.start?.scenarioDigest
    rounds = journal.rounds
    evaluations = journal.evaluations
    ending = journal.ending
  }

  /// Whether `scenario.yaml` is what the journal says was run.
  public var isOfItsScenario: Bool {
    scenarioDigest == SHA256.hexadecimal(ofDigest: Experiment(scenario).digest)
  }

  /// Who was invited and who answered what; `nil` where that is not all that time decided.
  ///
  /// A buffer holds answers that were begun rounds ago, and a late answer that is used counts in
  /// another round than it was asked for: see ``course``.
  public var attendance: Attendance? {
    guard scenario.federation.decidedByTime == nil else { return nil }
    var attendance = Attendance()
    for round in rounds {
      let answered = round.answered + round.declined.map(\.hospital)
      attendance.note(acts: round.acts?.count ?? 0, from: round.round)
      attendance.note(answered + round.missing, invitedTo: round.round)
      attendance.note(
        answered, answering: round.round == 0 ? .describe : .learn, of: round.round)
    }
    for evaluation in evaluations {
      let missing = Set(evaluation.missing)
      attendance.note(
        scenario.cohorts.hospitals.filter { !missing.contains($0) }, answering: .evaluate,
        of: evaluation.round)
    }
    return attendance
  }
}

extension RecordedRun {
  /// Which answers were counted when, and when they were begun, where time decided that; `nil` where it
  /// did not, or where the journal, of an earlier version, does not tell.
  public var course: RecordedCourse? {
    guard scenario.federation.decidedByTime != nil,
      rounds.dropFirst().allSatisfy({ $0.earlier != nil })
    else { return nil }
    return RecordedCourse(
      rounds: rounds,
      judgings: evaluations.map { .init(round: $0.round, final: $0.final, missing: $0.missing) })
  }
}

/// An evaluation as the journal tells of it.
public struct RecordedEvaluation: Equatable, Sendable {
  /// The rounds learnt before it.
  public var round: Int
  /// Whether it was the one at the end.
  public var final: Bool
  /// The hospitals that did not answer.
  public var missing: [String]
  /// Its line, which holds every figure.
  public var line: String

  /// What it says but for whether it was the last.
  var figures: String { line.replacing(#""final":true"#, with: #""final":false"#) }
}

/// How a run ended, as the journal tells of it.
public struct RecordedEnding: Equatable, Decodable, Sendable {
  /// How it ended.
  public var outcome: Ending.Outcome
  /// In a sentence, what happened.
  public var reason: String
}

/// The lines of a journal, by their kind.
///
/// Kinds of lines that are not known are passed over: a later version may write more.
private struct RecordedJournal {
  private(set) var start: RunStart?
  private(set) var rounds: [RoundRecord] = []
  private(set) var evaluations: [RecordedEvaluation] = []
  private(set) var ending: RecordedEnding?

  private struct Kind: Decodable {
    var kind: String
  }

  private struct Format: Decodable {
    var format: Int
  }

  private struct UnknownFormat: Error {
    var format: Int
  }

  private struct EvaluationLine: Decodable {
    var round: Int
    var final: Bool
    var missing: [String]
  }

  init(path: String) throws(RunFilesError) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .unreadable(
        path: path, found: "no journal", accepted: "the directory of a run, which holds one")
    }
    // What follows the last line feed is a line that its writer did not live to end.
    let whole = bytes[..<(bytes.lastIndex(of: UInt8(ascii: "\n")) ?? bytes.startIndex)]
    for (number, line) in whole.split(separator: UInt8(ascii: "\n")).enumerated() {
      do { try take(line) } catch let error as UnknownFormat {
        throw .unreadable(
          path: "\(path):\(number + 1)", found: "the format \(error.format)",
          accepted: "\(Journal.format), that of this version; use the version that wrote it")
      } catch {
        throw .unreadable(
          path: "\(path):\(number + 1)", found: "a line that is not one of a journal",
          accepted: "the JSON objects that a run writes")
      }
    }
    try checkOrder(path)
  }

  private mutating func take(_ line: Data) throws {
    let decoder = JSONDecoder.ofRuns
    switch try decoder.decode(Kind.self, from: line).kind {
    case "start":
      let format = try decoder.decode(Format.self, from: line).format
      guard format == Journal.format else { throw UnknownFormat(format: format) }
      start = try decoder.decode(RunStart.self, from: line)
    case "round": rounds.append(try decoder.decode(RoundRecord.self, from: line))
    case "evaluation":
      let evaluation = try decoder.decode(EvaluationLine.self, from: line)
      evaluations.append(
        RecordedEvaluation(
          round: evaluation.round, final: evaluation.final, missing: evaluation.missing,
          line: String(decoding: line, as: UTF8.self)))
    case "end": ending = try decoder.decode(RecordedEnding.self, from: line)
    default: break
    }
  }

  private func checkOrder(_ path: String) throws(RunFilesError) {
    guard let stray = rounds.indices.first(where: { rounds[$0].round != $0 }) else { return }
    throw .unreadable(
      path: path, found: "round \(rounds[stray].round) where round \(stray) was due",
      accepted: "rounds in order, from round 0")
  }
}

extension JSONDecoder {
  /// A decoder of what runs write, where a number that is not finite is a word.
  static var ofRuns: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}

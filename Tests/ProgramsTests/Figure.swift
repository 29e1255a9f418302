import Foundation
import Testing

/// A figure that the header of a shipped scenario promises, read from its text.
///
/// `Figure: log loss of held-out (?:hospitals|patients) after 5 steps on 16 patients below 0.49, and below
/// majority, alone and unadapted; with seeds 1 to 5 below 0.51`, over as many lines of comment as it
/// takes. What comes after the semicolon may be absent.
struct Figure {
  /// What is measured, as `results.json` calls it.
  var metric: String
  /// Steps of adaptation.
  var steps: Int
  /// Patients or points that are adapted on.
  var shots: Int
  /// What is promised with the seed of the file.
  var bound: Double
  /// Whom adaptation beats, as `results.json` calls them.
  var rivals: [String]
  /// What is promised with other seeds, and which.
  var others: (seeds: ClosedRange<Int>, bound: Double)?
}

extension Figure {
  /// The figures of a scenario's header; one that cannot be read is an error.
  static func all(in header: ScenarioHeader) throws -> [Figure] {
    try header.claims.filter { $0.kind == .figure }.map { try Figure(reading: $0.text) }
  }

  private init(reading text: String) throws {
    let form =
      /(log loss|RMSE|regret) of held-out (?:hospitals|patients) after (\d+) steps? on (\d+) (?:patients|records|points) below (\d+\.\d+), and below ([a-z, ]+)(?:; with seeds (\d+) to (\d+) below (\d+\.\d+))?/
    let claim = try #require(
      text.trimmingCharacters(in: .whitespaces).wholeMatch(of: form), "not a figure: \(text)"
    ).output
    metric = try #require(Self.metrics[String(claim.1)])
    steps = try #require(Int(claim.2))
    shots = try #require(Int(claim.3))
    bound = try #require(Double(claim.4))
    rivals = try claim.5.replacing(" and ", with: ", ").components(separatedBy: ", ").map {
      try #require(Self.contenders[$0], "no contender: \($0)")
    }
    if let first = claim.6.flatMap({ Int($0) }), let last = claim.7.flatMap({ Int($0) }) {
      others = (first...last, try #require(claim.8.flatMap { Double($0) }))
    }
  }

  private static let metrics = [
    "log loss": "logLoss", "RMSE": "rootMeanSquaredError", "regret": "regret",
  ]

  private static let contenders = [
    "majority": "support-constant", "mean": "support-constant", "alone": "support-alone",
    "unadapted": "adapted-0", "last value": "last-value", "one dose for all": "fixed-dose",
  ]
}

/// What `results.json` says, as far as figures need it.
struct Results: Decodable {
  var outcome: String
  var metaParametersSHA256: String
  var evaluation: Evaluation

  struct Evaluation: Decodable {
    var means: [Group]
    var missing: [String]
  }

  struct Group: Decodable {
    var group: String
    var hospitals: Int
    var results: [Judgement]
  }

  struct Judgement: Decodable {
    var shots: Int
    var contender: String
    var logLoss: Double?
    var rootMeanSquaredError: Double?
    var regret: Double?

    /// A figure, by its name.
    subscript(metric: String) -> Double? {
      switch metric {
      case "regret": regret
      case "rootMeanSquaredError": rootMeanSquaredError
      default: logLoss
      }
    }
  }

  /// Reads the file; a figure that is not finite is a number like others, and below nothing.
  init(contentsOf path: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    self = try decoder.decode(Results.self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// The mean of a metric over the held-out hospitals.
  func heldOut(_ metric: String, shots: Int, contender: String) throws -> Double {
    let group = try #require(evaluation.means.first { $0.group == "held-out" })
    let judgement = try #require(
      group.results.first { $0.shots == shots && $0.contender == contender },
      "\(contender) was not judged with \(shots) shots")
    return try #require(judgement[metric])
  }
}

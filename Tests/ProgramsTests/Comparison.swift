import Foundation
import Testing

/// How a shipped scenario compares with itself under other settings, as its header says.
///
/// `Comparison: virtual time below 0.65 times that with `federation.policy=synchronous`; with seeds 1 to
/// 5 below 0.70`. What comes after the semicolon may be absent.
struct Comparison {
  /// What is compared.
  enum Measure: Equatable {
    /// The mean log loss of held-out hospitals, after so many steps on so many patients.
    case logLoss(steps: Int, shots: Int)
    /// What the run took on the virtual clock.
    case virtualTime
    /// The answers that were counted in all rounds.
    case answers
  }

  /// What is compared.
  var measure: Measure
  /// Whether the quotient lies below the bound, or above it.
  var isBelow: Bool
  /// The bound, with the seed of the file.
  var bound: Double
  /// The settings of the other run.
  var settings: [String]
  /// The bound with other seeds, and which.
  var others: (seeds: ClosedRange<Int>, bound: Double)?

  /// The comparisons of a scenario's header; one that cannot be read is an error.
  static func all(in header: ScenarioHeader) throws -> [Comparison] {
    try header.claims.filter { $0.kind == .comparison }.map { try Comparison(reading: $0.text) }
  }

  private init(reading text: String) throws {
    let form =
      /(.+?) (below|above) (\d\.\d+) times (?:that|those) with ((?:`[^`]+`(?: and )?)+)(?:; with seeds (\d+) to (\d+) (below|above) (\d\.\d+))?/
    let claim = try #require(
      text.trimmingCharacters(in: .whitespaces).wholeMatch(of: form), "not a comparison: \(text)"
    ).output
    measure = try Self.measure(String(claim.1))
    isBelow = claim.2 == "below"
    bound = try #require(Double(claim.3))
    settings = claim.4.split(separator: "`").map(String.init).filter { $0.contains("=") }
    if let first = claim.5.flatMap({ Int($0) }), let last = claim.6.flatMap({ Int($0) }) {
      try #require(claim.7 == claim.2)
      others = (first...last, try #require(claim.8.flatMap { Double($0) }))
    }
  }

  private static func measure(_ text: String) throws -> Measure {
    if text == "virtual time" { return .virtualTime }
    if text == "answers in all rounds" { return .answers }
    let form = /log loss of held-out hospitals after (\d+) steps? on (\d+) patients/
    let figure = try #require(text.wholeMatch(of: form), "no measure: \(text)").output
    return .logLoss(
      steps: try #require(Int(figure.1)), shots: try #require(Int(figure.2)))
  }
}

extension Comparison {
  /// Whether a run keeps to the bound beside the other.
  func holds(_ run: PlayedRun, beside other: PlayedRun, within bound: Double) throws -> Bool {
    let quotient = try value(of: run) / value(of: other)
    return isBelow ? quotient < bound : quotient > bound
  }

  private func value(of run: PlayedRun) throws -> Double {
    switch measure {
    case .logLoss(let steps, let shots):
      try run.results.heldOut("logLoss", shots: shots, contender: "adapted-\(steps)")
    case .virtualTime: try #require(run.virtualSeconds, "the scenario has no time")
    case .answers: Double(run.answers)
    }
  }
}

/// What a run came to, as its files say.
struct PlayedRun {
  var results: Results
  /// The answers that were counted in all rounds.
  var answers: Int
  /// What it took on the virtual clock, where there was one.
  var virtualSeconds: Double?

  init(in directory: String) throws {
    let files = RunFiles(directory: directory)
    results = try Results(contentsOf: directory + "/results.json")
    answers = try files.rounds().dropFirst().map(\.answered.count).reduce(0, +)
    virtualSeconds =
      files.has("timing.jsonl")
      ? try TimingLine.all(of: directory).first { $0.kind == "run" }?.seconds : nil
  }
}

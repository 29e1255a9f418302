import Foundation
import Testing

/// A figure of a paper that a scenario under `Scenarios/published` reproduces, read from its header.
///
/// `Published: accuracy at pooled, unadapted, from 0.785 to 0.805; mean of seeds 42 to 46; published 0.795`,
/// over as many lines of comment as it takes. Instead of two bounds there may be `at most 0.50`,
/// `at least 0.70`, or `at least 3.00 times that of SCENARIO` or `that unadapted`.
struct PublishedFigure {
  /// Whose predictions are judged.
  enum Subject {
    case hospital(String)
    case group(String)
    case predictions(String)
  }

  /// What a figure is held against, beside its bounds: the same in another scenario, or before
  /// adaptation.
  enum Unit: Equatable {
    case scenario(String)
    case unadapted
  }

  /// How the seeds are summed up.
  enum Summary: String {
    case mean, median
  }

  /// What is measured, as `results.json` calls it.
  var metric: String
  var subject: Subject
  /// As `results.json` calls it, and after how many shots, where that matters.
  var contender: String
  var shots: Int?
  /// What is accepted.
  var interval: ClosedRange<Double>
  /// What the figure is a multiple of.
  var unit: Unit?
  var seeds: ClosedRange<Int>
  var summary: Summary

  /// The figures of a scenario's header; one that cannot be read is an error.
  static func all(in header: ScenarioHeader) throws -> [PublishedFigure] {
    try header.claims.filter { $0.kind == .published }.map { try PublishedFigure(reading: $0.text) }
  }

  private init(reading text: String) throws {
    let form =
      /(accuracy|MSE) (at|of|over all patients of) ([a-z-]+)(?: hospitals)?, (unadapted|personal|pooled|after (\d+) steps? on (\d+) (?:patients|points)), (from|at most|at least) (\d+\.\d+)(?: to (\d+\.\d+))?(?: times that (of [a-z-]+|unadapted))?; (mean|median) of seeds (\d+) to (\d+); published .+/
    let claim = try #require(
      text.trimmingCharacters(in: .whitespaces).wholeMatch(of: form), "not a figure: \(text)"
    ).output
    metric = claim.1 == "MSE" ? "meanSquaredError" : "accuracy"
    let name = String(claim.3)
    subject =
      switch claim.2 {
      case "at": .hospital(name)
      case "of": .group(name)
      default: .predictions(name)
      }
    contender =
      switch claim.4 {
      case "unadapted": "adapted-0"
      case "personal", "pooled": String(claim.4)
      default: "adapted-" + (claim.5 ?? "")
      }
    shots = claim.6.flatMap { Int($0) }
    let bound = try #require(Double(claim.8))
    interval =
      switch claim.7 {
      case "at most": 0...bound
      case "at least": bound...Double.greatestFiniteMagnitude
      default: bound...(try #require(claim.9.flatMap { Double($0) }))
      }
    unit = claim.10.map { $0 == "unadapted" ? .unadapted : .scenario(String($0.dropFirst(3))) }
    summary = try #require(Summary(rawValue: String(claim.11)))
    seeds = try #require(Int(claim.12))...(try #require(Int(claim.13)))
  }
}

extension PublishedFigure {
  /// The figure over the runs of all seeds.
  func value(in runs: [PublishedResults]) throws -> Double {
    try summarised(runs.map { try $0.value(of: self, contender: contender) })
  }

  /// The figure before adaptation.
  func unadapted(in runs: [PublishedResults]) throws -> Double {
    try summarised(runs.map { try $0.value(of: self, contender: "adapted-0") })
  }

  /// One that is no number, as of a model that has diverged, is above all others.
  private func summarised(_ values: [Double]) -> Double {
    switch summary {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .median: values.map { $0.isNaN ? .infinity : $0 }.sorted()[values.count / 2]
    }
  }
}

/// What `results.json` says, as far as published figures need it.
struct PublishedResults: Decodable {
  private struct Evaluation: Decodable {
    var means: [Group]
    var overPredictions: [Group]
    var hospitals: [Hospital]
  }

  private struct Group: Decodable {
    var group: String
    var results: [Judgement]
  }

  private struct Hospital: Decodable {
    var hospital: String
    var patients: Int?
    var results: [Judgement]
  }

  private struct Judgement: Decodable {
    var shots: Int
    var contender: String
    var accuracy: Double?
    var meanSquaredError: Double?
  }

  private var outcome: String
  private var evaluation: Evaluation

  /// Reads the file of a run that has finished.
  init(contentsOf path: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    self = try decoder.decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    #expect(outcome == "finished")
  }

  /// The patients of each hospital that was judged.
  var patients: [String: Int] {
    Dictionary(uniqueKeysWithValues: evaluation.hospitals.map { ($0.hospital, $0.patients ?? 0) })
  }

  /// What a figure is in this run, of a contender.
  func value(of figure: PublishedFigure, contender: String) throws -> Double {
    let judgement = try #require(
      results(of: figure.subject).first {
        $0.contender == contender && figure.shots.map { [shots = $0.shots] in shots == $0 } ?? true
      }, "\(contender) was not judged")
    return try #require(
      figure.metric == "accuracy" ? judgement.accuracy : judgement.meanSquaredError)
  }

  private func results(of subject: PublishedFigure.Subject) throws -> [Judgement] {
    switch subject {
    case .hospital(let name):
      try #require(evaluation.hospitals.first { $0.hospital == name }).results
    case .group(let name): try #require(evaluation.means.first { $0.group == name }).results
    case .predictions(let name):
      try #require(evaluation.overPredictions.first { $0.group == name }).results
    }
  }
}

import Foundation
import Scenarios
import Testing

@Suite("A shipped scenario reaches the figure in its header", .serialized)
struct ShippedScenariosTests {
  /// Those that need nothing but the program.
  static let selfContained = [
    "case-mix", "concept-shift", "default", "doses", "label-noise-drift", "label-skew",
    "measurement",
    "missing-features", "quantity-skew", "regions", "sinusoid", "small-diagnosis",
    "two-layer-regression",
  ]
  /// Those whose hospitals take their time, or are not always there.
  static let ofTime = ["buffered", "day-and-night", "slow-node", "stragglers"]
  /// Those in whose course something happens to hospitals.
  static let ofFaults = [
    "kill-and-return", "sleeping-nodes", "rough-network", "region-cut", "late-join-and-leave",
    "hostile-hospitals", "coordinator-restart",
  ]
  /// Those that need patients' data.
  static let ofRealPatients = [
    "cystic-fibrosis", "glucose", "glucose-sequence", "heart-disease", "icu-stays", "parkinsons",
    "remifentanil",
    "stroke-syndromes", "stroke-trial",
  ]
  /// Who is not there to be judged at the end: asleep, or too slow for the deadline.
  static let absentAtTheEnd = ["day-and-night": ["h5", "h6", "h7", "h8"], "slow-node": ["h1"]]

  @Test("every scenario is tried here and promises a figure")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Place.package.appending(path: "Scenarios").path)
    let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    #expect(
      Set(names) == Set(Self.selfContained + Self.ofTime + Self.ofFaults + Self.ofRealPatients))
    for name in names { #expect(try !figures(of: name).isEmpty, "\(name)") }
  }

  @Test("the bundled default, without arguments, played by real processes")
  func bundledDefault() throws {
    try expectFigures(of: "default", from: play([]))
  }

  @Test(
    "synthetic hospitals and sine waves, simulated", arguments: selfContained + ofTime + ofFaults)
  func simulated(name: String) throws {
    try expectFigures(of: name, from: play([Place.scenario(name), "--engine", "simulated"]))
  }

  @Test("a coordinator that dies and goes on learns, to the last bit, what an undisturbed one does")
  func restarted() throws {
    let arguments = [Place.scenario("coordinator-restart"), "--engine", "simulated"]
    let disturbed = try play(arguments)
    let calm = try play(arguments + ["--set", "timeline=[]", "--set", "faults={}"])
    #expect(disturbed.results.metaParametersSHA256 == calm.results.metaParametersSHA256)
  }

  @Test(
    "real hospitals, simulated",
    .enabled(if: Place.data != nil, "skipped: the patients' data are absent"),
    arguments: ofRealPatients)
  func realHospitals(name: String) throws {
    try expectFigures(of: name, from: play(onData(name)))
  }

  @Test(
    "and no lucky seed",
    arguments: selfContained.filter { $0 != "sinusoid" } + ofTime)
  func otherSeeds(name: String) throws {
    try expectFigures(of: name, withOtherSeeds: [Place.scenario(name), "--engine", "simulated"])
  }

  @Test("what a header compares is so, with no lucky seed either", arguments: compared)
  func comparisons(name: String) throws {
    let comparisons = try Comparison.all(in: ScenarioHeader(ofScenario: name))
    let arguments = [Place.scenario(name), "--engine", "simulated"]
    for settings in Set(comparisons.map(\.settings)) {
      let other = settings.flatMap { ["--set", $0] }
      let claims = comparisons.filter { $0.settings == settings }
      let seeds = Set(claims.flatMap { $0.others.map { Array($0.seeds) } ?? [] }).sorted()
      #expect(seeds.count >= 5, "the header says what other seeds reach")
      let (run, beside) = (try play(arguments), try play(arguments + other))
      for claim in claims { #expect(try claim.holds(run, beside: beside, within: claim.bound)) }
      for seed in seeds {
        let (run, beside) = (
          try play(arguments + ["--seed", "\(seed)"]),
          try play(arguments + ["--seed", "\(seed)"] + other)
        )
        for claim in claims {
          guard let others = claim.others, others.seeds.contains(seed) else { continue }
          #expect(try claim.holds(run, beside: beside, within: others.bound), "seed \(seed)")
        }
      }
    }
  }

  /// Those that are compared with themselves under other settings.
  static let compared = [
    "buffered", "case-mix", "day-and-night", "measurement", "missing-features", "quantity-skew",
    "slow-node", "stragglers",
  ]

  @Test(
    "and no lucky seed with real hospitals",
    .enabled(if: Place.data != nil, "skipped: the patients' data are absent"),
    arguments: ofRealPatients)
  func otherSeedsOfRealHospitals(name: String) throws {
    try expectFigures(of: name, withOtherSeeds: onData(name))
  }
}

extension ShippedScenariosTests {
  private func figures(of name: String) throws -> [Figure] {
    try Figure.all(in: ScenarioHeader(ofScenario: name))
  }

  private func onData(_ name: String) throws -> [String] {
    [Place.scenario(name), "--engine", "simulated", "--data", try #require(Place.data)]
  }

  private func play(_ arguments: [String]) throws -> PlayedRun {
    let directory = try TemporaryDirectory()
    let run = directory.file("run")
    let outcome = try Program("replay", arguments + ["--quiet", "--run", run]).end()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try PlayedRun(in: run)
  }

  private func expectFigures(of name: String, from run: PlayedRun) throws {
    let results = run.results
    // Who leaves for good is missed by the evaluation at the end.
    let leavers = try Scenario.read(path: Place.scenario(name)).timeline
      .filter { $0.act == .plain(.leave) }.flatMap(\.hospitals)
    #expect(results.evaluation.missing == (Self.absentAtTheEnd[name] ?? leavers.sorted()))
    for figure in try figures(of: name) { try expect(figure, below: figure.bound, in: results) }
  }

  private func expectFigures(of name: String, withOtherSeeds arguments: [String]) throws {
    let figures = try figures(of: name)
    let seeds = Set(figures.flatMap { $0.others.map { Array($0.seeds) } ?? [] }).sorted()
    #expect(seeds.count >= 5, "the header says what other seeds reach")
    for seed in seeds {
      let results = try play(arguments + ["--seed", "\(seed)"]).results
      #expect(results.evaluation.missing == Self.absentAtTheEnd[name, default: []])
      for figure in figures {
        guard let others = figure.others, others.seeds.contains(seed) else { continue }
        try expect(figure, below: others.bound, in: results)
      }
    }
  }

  private func expect(_ figure: Figure, below bound: Double, in results: Results) throws {
    #expect(results.outcome == "finished")
    let reached = try results.heldOut(
      figure.metric, shots: figure.shots, contender: "adapted-\(figure.steps)")
    #expect(reached < bound)
    for rival in figure.rivals {
      let other = try results.heldOut(figure.metric, shots: figure.shots, contender: rival)
      #expect(reached < other, "\(rival)")
    }
  }
}

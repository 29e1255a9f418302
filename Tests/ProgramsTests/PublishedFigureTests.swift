import Foundation
import Scenarios
import Testing

@Suite("A published figure is reproduced by the scenario that says so", .serialized)
struct PublishedFigureTests {
  /// Those that take seconds, on patients' data.
  static let ofRealPatients = [
    "flamby-fedadagrad", "flamby-fedadam", "flamby-fedavg", "flamby-fedyogi", "flamby-fine-tuning",
    "flamby-pooled",
  ]
  /// Those that take seconds, on synthetic points.
  static let ofTenClasses = ["pfedme-fedavg", "pfedme-per-fedavg", "pfedme-personal"]
  /// The same with a network: over all seeds they were played by hand, over one they are here.
  static let ofNetworks = ["pfedme-network-fedavg", "pfedme-network-personal"]
  /// Those that take minutes: played by hand, as Docs/published.md tells, and shortened here.
  static let long = ["maml-sinusoid", "maml-sinusoid-pooled"]

  private static func path(_ name: String) -> String {
    Place.package.appending(path: "Scenarios/published/\(name).yaml").path
  }

  private func figures(of name: String) throws -> [PublishedFigure] {
    let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
    return try PublishedFigure.all(in: ScenarioHeader(of: text))
  }

  private func play(_ name: String, seed: Int, _ arguments: [String]) throws -> PublishedResults {
    let directory = try TemporaryDirectory()
    let run = directory.file("run")
    let outcome = try Program(
      "replay",
      [Self.path(name), "--engine", "simulated", "--quiet", "--run", run, "--seed", "\(seed)"]
        + arguments
    ).end()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try PublishedResults(contentsOf: run + "/results.json")
  }

  @Test("every one is here, claims figures, and is told of with its claims")
  func complete() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Place.package.appending(path: "Scenarios/published").path
    ).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    #expect(
      Set(names) == Set(Self.ofRealPatients + Self.ofTenClasses + Self.ofNetworks + Self.long))
    let page = try String(
      contentsOf: Place.package.appending(path: "Docs/published.md"), encoding: .utf8)
    for name in names {
      #expect(page.contains("](../Scenarios/published/\(name).yaml)"), "\(name)")
      let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
      let claims = ScenarioHeader(of: text).claims
      #expect(!claims.isEmpty && claims.allSatisfy { $0.kind == .published })
      for claim in claims {
        let bounds = claim.text.components(separatedBy: "; ")[0]
        #expect(page.contains(bounds), "\(name): \(bounds)")
      }
      #expect(try figures(of: name).count == claims.count)
    }
  }

  @Test(
    "on patients' data, over the seeds of the paper",
    .enabled(if: Place.data != nil, "skipped: the patients' data are absent"),
    arguments: ofRealPatients)
  func realPatients(name: String) throws {
    try check(name, over: nil, ["--data", try #require(Place.data)])
  }

  /// Without the larger of both support sets, which takes most of the time and no part in a claim.
  @Test("on synthetic points of ten classes, over all seeds", arguments: ofTenClasses)
  func tenClasses(name: String) throws {
    try check(name, over: nil, ["--set", "evaluation.shots=[20]"])
  }

  @Test("on synthetic points of ten classes with a network, over one seed", arguments: ofNetworks)
  func networks(name: String) throws {
    try check(name, over: 1...1, ["--set", "evaluation.shots=[20]"])
  }

  /// Plays some seeds of a scenario, all if nil, and holds its claims against them.
  private func check(_ name: String, over some: ClosedRange<Int>?, _ arguments: [String]) throws {
    let figures = try figures(of: name)
    let all = try #require(figures.first).seeds
    let runs = try (some ?? all).map { try play(name, seed: $0, arguments) }
    for figure in figures {
      #expect(figure.seeds == all)
      let value = try figure.value(in: runs)
      let unit = figure.unit == .unadapted ? try figure.unadapted(in: runs) : 1
      #expect(figure.interval.contains(value / unit), "\(figure.contender): \(value)")
    }
  }

  @Test("a hospital beside others has the patients of all of them, who stay where they are")
  func beside() throws {
    guard let data = Place.data else { return }
    let run = try play(
      "flamby-fedavg", seed: 42, ["--data", data, "--set", "federation.rounds=1"])
    #expect(
      run.patients == [
        "cleveland": 303, "hungarian": 261, "switzerland": 46, "va": 130, "pooled": 740,
      ])
  }

  @Test("yogi and adagrad of the benchmark are one method, as their settings make them")
  func coincidence() throws {
    guard let data = Place.data else { return }
    let runs = try ["flamby-fedyogi", "flamby-fedadagrad"].map {
      try play($0, seed: 42, ["--data", data])
    }
    let figure = try #require(try figures(of: "flamby-fedyogi").first)
    #expect(try figure.value(in: [runs[0]]) == figure.value(in: [runs[1]]))
  }

  @Test("sine waves, after two sevenths of the paper's meta-steps, against joint training")
  func sineWaves() throws {
    let shortened = ["--set", "evaluation.every=0", "--set", "evaluation.episodes=1000"]
    let meta = try play("maml-sinusoid", seed: 2, shortened + ["--set", "federation.rounds=20000"])
    let joint = try play(
      "maml-sinusoid-pooled", seed: 2, shortened + ["--set", "federation.rounds=5000"])
    for figure in try figures(of: "maml-sinusoid") {
      let value = try figure.value(in: [meta])
      #expect(figure.interval.contains(value), "\(figure.contender): \(value)")
    }
    for figure in try figures(of: "maml-sinusoid-pooled") {
      let quotient = try figure.value(in: [joint]) / figure.value(in: [meta])
      #expect(figure.interval.contains(quotient), "\(figure.contender): \(quotient)")
    }
  }
}

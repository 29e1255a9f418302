import Foundation
import Scenarios
import Testing

@Suite("The gallery of shipped scenarios", .serialized)
struct GalleryTests {
  static let smaller = [
    "federation.rounds=12", "federation.episodes-per-round=2", "model.layers.0.dense=4",
    "evaluation.episodes=2",
  ]

  private func play(
    _ name: String, _ engine: String, in directory: TemporaryDirectory, _ settings: [String] = [],
    _ data: [String] = []
  ) throws -> (run: RunFiles, errors: String) {
    let run = RunFiles(directory: directory.file(engine))
    let outcome = try Program(
      "replay",
      [Place.scenario(name), "--engine", engine, "--run", run.directory] + data
        + (Self.smaller + settings).flatMap { ["--set", $0] }
    ).end()
    #expect(outcome.status == 0, "\(name), \(engine): \(outcome.errors)")
    return (run, outcome.errors)
  }

  @Test("lists each scenario with its summary and what its header claims")
  func listed() throws {
    let gallery = try String(
      contentsOf: Place.package.appending(path: "Docs/gallery.md"), encoding: .utf8)
    let rows = gallery.split(separator: "\n").filter { $0.hasPrefix("| [") }.map(String.init)
    let expected = try FileManager.default.contentsOfDirectory(
      atPath: Place.package.appending(path: "Scenarios").path
    ).filter { $0.hasSuffix(".yaml") }.map { try row(of: String($0.dropLast(5))) }
    #expect(rows.sorted() == expected.sorted())
  }

  /// The line of the gallery for a scenario.
  private func row(of name: String) throws -> String {
    let scenario = try Scenario.read(path: Place.scenario(name))
    let claims = try ScenarioHeader(ofScenario: name).claims.map {
      $0.main.replacing(" of held-out hospitals", with: "")
    }
    return "| [\(name)](../Scenarios/\(name).yaml) | \(scenario.summary) | "
      + claims.joined(separator: "<br>") + " |"
  }

  @Test(
    "what needs no patients' data, and in whose course nothing happens, ends alike in both engines",
    arguments: ["default", "sinusoid", "small-diagnosis", "two-layer-regression"])
  func sameRounds(name: String) throws {
    let directory = try TemporaryDirectory()
    let rounds = try ["processes", "simulated"].map {
      try play(name, $0, in: directory, ["federation.deadline=5m"]).run.rounds()
    }
    #expect(rounds[0].count == 13)
    #expect(rounds[0] == rounds[1])
  }

  /// Layers of every kind that real patients' features have use for.
  static let layered = [
    ("stroke-trial", "[{ dense: 4, activation: tanh }]"),
    ("stroke-trial", "[{ embedding: 2 }, { dense: 4, activation: tanh }]"),
    (
      "glucose-sequence",
      "[{ convolution: 2, activation: tanh, pool: max, window: 2 }, { gru: 2 }, { dense: 4 }]"
    ),
  ]

  @Test(
    "and so do the stroke trial, with embeddings too, and glucose as a sequence",
    .enabled(if: Place.data != nil, "skipped: the patients' data are absent"), arguments: layered)
  func realPatients(name: String, layers: String) throws {
    let directory = try TemporaryDirectory()
    let data = ["--data", try #require(Place.data)]
    let settings = ["federation.deadline=5m", "model.layers=\(layers)"]
    let rounds = try ["processes", "simulated"].map {
      try play(name, $0, in: directory, settings, data).run.rounds()
    }
    #expect(rounds[0].count == 13)
    #expect(rounds[0] == rounds[1])
  }

  @Test(
    "and all others of real patients, and the clinic of doses",
    .enabled(if: Place.data != nil, "skipped: the patients' data are absent"),
    arguments: [
      "doses", "glucose", "parkinsons", "remifentanil", "cystic-fibrosis", "icu-stays",
      "stroke-syndromes", "heart-disease",
    ])
  func allRealPatients(name: String) throws {
    let directory = try TemporaryDirectory()
    let settings = ["federation.rounds=12", "evaluation.episodes=2", "federation.deadline=5m"]
    let journals = try ["processes", "simulated"].map { engine in
      let run = directory.file(engine)
      let outcome = try Program(
        "replay",
        [Place.scenario(name), "--engine", engine, "--quiet", "--run", run]
          + ["--data", try #require(Place.data)] + settings.flatMap { ["--set", $0] }
      ).end()
      #expect(outcome.status == 0, "\(name), \(engine): \(outcome.errors)")
      return try String(contentsOfFile: run + "/journal.jsonl", encoding: .utf8)
    }
    #expect(journals[0] == journals[1])
    #expect(journals[0].split(separator: "\n").count >= 15)
  }

  // Real processes keep real time: nobody is slow there, and nobody sleeps.
  @Test(
    "without its time a scenario of slow or sleeping hospitals ends alike in both engines",
    arguments: ["slow-node", "day-and-night"])
  func timeLeftAside(name: String) throws {
    let directory = try TemporaryDirectory()
    // Long enough for real machines with much else to do.
    let patient = ["federation.deadline=5m", "federation.assembly=5m"]
    let real = try play(name, "processes", in: directory, patient)
    #expect(real.errors.contains("real processes keep real time"))
    let timeless = try play(name, "simulated", in: directory, patient + ["time={}"]).run
    #expect(try real.run.rounds() == timeless.rounds())
    #expect(try real.run.rounds().count == 13)
    #expect(try real.run.rounds().allSatisfy { $0.missing == [] })
  }

  // Who is first is a matter of real time there, and of virtual time here.
  @Test(
    "rounds of the first six answers are proven in either engine",
    arguments: ["processes", "simulated"])
  func stragglers(engine: String) throws {
    let directory = try TemporaryDirectory()
    let run = try play("stragglers", engine, in: directory).run
    for round in try run.rounds().dropFirst() {
      #expect(round.answered.count == 6)
      #expect(Set(round.answered + round.missing).count == 8)
    }
    let outcome = try Program.run("replay", "verify", run.directory, "--quiet")
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test("buffers fill in either engine, with whoever comes", arguments: ["processes", "simulated"])
  func buffered(engine: String) throws {
    let directory = try TemporaryDirectory()
    let run = try play("buffered", engine, in: directory).run
    let rounds = try run.rounds().dropFirst()
    #expect(rounds.map(\.round) == Array(1...12))
    #expect(rounds.allSatisfy { $0.answered.count == 4 })
  }
}

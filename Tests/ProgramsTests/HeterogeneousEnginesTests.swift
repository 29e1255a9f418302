import Testing

@Suite("Scenarios of heterogeneity end alike in both engines", .serialized)
struct HeterogeneousEnginesTests {
  static let short = [
    "federation.rounds=3", "federation.episodes-per-round=1", "evaluation.episodes=1",
  ]

  @Test(
    "real processes and the simulation leave the same rounds",
    arguments: [
      ("label-skew", []), ("concept-shift", []), ("quantity-skew", []), ("case-mix", []),
      ("measurement", []), ("missing-features", []),
      (
        "label-noise-drift",
        ["heterogeneity.0.label-noise.from-round=2", "heterogeneity.0.label-noise.over=2"]
      ),
    ])
  func sameRounds(name: String, settings: [String]) throws {
    let directory = try TemporaryDirectory()
    let all = (Self.short + settings).flatMap { ["--set", $0] }
    let rounds = try ["processes", "simulated"].map { engine in
      let run = directory.file(engine)
      let outcome = try Program(
        "replay", [Place.scenario(name), "--engine", engine, "--quiet", "--run", run] + all
      ).end()
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try RunFiles(directory: run).rounds()
    }
    #expect(rounds[0].count == 4)
    #expect(rounds[0] == rounds[1])
  }
}

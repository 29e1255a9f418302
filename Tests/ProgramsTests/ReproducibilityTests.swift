import Testing

@Suite("One scenario, one result", .serialized)
struct ReproducibilityTests {
  static let hospitals = ["cleveland", "hungarian", "switzerland", "va"]
  static let settings = ["federation.rounds=15"]

  @Test(
    "four nodes started by hand, replay, any number of processes and the simulation agree bit for bit",
    .enabled(if: Place.data != nil, "skipped: the heart-disease data is absent"))
  func sameBits() throws {
    let directory = try TemporaryDirectory()
    let reference = try byHand(in: directory)
    for (name, arguments) in [
      ("default", []), ("again", []), ("simulated", ["--engine", "simulated"]),
      ("one", ["--processes", "1"]), ("two", ["--processes", "2"]), ("four", ["--processes", "4"]),
      ("shared-simulation", ["--engine", "simulated", "--processes", "2"]),
    ] {
      #expect(try replay(arguments, in: directory.file(name)) == reference, "\(name)")
    }
  }

  private func byHand(in directory: TemporaryDirectory) throws -> [JournalRound] {
    let run = directory.file("by-hand")
    let federation = try HandStarted(
      Place.scenario("heart-disease"), run: run, endpoint: "ipc://\(directory.file("socket"))",
      settings: Self.settings)
    let nodes = try Self.hospitals.map { try federation.node($0, data: Place.data) }
    #expect(federation.coordinator.end().status == 0)
    for node in nodes { #expect(node.end().status == 0) }
    let rounds = try RunFiles(directory: run).rounds()
    #expect(rounds.count == 16)
    return rounds
  }

  private func replay(_ arguments: [String], in run: String) throws -> [JournalRound] {
    let data = try #require(Place.data)
    let outcome = try Program(
      "replay",
      [Place.scenario("heart-disease"), "--data", data, "--run", run, "--quiet"]
        + Self.settings.flatMap { ["--set", $0] } + arguments
    ).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try RunFiles(directory: run).rounds()
  }
}

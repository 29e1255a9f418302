import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// `replay verify`: plays a run again and holds it to its journal.
struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a run again from its directory, and compare it with its journal.",
    discussion: """
      The scenario that the directory holds is played again in this process, with a virtual clock. In \
      each round the hospitals answer that the journal names, so that a run with losses is proven, too. \
      Where answers go into a buffer or late ones are used, all that the journal says was counted is \
      computed again, from the meta-parameters that it was begun with. \
      With --engine processes, real processes play it, over ZeroMQ, in a directory that goes when it is \
      over. Digests of the meta-parameters, losses, and the figures of evaluations are compared; the first \
      round that differs is printed, and ends it. A run that did not finish is compared up to its last \
      round. Nothing is left behind.

      The exit status is 0 if all is the same and 10 if something differs. Bits are promised per type of \
      machine: where a run was made on another, a difference proves nothing.
      """)

  @Argument(help: ArgumentHelp("The directory of the run.", valueName: "run"))
  var directory: String

  @Option(help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @Option(help: "Real processes over ZeroMQ, or one process and a virtual clock.")
  var engine = Play.Engine.simulated

  @Flag(help: "Print the outcome only.")
  var quiet = false

  func run() async throws {
    try await reporting {
      let recorded = try RecordedRun(path: directory)
      try check(recorded)
      let signals = StopSignals()
      let verification = Verification(
        of: recorded, watcher: Progress(style: quiet ? .silent : .fitting(.error)))
      switch engine {
      case .simulated: try simulate(recorded, verification, signals)
      case .processes: try await play(recorded, verification, signals)
      }
      if signals.isRaised, !verification.isOver { return .interrupted }
      try StandardStream.output.print(verification.text)
      return verification.parting == nil ? .success : .differs
    }
  }

  private func simulate(
    _ recorded: RecordedRun, _ verification: Verification, _ signals: StopSignals
  ) throws {
    let isOver = { signals.isRaised || verification.isOver }
    if let course = recorded.course {
      return try retrace(
        Experiment(recorded.scenario), along: course, data: data, observer: verification,
        isInterrupted: isOver)
    }
    _ = try Federation.simulate(
      Experiment(recorded.scenarioToPlay), data: data, observer: verification,
      attendance: recorded.attendance,
      isInterrupted: isOver)
  }

  private func play(
    _ recorded: RecordedRun, _ verification: Verification, _ signals: StopSignals
  ) async throws {
    if let key = recorded.scenario.federation.decidedByTime {
      throw RunFilesError.unreadable(
        path: recorded.path,
        found: "a run with \(key), which real processes never play the same way twice",
        accepted: "--engine simulated, which computes again what the journal says was counted")
    }
    let place = try Directory.temporary(in: MeetingPlace.parent)
    defer { place.remove() }
    let output = try OutputOptions.parse(["--run", place.path, "--quiet"])
    _ = try await ProcessEngine(
      recorded.scenarioToPlay, processes: nil, data: data, output: output,
      attending: recorded.path
    ).play(from: .init(), stoppedBy: signals)
    if !signals.isRaised { verification.compare(try RecordedRun(path: place.path)) }
  }

  /// Refuses what there is nothing to compare of, or nothing to compare with.
  private func check(_ recorded: RecordedRun) throws(RunFilesError) {
    guard !recorded.rounds.isEmpty else {
      throw .unreadable(
        path: recorded.path, found: "a run that closed no round",
        accepted: "a run that has begun to learn")
    }
    guard recorded.isOfItsScenario else {
      throw .unreadable(
        path: recorded.path + "/scenario.yaml", found: "another scenario than the journal names",
        accepted: "the scenario as it was run, which no one has changed")
    }
  }
}

extension RecordedRun {
  /// The scenario with a day for every answer where who answers is known beforehand, and is waited
  /// for; as it is where time has to decide once more.
  fileprivate var scenarioToPlay: Scenario {
    guard attendance != nil else { return scenario }
    var patient = scenario
    patient.federation.deadline = 86_400
    return patient
  }
}

import ArgumentParser
import Federation
import Options
import Reports
import Scenarios

/// Plays one run again, in one of the engines, and holds it to its journal.
struct Proof {
  let recorded: RecordedRun
  let engine: Play.Engine
  let data: String?
  let isQuiet: Bool
  /// The method that it is the run of, where it is one of several.
  var method: Selection.Method?

  /// Plays it; nothing is left behind.
  ///
  /// - Returns: What was found, and what the method came to.
  func play(
    stoppedBy signals: StopSignals
  ) async throws -> (verification: Verification, result: CellResult?) {
    try check()
    let again = RepeatedRun(
      of: recorded, watcher: Progress(style: isQuiet ? .silent : .fitting(.error)))
    let verification = Verification(of: recorded, watcher: again)
    switch engine {
    case .simulated:
      try simulate(verification, signals)
      try verification.compareFiles(results: again.json)
      return (verification, method.flatMap(again.result))
    case .processes: return (verification, try await play(verification, signals))
    }
  }

  private func simulate(
    _ verification: Verification, _ signals: StopSignals
  ) throws {
    let isOver = { signals.isRaised || verification.isOver }
    if let course = recorded.course {
      return try retrace(
        Experiment(recorded.scenario), along: course, data: data, observer: verification,
        isInterrupted: isOver)
    }
    _ = try Federation.simulate(
      Experiment(recorded.scenarioToPlay, isRetold: recorded.attendance != nil), data: data,
      observer: verification, attendance: recorded.attendance, isInterrupted: isOver)
  }

  private func play(
    _ verification: Verification, _ signals: StopSignals
  ) async throws -> CellResult? {
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
    guard !signals.isRaised else { return nil }
    let again = try RecordedRun(path: place.path)
    verification.compare(again)
    try verification.compareFiles(again)
    return method.flatMap { CellResult(of: $0, repeating: recorded, in: place.path) }
  }

  /// Refuses what there is nothing to compare of, or nothing to compare with.
  private func check() throws(RunFilesError) {
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

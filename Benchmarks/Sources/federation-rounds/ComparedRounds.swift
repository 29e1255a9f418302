import Federation
import Foundation

/// Rounds of the simulated engine in turns with the bare computation of the same hospitals, so that
/// whatever else the machine does falls on both alike.
struct ComparedRounds {
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  func measured() throws -> Measured {
    let experiment = Experiment(try workload.scenario())
    let turns = Turns(try BareComputation(experiment), seconds: workload.seconds)
    _ = try simulate(
      experiment, data: nil, observer: turns, isInterrupted: { turns.isDone })
    return try turns.measured()
  }
}

/// After each round of the engine, times the bare computation of the same round.
private final class Turns: RunObserver {
  private static let warmUp = 3

  private let computation: BareComputation
  private let seconds: Double
  private let started = now()
  private var rounds: [(engine: Double, computation: Double)] = []
  private var begun = 0.0

  private(set) var isDone = false

  init(_ computation: BareComputation, seconds: Double) {
    self.computation = computation
    self.seconds = seconds
  }

  func observe(_ event: RunEvent) throws {
    guard case .roundClosed(let round) = event, !isDone else { return }
    let engine = spent() - begun
    let bare = try computation.seconds(of: round.answered, round: round.round)
    if round.round >= Self.warmUp { rounds.append((engine, bare)) }
    isDone = rounds.count >= 5 && now() - started > seconds
    begun = spent()
  }

  func measured() throws -> Measured {
    let engine = rounds.map { 1000 * $0.engine }
    var measured = Measured(
      milliseconds: engine,
      processorMilliseconds: engine.reduce(0, +) / Double(max(engine.count, 1)),
      memory: try .init(coordinator: getpid(), nodes: []))
    measured.computation = rounds.map { 1000 * $0.computation }
    return measured
  }
}

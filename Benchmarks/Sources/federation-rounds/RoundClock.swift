import Federation
import Foundation

/// Notes when rounds close, and says when enough is known.
final class RoundClock: RunObserver {
  private static let warmUp = 5

  private let seconds: Double
  private let processes: [Int32]
  private let whenDone: () -> Void
  private var instants: [Double] = []
  private var spentBefore = 0.0
  private var spent = 0.0
  private var memory: FederationMemory?

  /// Whether the run has been measured and need not go on.
  private(set) var isDone = false

  /// Measures for `seconds` a coordinator in this process, and these nodes.
  init(seconds: Double, nodes: [Int32], whenDone: @escaping () -> Void = {}) {
    self.seconds = seconds
    self.whenDone = whenDone
    processes = nodes
  }

  func observe(_ event: RunEvent) throws {
    guard case .roundClosed(let round) = event, round.round >= Self.warmUp, !isDone else { return }
    if instants.isEmpty { spentBefore = try processorTime() }
    instants.append(now())
    let elapsed = instants[instants.count - 1] - instants[0]
    if memory == nil && elapsed > seconds / 2 { memory = try present }
    guard elapsed > seconds else { return }
    spent = try processorTime() - spentBefore
    isDone = true
    whenDone()
  }

  /// What is known once the run has ended.
  func measured() throws -> Measured {
    Measured(
      milliseconds: zip(instants, instants.dropFirst()).map { 1000 * ($1 - $0) },
      processorMilliseconds: 1000 * spent / Double(max(instants.count - 1, 1)),
      memory: try memory ?? present)
  }

  private var present: FederationMemory {
    get throws { try .init(coordinator: getpid(), nodes: processes) }
  }

  private func processorTime() throws -> Double {
    try ProcessorTime.spent(by: processes + [getpid()])
  }
}

import Federation
import Foundation
import ZeroMQTransport

/// All hospitals and the coordinator in this process, over a network in memory.
struct SimulatedRounds {
  private let workload: Workload

  init(_ workload: Workload) { self.workload = workload }

  func measured() throws -> Measured {
    let clock = RoundClock(seconds: workload.seconds, nodes: [])
    _ = try simulate(
      Experiment(workload.scenario()), data: nil, observer: clock, isInterrupted: { clock.isDone })
    return try clock.measured()
  }
}

/// A coordinator in this process that keeps no files, and node processes over tcp.
struct LedRounds {
  private let workload: Workload
  private let programs: String

  init(_ workload: Workload, programs: String) {
    self.workload = workload
    self.programs = programs
  }

  func measured() throws -> Measured {
    let place = try WorkPlace()
    defer { place.remove() }
    let interrupt = try Interrupt()
    let hub = try ZeroMQHub(bind: "tcp://127.0.0.1:*", interrupt: interrupt)
    let nodes = try Nodes(
      of: workload, program: programs + "/hospital-node",
      scenario: try place.scenario(of: workload), endpoint: hub.endpoint)
    defer { nodes.end() }
    let clock = RoundClock(
      seconds: workload.seconds, nodes: nodes.identifiers, whenDone: { interrupt.raise() })
    _ = try lead(Experiment(workload.scenario()), over: hub, observer: clock)
    return try clock.measured()
  }
}

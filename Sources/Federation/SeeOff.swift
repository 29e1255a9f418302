import Scenarios
public import Transports

/// Tells nodes that still wait for a coordinator that their run is over.
///
/// The coordinator that ended the run may have died with its last line written and before its farewells.
/// A node that waits says hello every second and is told then; it returns when all hospitals have been
/// told of, or after three hellos' time.
///
/// - Parameters:
///   - experiment: What was run.
///   - hub: The coordinator's end of the network; an interruption that it brings ends it.
///   - code: How the run ended.
/// - Throws: `TransportError` where the network fails.
public func seeOffNodes(
  of experiment: Experiment, over hub: any Hub, code: Farewell.Code
) throws(TransportError) {
  let deadline = hub.now + HospitalNode.helloInterval * 3
  var waiting = Set(experiment.scenario.cohorts.hospitals)
  while !waiting.isEmpty, let arrival = try hub.next(until: deadline) {
    switch arrival {
    case .message(.hello(let hello), let peer) where hello.scenario == experiment.digest:
      waiting.subtract(hello.hospitals)
      let farewell = Farewell(code: code, reason: "the run was over before")
      try hub.send(.farewell(farewell), to: peer)
    // A stranger that talks without end does not keep it here.
    case .message, .malformed: if hub.now >= deadline { return }
    case .interrupted: return
    }
  }
}

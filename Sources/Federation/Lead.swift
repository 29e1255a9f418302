public import Transports

/// Whoever keeps the journal of a run, or watches it.
public protocol RunObserver: AnyObject {
  /// Notes `event`; the run goes on when it returns, and ends when it throws.
  func observe(_ event: RunEvent) throws
}

/// Leads a run from its opening, or from where it was left, to its end over `hub`.
///
/// - Parameters:
///   - experiment: What is run.
///   - hub: The coordinator's end of the network; an interruption that it brings ends the run.
///   - observer: Gets every event, in order; a round's event before the next round begins.
///   - checkpoint: Where to go on from; `nil` begins a run.
///   - attendance: Who answers what, where an earlier run is played again.
///   - stagehand: Acts out the scenario's timeline; `nil` where nobody does, and the run goes on.
/// - Returns: How the run ended, with the meta-parameters at that time.
/// - Throws: `TransportError` where the network fails, and what `observer` throws: the nodes are
///   told that the run has failed.
public func lead(
  _ experiment: Experiment, over hub: any Hub, observer: any RunObserver,
  resuming checkpoint: Coordinator.Checkpoint? = nil, attendance: Attendance? = nil,
  stagehand: (any Stagehand)? = nil
) throws -> Ending {
  var coordinator =
    if let checkpoint {
      Coordinator(experiment, resuming: checkpoint)
    } else { Coordinator(experiment, run: freshRunIdentity()) }
  coordinator.attendance = attendance
  var event = Coordinator.Event.opened
  var cued: [Coordinator.Event] = []
  do {
    while true {
      for effect in coordinator.handle(event, at: hub.now) {
        switch effect {
        case .send(let message, let peer): try hub.send(message, to: peer)
        case .dismiss(let farewell, let peers):
          for peer in peers { try hub.send(.farewell(farewell), to: peer) }
        case .report(let event): try observer.observe(event)
        case .cue(let cue): cued.append(.cued(cue.number, acted: stagehand?.act(cue) ?? false))
        }
      }
      if let ending = coordinator.ending { return ending }
      event =
        cued.isEmpty
        ? Coordinator.Event(try hub.next(until: coordinator.deadline)) : cued.removeFirst()
    }
  } catch {
    let effects = coordinator.handle(.failed(reason: "the coordinator failed"), at: hub.now)
    // What has failed is what the caller is to hear of, not that it could not be told to everyone.
    for case .dismiss(let farewell, let peers) in effects {
      for peer in peers { try? hub.send(.farewell(farewell), to: peer) }
    }
    throw error
  }
}

extension Coordinator.Event {
  /// What an arrival means; none means that the deadline has passed.
  init(_ arrival: Arrival?) {
    switch arrival {
    case .message(let message, let peer): self = .arrived(message, from: peer)
    case .malformed(let error, let peer): self = .malformed(error, from: peer)
    case .interrupted: self = .interrupted
    case nil: self = .deadlinePassed
    }
  }
}

/// 16 bytes that no other run has.
private func freshRunIdentity() -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  return (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

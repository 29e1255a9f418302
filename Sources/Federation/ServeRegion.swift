public import Transports

/// Serves `hospitals` as a region, between its parent and its nodes, until the run is over.
///
/// - Parameters:
///   - hospitals: Names of hospitals of the scenario.
///   - experiment: What is run; the parent and the nodes must run the same.
///   - junction: The region's ends of the network; an interruption that it brings ends the region.
///   - observer: Gets who came and went, and what was ignored.
/// - Returns: How it ended; a refusal is an ending, not an error.
/// - Throws: `TransportError` where the network fails, and what `observer` throws: the nodes are
///   told that the run has failed.
public func serveRegion(
  of hospitals: [String], in experiment: Experiment, over junction: any Junction,
  observer: any RunObserver
) throws -> NodeEnding {
  var region = Region(experiment, hospitals: hospitals)
  do {
    var event = Region.Event.opened
    while true {
      try perform(region.handle(event, at: junction.spoke.now), over: junction, observer)
      if let ending = region.ending { return ending }
      event = Region.Event(try junction.next(until: region.deadline))
    }
  } catch {
    let effects = region.handle(.failed(reason: "the region failed"), at: junction.spoke.now)
    // What has failed is what the caller is to hear of, not that it could not be told to everyone.
    try? perform(effects, over: junction, observer)
    throw error
  }
}

private func perform(
  _ effects: [Region.Effect], over junction: any Junction, _ observer: any RunObserver
) throws {
  for effect in effects {
    switch effect {
    case .tell(let message): try junction.spoke.send(message)
    case .send(let message, let peer): try junction.hub.send(message, to: peer)
    case .report(let event): try observer.observe(event)
    }
  }
}

extension Region.Event {
  /// What an arrival means; none means that the deadline has passed.
  init(_ arrival: JunctionArrival?) {
    switch arrival {
    case .told(let message): self = .told(message)
    case .arrived(.message(let message, let peer)): self = .arrived(message, from: peer)
    case .arrived(.malformed(let error, let peer)): self = .malformed(error, from: peer)
    case .arrived(.interrupted): self = .interrupted
    case nil: self = .deadlinePassed
    }
  }
}

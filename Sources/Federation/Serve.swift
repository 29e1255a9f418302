import Cohorts
public import Transports

/// Serves `hospitals` over `spoke` until the run is over.
///
/// - Parameters:
///   - hospitals: Names of hospitals of the scenario.
///   - experiment: What is run; the coordinator must run the same.
///   - worker: Does the work beside the patients.
///   - spoke: The node's end of the network.
///   - isInterrupted: Asked between the episodes of a job, which may be long.
/// - Returns: How it ended; a refusal is an ending, not an error.
/// - Throws: `TransportError` where the network fails.
public func serve(
  _ hospitals: [String], of experiment: Experiment, with worker: HospitalWorker,
  over spoke: any Spoke, isInterrupted: () -> Bool = { false }
) throws(TransportError) -> NodeEnding {
  var node = HospitalNode(
    hospitals: hospitals, scenario: experiment.digest,
    learnsApart: experiment.learnsApart)
  var event = HospitalNode.Event.started
  while true {
    for message in node.handle(event, at: spoke.now) { try spoke.send(message) }
    if let ending = node.ending { return ending }
    event = try nextEvent(of: &node, worker, spoke, isInterrupted)
  }
}

/// What happens next: a message that waits, else the end of a job, else a message to come.
private func nextEvent(
  of node: inout HospitalNode, _ worker: HospitalWorker, _ spoke: any Spoke,
  _ isInterrupted: () -> Bool
) throws(TransportError) -> HospitalNode.Event {
  if let waiting = try arrival(on: spoke, until: spoke.now) { return waiting }
  if let job = node.nextJob() {
    let begun = spoke.now
    guard let answer = worker.perform(job, isInterrupted: isInterrupted) else {
      return .interrupted
    }
    let slowness = worker.experiment.timeline.slowness(of: job)
    try lag(begun.duration(to: spoke.now) * (slowness - 1), node: &node, spoke)
    return node.ending == nil ? .performed(answer) : .deadlinePassed
  }
  return try arrival(on: spoke, until: node.deadline) ?? .deadlinePassed
}

/// Lets `duration` pass, as a slower machine would have; what comes meanwhile is taken in.
private func lag(
  _ duration: Duration, node: inout HospitalNode, _ spoke: any Spoke
) throws(TransportError) {
  guard duration > .zero else { return }
  let due = spoke.now + duration
  while node.ending == nil, let event = try arrival(on: spoke, until: due) {
    for message in node.handle(event, at: spoke.now) { try spoke.send(message) }
  }
}

private func arrival(
  on spoke: any Spoke, until deadline: Instant?
) throws(TransportError) -> HospitalNode.Event? {
  while let arrival = try spoke.next(until: deadline) {
    switch arrival {
    case .message(let message): return .arrived(message)
    case .interrupted: return .interrupted
    // A coordinator of this version sends none; the node says hello again when its time comes.
    case .malformed: continue
    }
  }
  return nil
}

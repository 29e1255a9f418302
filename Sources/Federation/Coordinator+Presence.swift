import Scenarios
import Transports

// Who comes, who goes, who comes back.

extension Coordinator {
  mutating func receive(_ message: Message, from peer: Peer, at now: Instant) {
    switch message {
    case .hello(let hello): welcome(hello, from: peer, at: now)
    case .answer(let answer): take(answer, from: peer, at: now)
    case .combinedAnswer(let answer): take(answer, from: peer, at: now)
    case .farewell: dismiss(peer, at: now)
    case .welcome, .refused, .assignment:
      ignore("a message of the coordinator's came in from a node")
    }
  }

  private mutating func welcome(_ hello: Hello, from peer: Peer, at now: Instant) {
    if let refusal = refusal(of: hello) {
      ignore("a node was refused: \(refusal.reason)")
      return send(.refused(refusal), to: peer)
    }
    send(.welcome(Welcome(run: run)), to: peer)
    for hospital in hello.hospitals { notePresence(of: hospital, by: peer) }
    if case .assembling = stage { return beginIfAssembled(at: now) }
    if openCue != nil { return noteHeard(hello.hospitals, at: now) }
    // A node says hello when it has nothing to do: whatever it was asked before has got lost.
    for hospital in hello.hospitals { latecomers.excuse(hospital) }
    askForPatients(hello.hospitals)
    if isBuffering { return resupply(hello.hospitals, at: now) }
    ask(hello.hospitals)
  }

  mutating func notePresence(of hospital: String, by peer: Peer) {
    guard let change = roster.arrive(hospital, by: peer) else { return }
    workshop.arrive(hospital)
    report(.presence(Presence(hospital: hospital, change: change, round: round)))
  }

  /// Notes that a hospital let a deadline pass.
  mutating func lose(_ hospital: String) {
    roster.lose(hospital)
    workshop.depart(hospital)
    report(.presence(Presence(hospital: hospital, change: .lost, round: round)))
  }

  private func refusal(of hello: Hello) -> Refusal? {
    if hello.scenario != experiment.digest {
      return Refusal(
        code: .scenario,
        reason: "the node has read another scenario than the coordinator; start both with the same"
          + " file, --seed and --set")
    }
    if hello.hospitals.isEmpty {
      return Refusal(code: .noHospitals, reason: "the node names no hospital; name at least one")
    }
    if let unknown = hello.hospitals.first(where: { !roster.knows($0) }) {
      return Refusal(
        code: .unknownHospital,
        reason: "the scenario \(experiment.scenario.name) has no hospital \(unknown); it has "
          + listing(experiment.scenario.cohorts.hospitals))
    }
    return nil
  }

  /// Answers what is no message: a foreign version with a refusal, anything else with silence.
  mutating func refuse(_ error: WireError, from peer: Peer) {
    ignore("a malformed message was ignored: \(error)")
    guard case .foreignVersion = error else { return }
    send(.refused(Refusal(code: .version, reason: "\(error)")), to: peer)
  }

  private mutating func dismiss(_ peer: Peer, at now: Instant) {
    let gone = roster.leave(peer)
    for hospital in gone {
      report(.presence(Presence(hospital: hospital, change: .left, round: round)))
      question?.giveUp(on: hospital)
      workshop.depart(hospital)
    }
    noteGone(gone, at: now)
    if isBuffering { return continueBuffer(at: now) }
    settleIfComplete(at: now)
  }
}

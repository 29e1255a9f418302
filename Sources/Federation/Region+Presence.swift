import Transports

// Who comes to a region, who goes, who comes back; the parent hears of it.

extension Region {
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
    if let run { send(.welcome(Welcome(run: run)), to: peer) }
    let arrived = hello.hospitals.filter { notePresence(of: $0, by: peer) }
    sayHello(for: arrived)
    // A node says hello when it has nothing to do: whatever it was asked before has got lost.
    ask(hello.hospitals, at: now)
  }

  /// Notes that a hospital is here; true where it was not, or has another node now.
  mutating func notePresence(of hospital: String, by peer: Peer) -> Bool {
    guard let change = roster.arrive(hospital, by: peer) else { return false }
    report(change, of: hospital)
    return true
  }

  private func refusal(of hello: Hello) -> Refusal? {
    if hello.scenario != experiment.digest {
      return Refusal(
        code: .scenario,
        reason: "the node has read another scenario than the region; start both with the same file,"
          + " --seed and --set")
    }
    if hello.hospitals.isEmpty {
      return Refusal(code: .noHospitals, reason: "the node names no hospital; name at least one")
    }
    if let unknown = hello.hospitals.first(where: { !roster.knows($0) }) {
      let names = hospitals.prefix(8).joined(separator: ", ")
      let more = hospitals.count > 8 ? " and \(hospitals.count - 8) more" : ""
      return Refusal(
        code: .unknownHospital,
        reason: "this region does not serve the hospital \(unknown); it serves \(names)\(more)")
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
    for hospital in roster.leave(peer) {
      report(.left, of: hospital)
      work?.giveUp(on: hospital)
    }
    answerIfComplete(at: now)
  }
}

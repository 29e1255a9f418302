import Scenarios
import Transports

// A region passes work on, adds the answers up, and answers.

extension Region {
  /// Takes on what the parent asks for, beside what it has asked for of the same turn.
  mutating func take(_ assignment: Assignment, at now: Instant) {
    let patience = patience(of: assignment)
    if work?.turn != assignment.turn {
      work = RegionWork(
        assignment.turn, tensors: assignment.tensors, of: experiment, patience: patience, at: now)
    }
    work?.wait(patience, from: now)
    let asked = work?.owe(assignment.hospitals.filter(roster.knows)) ?? []
    ask(asked, at: now)
    answerIfComplete(at: now)
  }

  /// How long the parent waits.
  private func patience(of assignment: Assignment) -> Duration {
    assignment.patience.map { .milliseconds($0) }
      ?? .seconds(experiment.scenario.federation.deadline)
  }

  /// Puts the work to those of `hospitals` that owe an answer and are present: one assignment a node.
  mutating func ask(_ hospitals: [String], at now: Instant) {
    guard let work else { return }
    var nodes: [Peer: [String]] = [:]
    var order: [Peer] = []
    for hospital in hospitals where work.owed.contains(hospital) && work.wants(hospital) {
      guard let peer = roster.peer(of: hospital) else { continue }
      if nodes[peer] == nil { order.append(peer) }
      nodes[peer, default: []].append(hospital)
      self.work?.await(hospital)
    }
    for peer in order {
      let assignment = Assignment(
        turn: work.turn, hospitals: nodes[peer] ?? [], tensors: work.tensors,
        patience: now.millisecondsLeft(until: work.deadline))
      send(.assignment(assignment), to: peer)
    }
  }

  /// Counts an answer once, whoever sends it twice.
  mutating func take(_ answer: Answer, from peer: Peer, at now: Instant) {
    guard roster.mayAnswer(peer, for: answer.hospital) else {
      return ignore("an answer in the name of a hospital was ignored: its node has not said hello")
    }
    noteReturn(of: [answer.hospital], by: peer)
    guard work?.turn == answer.turn, work?.wants(answer.hospital) == true else {
      return askAgain([answer.hospital], at: now)
    }
    switch answer.outcome {
    case .declined(let reason): work?.decline(answer.hospital, reason: reason)
    case .contribution(let episodes, let tensors):
      work?.count(tensors, episodes: episodes, of: answer.hospital)
    }
    work?.hear(at: now)
    answerIfComplete(at: now)
  }

  /// Counts the answer of a region below once, or refuses it whole.
  mutating func take(_ answer: CombinedAnswer, from peer: Peer, at now: Instant) {
    guard answer.named.allSatisfy({ roster.mayAnswer(peer, for: $0) }) else {
      return ignore(
        "a combined answer was refused whole: its region has not said hello for all its hospitals")
    }
    noteReturn(of: answer.answered, by: peer)
    let wanted = answer.answered.filter { work?.turn == answer.turn && work?.wants($0) == true }
    guard wanted.count == answer.answered.count else {
      if !wanted.isEmpty {
        ignore("a combined answer was refused whole: some of its hospitals have answered already")
        return ask(wanted, at: now)
      }
      return askAgain(answer.answered, at: now)
    }
    work?.count(answer)
    if !answer.answered.isEmpty { work?.hear(at: now) }
    if work?.turn == answer.turn { giveUp(on: answer.missing, of: peer) }
    answerIfComplete(at: now)
  }

  /// Whoever answers is here.
  private mutating func noteReturn(of hospitals: [String], by peer: Peer) {
    let returned = hospitals.filter {
      roster.peer(of: $0) == nil && notePresence(of: $0, by: peer)
    }
    sayHello(for: returned)
  }

  /// An answer was late or repeated: those who were lost are here, and asked for what they owe.
  private mutating func askAgain(_ hospitals: [String], at now: Instant) {
    ask(hospitals.filter { work?.awaited.contains($0) == false }, at: now)
  }

  /// The region below has given these up.
  private mutating func giveUp(on hospitals: [String], of peer: Peer) {
    for hospital in hospitals where roster.peer(of: hospital) == peer { lose(hospital) }
  }

  private mutating func lose(_ hospital: String) {
    roster.lose(hospital)
    work?.giveUp(on: hospital)
    report(.lost, of: hospital)
  }

  /// The region's deadline has passed: whoever is still awaited is lost.
  mutating func giveUpWaiting(at now: Instant) {
    for hospital in work?.awaited.sorted() ?? [] { lose(hospital) }
    answerIfComplete(at: now)
  }

  /// Answers the parent once nobody is waited for, and before that where an answer is full or due.
  mutating func answerIfComplete(at now: Instant) {
    guard let work, work.isOpen, work.isComplete || work.isFull || work.isReportDue(at: now) else {
      return
    }
    guard let answer = self.work?.takeAnswer(at: now) else { return }
    helloDue = now + HospitalNode.helloInterval
    tell(.combinedAnswer(answer))
  }
}

extension Instant {
  /// Whole milliseconds to a deadline: at least 1.
  func millisecondsLeft(until deadline: Instant) -> Int {
    max(1, Int((deadline.nanoseconds - nanoseconds) / 1_000_000))
  }
}

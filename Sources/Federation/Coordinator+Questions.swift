import Cohorts
import Scenarios
import Transports

// A question is put to hospitals, waited for, and settled.

extension Coordinator {
  /// Puts `phase` of the current round to `invited`, those of them that are present.
  ///
  /// It is settled before all have answered once `sufficient` have, if given.
  mutating func pose(
    _ phase: Phase, to invited: [String], quorum: Int, sufficient: Int? = nil, at now: Instant
  ) {
    let deadline = now + .seconds(experiment.scenario.federation.deadline)
    let turn = Turn(run: run, phase: phase, round: round)
    question = Question(
      turn: turn, invited: invited, quorum: quorum, sufficient: sufficient, deadline: deadline)
    patience = deadline
    ask(invited)
    settleIfComplete(at: now)
  }

  /// Sends the open question to those of `hospitals` that owe an answer and are present: one
  /// assignment a node.
  mutating func ask(_ hospitals: [String]) {
    guard let question else { return }
    var asked: Set<String> = []
    let present = hospitals.filter { hospital in
      question.open.contains(hospital) && expects(hospital) && roster.peer(of: hospital) != nil
        && asked.insert(hospital).inserted
    }
    for hospital in present { self.question?.ask(hospital) }
    assign(question.turn, to: present, until: patience ?? question.deadline)
  }

  /// Sends `turn` to different hospitals that are present: one assignment a node.
  mutating func assign(_ turn: Turn, to hospitals: [String], until deadline: Instant) {
    var nodes: [Peer: [String]] = [:]
    var order: [Peer] = []
    for hospital in hospitals {
      guard let peer = roster.peer(of: hospital) else { continue }
      if nodes[peer] == nil { order.append(peer) }
      nodes[peer, default: []].append(hospital)
    }
    let tensors = order.isEmpty ? [] : assignmentTensors(for: turn.phase)
    for peer in order {
      let hospitals = nodes[peer] ?? []
      send(
        .assignment(
          Assignment(
            turn: turn, hospitals: hospitals, tensors: counts.tensors(for: hospitals) + tensors,
            patience: now.millisecondsLeft(until: deadline))), to: peer)
    }
  }

  private func assignmentTensors(for phase: Phase) -> [Tensor] {
    phase == .describe
      ? [] : experiment.timeline.ownActs.tensors(onsets) + .assigning(parameters, standardiser)
  }

  /// Counts an answer once, whoever sends it twice.
  mutating func take(_ answer: Answer, from peer: Peer, at now: Instant) {
    guard answer.turn.run == run else {
      return ignore("an answer to another run was ignored")
    }
    let present = roster.peer(of: answer.hospital)
    guard present == peer || roster.mayAnswer(peer, for: answer.hospital) else {
      return ignore("an answer in the name of a hospital was ignored: its node has not said hello")
    }
    // Where a successor is present, work goes on going there.
    if present == nil { notePresence(of: answer.hospital, by: peer) }
    noteHeard([answer.hospital], at: now)
    if answer.turn.phase == .learn, experiment.scenario.federation.isBuffered {
      return takeBuffered(answer, at: now)
    }
    guard question?.turn == answer.turn, question?.open.contains(answer.hospital) == true else {
      takeOutOfTurn(answer, at: now)
      // Late or repeated. If the hospital had been lost, it is back: what is open goes to it.
      if question?.awaited.contains(answer.hospital) == false { ask([answer.hospital]) }
      return
    }
    count(answer)
    if case .evaluating = stage { awaitOthers(since: now) }
    settleIfComplete(at: now)
  }

  /// An evaluation takes as long as it takes: the deadline is for silence, not for the whole of it.
  mutating func awaitOthers(since now: Instant) {
    patience = now + .seconds(experiment.scenario.federation.deadline)
  }

  private mutating func count(_ answer: Answer) {
    if case .describing = stage { noteCensus(answer) }
    if case .learning = stage {
      // Whoever answers the newest round is not waited for because of earlier ones.
      _ = latecomers.settle(answer.turn.round, by: answer.hospital)
    }
    switch answer.outcome {
    case .declined(let reason): question?.decline(answer.hospital, reason: reason)
    case .contribution(let episodes, let tensors):
      do {
        try fold(tensors, episodes: episodes, of: answer.hospital)
        question?.count(answer.hospital)
      } catch {
        question?.decline(
          answer.hospital, reason: error.description, isDivergence: error.isDivergence)
      }
    }
  }

  private mutating func fold(
    _ tensors: [Tensor], episodes: Int, of hospital: String
  ) throws(UnfitAnswer) {
    switch stage {
    case .describing: try foldDescription(tensors)
    case .learning: try updates.fold(tensors, episodes: episodes)
    case .evaluating: try metrics.fold(tensors, of: hospital)
    case .assembling, .ended: break
    }
  }

  private mutating func foldDescription(_ tensors: [Tensor]) throws(UnfitAnswer) {
    if experiment.invitesByPatients { _ = try tensors.patientsThatTrain() }
    guard experiment.scenario.cohorts.standardisation == .acrossHospitals else { return }
    try features.fold(tensors)
  }

  mutating func settleIfComplete(at now: Instant) {
    guard let question else { return }
    let isAttended = isAttended(question)
    if question.isComplete, isAttended != false { return settle(at: now) }
    if question.isHopeless || isAttended == true && !question.hasQuorum { loseQuorum() }
  }

  /// The deadline has passed: whoever is still awaited is lost.
  mutating func giveUpWaiting(at now: Instant) {
    if isBuffering { return giveUpOnBuffer(at: now) }
    guard let question else { return beginOrEnd(at: now) }
    for hospital in question.awaited.sorted() {
      self.question?.giveUp(on: hospital)
      lose(hospital)
    }
    if question.hasQuorum { settle(at: now) } else { loseQuorum() }
  }

  private mutating func loseQuorum() {
    guard let question else { return }
    switch stage {
    case .learning:
      closedRounds = round
      report(.roundClosed(record(of: question, updated: false)))
    case .describing: report(.roundClosed(startRecord(question)))
    case .assembling, .evaluating, .ended: break
    }
    if question.hasDiverged { return diverge(question.declined.first?.reason ?? "") }
    loseQuorum(
      answered: question.answered.count, declined: question.declined, missing: question.missing)
  }

  /// Ends the run for want of answers.
  mutating func loseQuorum(
    answered: Int, declined: [RoundRecord.Declined], missing: [String]
  ) {
    let why = details(declined, missing)
    let advice =
      (missing.isEmpty ? [] : ["start the missing nodes"])
      + (declined.isEmpty ? [] : ["mend why hospitals declined"])
    end(
      .quorumLost,
      "round \(round) had \(answered == 1 ? "1 answer" : "\(answered) answers") and the quorum is"
        + " \(experiment.scenario.federation.quorum)\(why.isEmpty ? "" : " (\(why))"); "
        + advice.map { $0 + ", " }.joined() + (advice.isEmpty ? "" : "or ")
        + "lower federation.quorum")
  }

  mutating func diverge(_ what: String) {
    end(
      .diverged,
      "learning diverged in round \(round): \(what); lower algorithm.outer.rate or"
        + " algorithm.\(experiment.scenario.algorithm.local == nil ? "inner" : "local").rate")
  }

  func details(_ declined: [RoundRecord.Declined], _ missing: [String]) -> String {
    let first = declined.prefix(4).map { "\($0.hospital) declined: \($0.reason)" }
    let more = declined.count > 4 ? ["\(declined.count - 4) more declined"] : []
    let missing = missing.isEmpty ? [] : ["missing: " + listing(missing)]
    return (first + more + missing).joined(separator: "; ")
  }
}

extension [Tensor] {
  /// What goes out with the work to learn or to judge.
  static func assigning(_ parameters: [Float], _ standardiser: Standardiser?) -> Self {
    // The large tensor comes last: what is small goes out, and comes in, together with its head.
    var tensors: [Tensor] = []
    if let standardiser {
      tensors.append(.doubles(Meaning.featureMean, standardiser.means))
      tensors.append(.doubles(Meaning.featureScale, standardiser.scales))
    }
    tensors.append(.floats(Meaning.parameters, parameters))
    return tensors
  }
}

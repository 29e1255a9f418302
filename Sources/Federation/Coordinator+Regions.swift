import Transports

// A region, a coordinator that stands below this one, answers for several hospitals at once.

extension Coordinator {
  /// Counts a combined answer once, as if each of its hospitals had answered; where one of them has
  /// answered already it is refused whole, since nothing can be taken out of a sum.
  mutating func take(_ answer: CombinedAnswer, from peer: Peer, at now: Instant) {
    guard answer.turn.run == run else {
      return ignore("a combined answer to another run was ignored")
    }
    guard answer.named.allSatisfy({ roster.mayAnswer(peer, for: $0) }) else {
      return ignore(
        "a combined answer was refused whole: its region has not said hello for all its hospitals")
    }
    if let reason = experiment.reasonAgainstRegions {
      return ignore("a combined answer was refused whole: \(reason)")
    }
    let answered = answer.answered
    for hospital in answered where roster.peer(of: hospital) == nil {
      notePresence(of: hospital, by: peer)
    }
    noteHeard(answered, at: now)
    let owed = answered.filter { question?.turn == answer.turn && isOwed(by: $0) }
    guard owed.count == answered.count else { return refuse(answer, owed: owed.count) }
    count(answer)
    if case .evaluating = stage, !answered.isEmpty { awaitOthers(since: now) }
    if question?.turn == answer.turn { giveUp(on: answer.missing, of: peer) }
    settleIfComplete(at: now)
  }

  private func isOwed(by hospital: String) -> Bool { question?.open.contains(hospital) == true }

  /// Late, repeated, or overlapping with what was counted: what is open is asked for again.
  private mutating func refuse(_ answer: CombinedAnswer, owed: Int) {
    if owed > 0 {
      ignore(
        "a combined answer was refused whole: \(answer.answered.count - owed) of its"
          + " \(answer.answered.count) hospitals have answered already")
      return ask(answer.answered)
    }
    ask(answer.answered.filter { question?.awaited.contains($0) == false })
  }

  private mutating func count(_ answer: CombinedAnswer) {
    for declined in answer.declined {
      question?.decline(
        declined.hospital, reason: declined.reason, isDivergence: declined.diverged)
    }
    guard !answer.hospitals.isEmpty else { return }
    do throws(UnfitAnswer) {
      try fold(answer)
      for hospital in answer.hospitals { question?.count(hospital) }
    } catch {
      for hospital in answer.hospitals {
        question?.decline(hospital, reason: error.description, isDivergence: error.isDivergence)
      }
    }
  }

  private mutating func fold(_ answer: CombinedAnswer) throws(UnfitAnswer) {
    let (tensors, count) = (answer.tensors, answer.hospitals.count)
    switch stage {
    case .describing: try features.fold(combined: tensors, hospitals: count)
    case .learning:
      try updates.fold(combined: tensors, episodes: answer.episodes, hospitals: count)
    case .evaluating: try metrics.fold(combined: tensors, of: answer.hospitals)
    case .assembling, .ended: break
    }
  }

  /// The region has given these up: nobody waits for them, until they are heard of again.
  private mutating func giveUp(on hospitals: [String], of peer: Peer) {
    for hospital in hospitals where isOwed(by: hospital) && roster.peer(of: hospital) == peer {
      question?.giveUp(on: hospital)
      lose(hospital)
    }
  }
}

extension CombinedAnswer {
  /// Whose answer it holds, of either kind.
  var answered: [String] { hospitals + declined.map(\.hospital) }
  /// Everyone whom it names.
  var named: [String] { answered + missing }
}

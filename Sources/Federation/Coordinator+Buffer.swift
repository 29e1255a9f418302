import MetaLearning
import Models
import Scenarios
import Transports

// Buffered asynchrony (Nguyen et al. 2022, FedBuff): hospitals work all the time, and a full buffer
// makes an update.

extension Coordinator {
  private var isLearning: Bool {
    if case .learning = stage { true } else { false }
  }

  /// Whether questions of learning are put hospital by hospital, at any time.
  var isBuffering: Bool { isLearning && experiment.scenario.federation.isBuffered }

  private var plan: FederationPlan { experiment.scenario.federation }

  private var term: Duration { .seconds(plan.deadline) }

  /// Opens the round under way: whoever is idle gets its meta-parameters to work on.
  mutating func openBuffer(at now: Instant) {
    workshop.open(round)
    patienceEnds = now + term
    continueBuffer(at: now)
  }

  /// Closes a full buffer, or gives out work and says how long to wait.
  ///
  /// While the next buffer waits for a cue, answers go into it and nobody is given work.
  mutating func continueBuffer(at now: Instant) {
    guard openCue == nil, case .buffered(let buffer) = plan.policy else { return }
    let folded = workshop.record.answered.count
    if folded >= buffer.size { return closeBuffer(at: now) }
    handOut(upTo: buffer.concurrency, at: now)
    // Nobody who is here could add anything before the next update.
    if workshop.atWork == 0, folded >= plan.quorum { return closeBuffer(at: now) }
    if workshop.isExhausted { return loseBuffer() }
    patience = workshop.nextDue.map { min($0, patienceEnds) } ?? patienceEnds
  }

  private mutating func handOut(upTo concurrency: Int, at now: Instant) {
    var chosen: [String] = []
    while workshop.atWork < concurrency,
      let hospital = experiment.next(
        of: workshop.idle, round: round, number: workshop.givenOut, urn: census.urn)
    {
      workshop.begin(hospital, until: now + term)
      chosen.append(hospital)
    }
    assign(Turn(run: run, phase: .learn, round: round), to: chosen, until: now + term)
  }

  /// Gives hospitals whose node has nothing to do their work again, and work to those that have none.
  mutating func resupply(_ hospitals: [String], at now: Instant) {
    let renewed = hospitals.filter { workshop.renew($0) }
    assign(Turn(run: run, phase: .learn, round: round), to: renewed, until: now + term)
    continueBuffer(at: now)
  }

  /// Takes an answer that completes what its hospital was asked for last; any other is repeated, or
  /// to work that was given out again.
  mutating func takeBuffered(_ answer: Answer, at now: Instant) {
    if let piece = workshop.complete(answer.hospital, round: answer.turn.round) {
      count(answer, of: piece, at: now)
    }
    if isLearning { continueBuffer(at: now) }
  }

  private mutating func count(_ answer: Answer, of piece: Workshop.Piece, at now: Instant) {
    let (hospital, round) = (answer.hospital, workshop.round)
    switch answer.outcome {
    case .declined(let reason):
      workshop.note { $0.decline(hospital, piece, in: round, reason: reason) }
    case .contribution(let episodes, let tensors):
      guard piece.isAwaited || plan.late == .use,
        let weight = plan.staleness.weight(after: round - piece.round)
      else { return workshop.note { $0.drop() } }
      do {
        try updates.fold(tensors, episodes: episodes, weight: weight)
        workshop.note { $0.fold(hospital, piece, in: round) }
      } catch {
        workshop.note {
          $0.decline(
            hospital, piece, in: round, reason: error.description,
            isDivergence: error.isDivergence)
        }
      }
    }
    patienceEnds = now + term
  }

  /// A deadline has passed: hospitals that let it pass are lost, and where nothing has come for so
  /// long, the round is closed with what there is.
  mutating func giveUpOnBuffer(at now: Instant) {
    for hospital in workshop.takeOverdue(at: now) {
      workshop.note { $0.miss(hospital) }
      lose(hospital)
    }
    guard patienceEnds <= now else { return continueBuffer(at: now) }
    if workshop.record.answered.count >= plan.quorum { closeBuffer(at: now) } else { loseBuffer() }
  }

  private mutating func closeBuffer(at now: Instant) {
    update.step(
      &parameters, along: updates.mean, contributors: workshop.record.answered.count)
    closedRounds = round
    commit(.roundClosed(bufferRecord(updated: true)))
    workshop.close { [roster] in roster.peer(of: $0) != nil }
    updates.reset()
    goOn(at: now)
  }

  private func bufferRecord(updated: Bool) -> RoundRecord {
    let record = workshop.record
    let losses = updated ? updates.meanLosses : nil
    var made = RoundRecord(
      round: round, answered: record.answered.sorted(), missing: record.missing.sorted(),
      declined: record.declined.sorted { $0.hospital < $1.hospital }, episodes: updates.episodes,
      lossBefore: losses?.before, lossAfter: losses?.after, updated: updated,
      sha256: parameters.sha256, late: record.late, staleness: record.stalenessRecord,
      earlier: record.earlier, residuals: updated ? updates.meanResiduals : nil)
    noteActs(in: &made)
    return made
  }

  private mutating func loseBuffer() {
    let record = workshop.record
    closedRounds = round
    report(.roundClosed(bufferRecord(updated: false)))
    let answered = record.answered.count
    if record.divergences > 0, answered + record.divergences >= plan.quorum {
      return diverge(record.declined.first?.reason ?? "")
    }
    let absent = experiment.training.filter { roster.peer(of: $0) == nil }
    loseQuorum(answered: answered, declined: record.declined, missing: absent.sorted())
  }
}

import Cryptography
import MetaLearning
import Models
import Scenarios
import Transports

// The order of things: assembly, description, rounds, evaluations, the end.

extension Coordinator {
  mutating func open(at now: Instant) {
    opened = now
    absent = experiment.timeline.absent(
      at: Timeline.Position(round: closedRounds, timed: timedCues))
    let scenario = experiment.scenario
    let start = RunStart(
      scenario: scenario.name, scenarioDigest: SHA256.hexadecimal(ofDigest: experiment.digest),
      seed: scenario.seed, training: experiment.training, heldOut: experiment.heldOut,
      rounds: scenario.federation.rounds)
    patience = now + .seconds(scenario.federation.assembly)
    guard isResumed else { return commit(.started(start)) }
    patience = now + .seconds(scenario.federation.assembly + scenario.federation.deadline)
    report(.resumed(start, after: closedRounds))
  }

  mutating func beginIfAssembled(at now: Instant) {
    if isAssembled { begin(at: now) }
  }

  /// The assembly is over: with the quorum of training hospitals the run begins without the others.
  mutating func beginOrEnd(at now: Instant) {
    let missing = experiment.training.filter { roster.peer(of: $0) == nil }
    let present = experiment.training.count - missing.count
    let quorum = experiment.scenario.federation.quorum
    guard present < quorum else { return begin(at: now) }
    end(
      .quorumLost,
      "\(present) of \(experiment.training.count) training hospitals came and the quorum is"
        + " \(quorum) (missing: \(listing(missing))); start their nodes, raise"
        + " federation.assembly, or lower federation.quorum")
  }

  private mutating func begin(at now: Instant) {
    if hasBegun { return goOn(at: now) }
    guard experiment.needsDescription else {
      commitStart(nil)
      return advance(at: now)
    }
    stage = .describing
    pose(
      .describe, to: Array(experiment.training), quorum: experiment.scenario.federation.quorum,
      at: now)
  }

  /// Settles the open question with the answers that there are.
  mutating func settle(at now: Instant) {
    guard let question else { return }
    self.question = nil
    switch stage {
    case .describing:
      if experiment.scenario.cohorts.standardisation == .acrossHospitals {
        standardiser = features.standardiser
      }
      commitStart(question)
      advance(at: now)
    case .learning: learn(from: question, at: now)
    case .evaluating(let final): judge(from: question, final: final, at: now)
    case .assembling, .ended: break
    }
  }

  private mutating func commitStart(_ question: Question?) {
    hasBegun = true
    commit(.roundClosed(startRecord(question)))
  }

  /// Round 0: by whose sums the features were standardised, and the meta-parameters before learning.
  func startRecord(_ question: Question?) -> RoundRecord {
    RoundRecord(
      round: 0, answered: question?.answered.sorted() ?? [], missing: question?.missing ?? [],
      declined: question?.declined.sorted { $0.hospital < $1.hospital } ?? [], episodes: 0,
      lossBefore: nil, lossAfter: nil, updated: false, sha256: parameters.sha256)
  }

  /// Goes on to the next round, or to the evaluation at the end.
  private mutating func advance(at now: Instant) {
    guard round < experiment.scenario.federation.rounds else {
      return evaluate(final: true, at: now)
    }
    round += 1
    isEvaluated = false
    stage = .learning
    reportActsOfRound()
    if !giveCue(at: now) { beginRound(at: now) }
  }

  /// Puts the round to the hospitals that are invited to it.
  mutating func beginRound(at now: Instant) {
    if experiment.scenario.federation.isBuffered { return openBuffer(at: now) }
    loseLatecomers(at: now)
    pose(
      .learn, to: guests(), quorum: experiment.scenario.federation.quorum,
      sufficient: experiment.answersThatSuffice, at: now)
  }

  /// Who is invited to the round.
  ///
  /// Where that goes by who is present, a run that is played again knows it beforehand.
  private mutating func guests() -> [String] {
    if experiment.scenario.federation.participationBy == .available,
      let known = attendance?.guests(of: round)
    {
      return experiment.training.filter(known.contains)
    }
    return experiment.invited(to: round, present: presentTraining, urn: census.urn)
  }

  /// The training hospitals that are present, in the scenario's order.
  private var presentTraining: HospitalList {
    if roster.presentCount == experiment.scenario.cohorts.hospitals.count {
      return experiment.training
    }
    let training = experiment.training
    return training.choosing(training.indices.filter { roster.peer(of: training[$0]) != nil })
  }

  private mutating func learn(from question: Question, at now: Instant) {
    let answered = question.answered
    update.step(&parameters, along: updates.mean, contributors: answered.count)
    counts.note(answered, in: round)
    closedRounds = round
    commit(.roundClosed(record(of: question, updated: true)))
    noteLatecomers(of: question)
    updates.reset()
    goOn(at: now)
  }

  /// What comes after a closed round: its evaluation where one is due, else the next round.
  mutating func goOn(at now: Instant) {
    guard parameters.allSatisfy(\.isFinite) else {
      return diverge("the meta-parameters ceased to be finite")
    }
    let every = experiment.scenario.evaluation.every
    let isDue =
      every > 0 && round > 0 && round % every == 0 && round < experiment.scenario.federation.rounds
    if isDue && !isEvaluated { evaluate(final: false, at: now) } else { advance(at: now) }
  }

  mutating func record(of question: Question, updated: Bool) -> RoundRecord {
    let losses = updated ? updates.meanLosses : nil
    var record = RoundRecord(
      round: round, answered: question.answered.sorted(), missing: question.missing,
      declined: question.declined.sorted { $0.hospital < $1.hospital },
      episodes: updates.episodes, lossBefore: losses?.before, lossAfter: losses?.after,
      updated: updated, sha256: parameters.sha256,
      residuals: updated ? updates.meanResiduals : nil)
    noteLateness(in: &record)
    noteActs(in: &record)
    return record
  }

  private mutating func evaluate(final: Bool, at now: Instant) {
    stage = .evaluating(final: final)
    metrics = MetricGathering(JudgementForm(of: experiment))
    pose(.evaluate, to: Array(experiment.judged), quorum: 0, at: now)
  }

  private mutating func judge(from question: Question, final: Bool, at now: Instant) {
    let evaluation = evaluation(from: question, final: final)
    guard final else {
      isEvaluated = true
      // Nodes drop work that they have not begun when they are asked to judge.
      workshop.release()
      commit(.evaluated(evaluation))
      return advance(at: now)
    }
    report(.evaluated(evaluation))
    guard !question.answered.isEmpty else {
      return end(
        .quorumLost,
        "all rounds are done, but no hospital could be judged (\(details(question.declined, question.missing)))"
      )
    }
    end(.finished, "all rounds and the evaluation are done")
  }

  private func evaluation(from question: Question, final: Bool) -> Evaluation {
    metrics.evaluation(
      of: experiment, after: round, final: final, declined: question.declined,
      missing: question.missing)
  }
}

extension MetricGathering {
  /// What has been gathered from the hospitals that `experiment` has judged.
  func evaluation(
    of experiment: Experiment, after round: Int, final: Bool, declined: [RoundRecord.Declined],
    missing: [String]
  ) -> Evaluation {
    let reasons = Dictionary(declined.map { ($0.hospital, $0.reason) }) { first, _ in first }
    let heldOut = HospitalPlaces(experiment.heldOut)
    let hospitals = experiment.judged.compactMap { hospital -> HospitalEvaluation? in
      let result = results[hospital]
      guard result != nil || reasons[hospital] != nil else { return nil }
      return HospitalEvaluation(
        hospital: hospital, heldOut: heldOut.contains(hospital), patients: result?.patients,
        results: result?.judgement.sums ?? [], reliance: result?.judgement.reliance,
        declined: reasons[hospital])
    }
    return Evaluation(
      round: round, final: final, shots: experiment.scenario.evaluation.shots,
      contenders: experiment.contenders, hospitals: hospitals, missing: missing,
      explained: experiment.explained)
  }
}

extension [Float] {
  /// The SHA-256 of the numbers as little-endian bytes, in hexadecimal.
  var sha256: String {
    unsafe withUnsafeBytes { bytes in
      unsafe SHA256.hexadecimal(ofDigest: SHA256.digest(bytes))
    }
  }
}

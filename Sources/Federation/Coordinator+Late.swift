import Scenarios
import Transports

// Answers that come when their round is over, and hospitals that were left behind by one.

extension Coordinator {
  /// Notes who was asked in the round that is over and has not answered: their answers come late.
  mutating func noteLatecomers(of question: Question) {
    guard experiment.scenario.federation.countsLateAnswers else { return }
    for hospital in question.awaited {
      latecomers.owe(question.turn.round, by: hospital, until: question.deadline)
    }
    for hospital in question.givenUp {
      latecomers.owe(question.turn.round, by: hospital, until: nil)
    }
  }

  /// Gives up the hospitals that no round has heard of since they were last asked, as a deadline would.
  mutating func loseLatecomers(at now: Instant) {
    for hospital in latecomers.takeOverdue(at: now) where roster.peer(of: hospital) != nil {
      lose(hospital)
    }
  }

  /// Takes an answer to another turn than the open one: what it says of patients, or a meta-gradient
  /// that comes late.
  mutating func takeOutOfTurn(_ answer: Answer, at now: Instant) {
    switch answer.turn.phase {
    case .describe:
      noteCensus(answer)
      if isBuffering { continueBuffer(at: now) }
    case .learn where latecomers.settle(answer.turn.round, by: answer.hospital): takeLate(answer)
    case .learn, .evaluate: break
    }
  }

  /// Folds a late answer in where the scenario says so and it is not too stale; counts it either way.
  private mutating func takeLate(_ answer: Answer) {
    guard case .contribution(let episodes, let tensors) = answer.outcome else { return }
    guard experiment.scenario.federation.late == .use, let weight = weight(of: answer) else {
      return latecomers.drop()
    }
    do {
      try updates.fold(tensors, episodes: episodes, weight: weight)
      latecomers.use(answer.hospital, begun: answer.turn.round)
    } catch {
      latecomers.drop()
    }
  }

  /// The weight in the next update of an answer to an earlier round; `nil` beyond the limit.
  private func weight(of answer: Answer) -> Double? {
    let next = closedRounds + 1
    return experiment.scenario.federation.staleness.weight(after: next - answer.turn.round)
  }

  /// Tells what became of late answers since the last round, where the journal does.
  mutating func noteLateness(in record: inout RoundRecord) {
    guard experiment.scenario.federation.countsLateAnswers else { return }
    let (counts, folded) = latecomers.takeCounts()
    record.late = counts
    if experiment.scenario.federation.late == .use { record.earlier = folded }
  }
}

// MARK: Numbers of patients

extension Coordinator {
  /// Notes how many patients a hospital trains with, and none where it declined to say.
  mutating func noteCensus(_ answer: Answer) {
    guard experiment.invitesByPatients, census.lacks(answer.hospital) else { return }
    switch answer.outcome {
    case .declined: census.note(0, of: answer.hospital)
    case .contribution(_, let tensors):
      census.note((try? tensors.patientsThatTrain()) ?? 0, of: answer.hospital)
    }
  }

  /// Asks those of `hospitals` that came too late for the description for their number of patients:
  /// until it is known they are not invited.
  mutating func askForPatients(_ hospitals: [String]) {
    guard experiment.invitesByPatients, case .learning = stage else { return }
    let deadline = Duration.seconds(experiment.scenario.federation.deadline)
    let unknown = hospitals.filter { census.lacks($0) && roster.peer(of: $0) != nil }
    assign(Turn(run: run, phase: .describe, round: 0), to: unknown, until: now + deadline)
  }
}

extension [Tensor] {
  /// The number of patients of a description.
  func patientsThatTrain() throws(UnfitAnswer) -> Int {
    let patients = try count(Meaning.patients)
    guard (1...PatientCensus.mostPatients).contains(patients) else {
      throw UnfitAnswer("it says that \(patients) patients train, which there cannot be")
    }
    return patients
  }
}

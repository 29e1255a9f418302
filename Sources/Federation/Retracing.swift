import Cohorts
import MetaLearning
import Models
import Scenarios
import Transports

/// Computes a run again from what it says that it counted.
///
/// An answer follows from its hospital, from the round in which it was begun and from the meta-parameters
/// of that round: so it does not matter when it came. Neither messages nor a clock nor the state
/// machines of the engines take part.
///
/// - Parameters:
///   - experiment: What was run.
///   - course: What the run says that it counted.
///   - data: The directory that data sets are read from, where the scenario needs it.
///   - observer: Gets each round and each evaluation as they come out now.
///   - isInterrupted: Asked between answers; an interruption ends it.
/// - Throws: `CohortError` where patients cannot be read, and what `observer` throws.
public func retrace(
  _ experiment: Experiment, along course: RecordedCourse, data: String?,
  observer: any RunObserver, isInterrupted: @escaping () -> Bool = { false }
) throws {
  var retracing = try Retracing(experiment, data: data, isInterrupted: isInterrupted)
  for record in course.rounds {
    guard let again = retracing.round(record) else { return }
    try observer.observe(.roundClosed(again))
    for judging in course.judgings where judging.round == record.round {
      guard let evaluation = retracing.evaluation(judging) else { return }
      try observer.observe(.evaluated(evaluation))
    }
  }
}

private struct Retracing {
  private let experiment: Experiment
  private let worker: HospitalWorker
  private let isInterrupted: () -> Bool
  /// No answer depends on the identity of the run.
  private let run = [UInt8](repeating: 0, count: 16)
  private var parameters: [Float]
  private var update: MetaUpdate
  private var standardiser: Standardiser?
  /// The rounds from which acts by time hold.
  private var onsets: [Int] = []
  /// The meta-parameters that the hospitals had in each round from which answers may still count.
  private var given: [Int: [Float]] = [:]

  init(_ experiment: Experiment, data: String?, isInterrupted: @escaping () -> Bool) throws {
    self.experiment = experiment
    self.isInterrupted = isInterrupted
    worker = try HospitalWorker(
      experiment, hospitals: experiment.scenario.cohorts.hospitals, data: data)
    parameters = experiment.initialParameters()
    update = experiment.freshUpdate()
  }

  /// The round that `record` tells of, as it comes out now; `nil` if it was interrupted.
  mutating func round(_ record: RoundRecord) -> RoundRecord? {
    record.round == 0 ? describe(record) : learn(record)
  }

  /// The same evaluation, as it comes out now; `nil` if it was interrupted.
  func evaluation(_ judging: RecordedCourse.Judging) -> Evaluation? {
    var metrics = MetricGathering(JudgementForm(of: experiment))
    let missing = Set(judging.missing)
    let pieces = experiment.judged.filter { !missing.contains($0) }
      .map { Piece(hospital: $0, begun: judging.round) }
    let declined = answers(.evaluate, of: pieces, from: { _ in parameters }) {
      piece, _, tensors throws(UnfitAnswer) in
      try metrics.fold(tensors, of: piece.hospital)
    }
    return declined.map {
      metrics.evaluation(
        of: experiment, after: judging.round, final: judging.final, declined: $0.map(\.answer),
        missing: judging.missing)
    }
  }
}

extension Retracing {
  private typealias Piece = (hospital: String, begun: Int)
  private typealias Refusal = (piece: Piece, answer: RoundRecord.Declined)

  private mutating func describe(_ record: RoundRecord) -> RoundRecord? {
    let sumsUp = experiment.scenario.cohorts.standardisation == .acrossHospitals
    var features = FeatureGathering(features: experiment.network.inputs)
    var answered: [String] = []
    let declined = answers(.describe, of: pieces(of: record), from: { _ in [] }) {
      piece, _, tensors throws(UnfitAnswer) in
      if sumsUp { try features.fold(tensors) }
      answered.append(piece.hospital)
    }
    if sumsUp { standardiser = features.standardiser }
    return declined.map { again(record, answered: answered, declined: $0.map(\.answer)) }
  }

  private mutating func learn(_ record: RoundRecord) -> RoundRecord? {
    let plan = experiment.scenario.federation
    given[record.round] = parameters
    onsets += (record.acts ?? []).map { _ in record.round }
    given[record.round - plan.staleness.limit - 1] = nil
    var updates = UpdateGathering(experiment)
    var counted: [Piece] = []
    let declined = answers(.learn, of: pieces(of: record), from: { given[$0] }) {
      piece, episodes, tensors throws(UnfitAnswer) in
      guard let weight = plan.staleness.weight(after: record.round - piece.begun) else { return }
      try updates.fold(tensors, episodes: episodes, weight: weight)
      counted.append(piece)
    }
    guard let declined else { return nil }
    let answered = counted.filter { plan.isBuffered || $0.begun == record.round }.map(\.hospital)
    if record.updated {
      update.step(&parameters, along: updates.mean, contributors: answered.count)
    }
    var again = again(record, answered: answered, declined: declined.map(\.answer))
    again.episodes = updates.episodes
    again.earlier =
      (counted + declined.map(\.piece)).filter { $0.begun < record.round }
      .map { RoundRecord.Earlier(hospital: $0.hospital, begun: $0.begun) }.inOrder
    if plan.isBuffered { again.staleness = staleness(of: counted, in: record.round) }
    if record.updated {
      (again.lossBefore, again.lossAfter) = updates.meanLosses
      again.residuals = updates.meanResiduals
    }
    return again
  }

  private func staleness(of counted: [Piece], in round: Int) -> RoundRecord.Staleness {
    let updates = counted.map { round - $0.begun }
    let mean = updates.isEmpty ? 0 : Double(updates.reduce(0, +)) / Double(updates.count)
    return RoundRecord.Staleness(mean: mean, greatest: updates.max() ?? 0)
  }

  /// What came out, beside what is the journal's word: who was missing, and what was dropped.
  private func again(
    _ record: RoundRecord, answered: [String], declined: [RoundRecord.Declined]
  ) -> RoundRecord {
    RoundRecord(
      round: record.round, answered: answered.sorted(), missing: record.missing,
      declined: declined.sorted { $0.hospital < $1.hospital }, episodes: 0, lossBefore: nil,
      lossAfter: nil, updated: record.updated, sha256: parameters.sha256, late: record.late,
      acts: record.acts)
  }

  /// The answers of either kind that came in a round.
  private func pieces(of record: RoundRecord) -> [Piece] {
    let isBuffered = experiment.scenario.federation.isBuffered
    var earlier = record.earlier ?? []
    let named = (record.answered + record.declined.map(\.hospital)).map { hospital -> Piece in
      let place = isBuffered ? earlier.firstIndex { $0.hospital == hospital } : nil
      return (hospital, place.map { earlier.remove(at: $0).begun } ?? record.round)
    }
    return named + earlier.map { ($0.hospital, $0.begun) }
  }

  /// Has hospitals work, and folds in what they contribute; gives who declined, `nil` if it was
  /// interrupted.
  ///
  /// Nobody answers from meta-parameters that are not known: who is said to have is not counted.
  private func answers(
    _ phase: Phase, of pieces: [Piece], from given: (Int) -> [Float]?,
    fold: (Piece, _ episodes: Int, [Tensor]) throws(UnfitAnswer) -> Void
  ) -> [Refusal]? {
    var declined: [Refusal] = []
    for piece in pieces {
      guard let parameters = given(piece.begun) else { continue }
      let job = Job(
        turn: Turn(run: run, phase: phase, round: piece.begun), hospital: piece.hospital,
        tensors: phase == .describe ? [] : .assigning(parameters, standardiser), onsets: onsets)
      guard !isInterrupted(), let answer = worker.perform(job, isInterrupted: isInterrupted) else {
        return nil
      }
      do throws(UnfitAnswer) {
        switch answer.outcome {
        case .declined(let reason): throw UnfitAnswer(reason)
        case .contribution(let episodes, let tensors): try fold(piece, episodes, tensors)
        }
      } catch {
        declined.append((piece, .init(hospital: piece.hospital, reason: error.description)))
      }
    }
    return declined
  }
}

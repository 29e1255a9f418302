import Scenarios
import Transports

// What hospitals do themselves, where it goes by time: the coordinator has the clock and tells them.

extension Coordinator {
  /// Decides which of them hold from the next round on, those whose time has come as a round closes; gives
  /// sentences about them.
  ///
  /// It is committed with the round: whoever goes on from there puts the same to hospitals. A run that is
  /// played again knows it beforehand.
  mutating func noteOnsets() -> [String] {
    let next = closedRounds + 1
    let waiting = experiment.timeline.ownActs.timed.dropFirst(onsets.count)
    guard next <= experiment.scenario.federation.rounds, !waiting.isEmpty else { return [] }
    let due =
      attendance.map { waiting.prefix($0.acts(from: next)) }
      ?? waiting.prefix { .seconds($0.time) <= elapsed }
    onsets += due.map { _ in next }
    return due.map { "\($0.entry.sentence), from round \(next) on" }
  }

  /// Says what hospitals begin to do themselves in the round that is about to begin, by plan or by chance.
  mutating func reportActsOfRound() {
    guard attendance == nil else { return }
    for entry in experiment.timeline.ownActs.beginning[round] ?? [] {
      report(.staged(entry.sentence))
    }
  }

  /// Tells the journal which of them hold from a round on.
  func noteActs(in record: inout RoundRecord) {
    let begun = zip(experiment.timeline.ownActs.timed, onsets).filter { $0.1 == record.round }
    if !begun.isEmpty { record.acts = begun.map(\.0.place) }
  }

  /// Says which acts were still to come when the run was over; not of a run that is played again, as far
  /// as somebody wants to know.
  mutating func reportActsToCome() {
    guard attendance == nil else { return }
    let timeline = experiment.timeline
    let cues = timeline.timed.dropFirst(timedCues.count).map(\.sentence)
    let own = timeline.ownActs.timed.dropFirst(onsets.count).map(\.entry.sentence)
    for sentence in cues + own {
      report(.staged("\(sentence): the run was over before"))
    }
  }
}

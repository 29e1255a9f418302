import Scenarios
import Transports

/// What hospitals do themselves in the course of a run: slow down, send what does harm, have other
/// patients.
///
/// A hospital knows no time but the round that it works on. So an act by round holds from its round,
/// and one by time from the first round that the coordinator puts to hospitals when its time has come:
/// these are its onsets, which go along with every assignment.
struct OwnActs: Sendable {
  /// An act that goes by time.
  struct Timed: Sendable {
    /// Where it stands in the scenario's timeline.
    let place: Int
    /// The seconds after the opening of the coordinator.
    let time: Double
    /// What, to whom and for how many rounds.
    let entry: TimelineEntry
  }

  private typealias Span = (rounds: Range<Int>, act: ActPlan)

  /// Those that go by time, earliest first; those of one time in the scenario's order.
  let timed: [Timed]
  /// Those that go by round, by hospital.
  private let byRound: [String: [Span]]
  /// The same by the round in which they begin, each in the scenario's order.
  let beginning: [Int: [TimelineEntry]]

  /// Those of a timeline.
  init(of entries: [TimelineEntry]) {
    let own = entries.enumerated().filter { $0.element.act.isOfHospital }
    timed = own.compactMap { place, entry in
      guard case .time(let time) = entry.moment else { return nil }
      return Timed(place: place, time: time, entry: entry)
    }
    .sorted { ($0.time, $0.place) < ($1.time, $1.place) }
    var byRound: [String: [Span]] = [:]
    for (_, entry) in own {
      guard case .round(let first) = entry.moment else { continue }
      for hospital in entry.hospitals {
        byRound[hospital, default: []].append((entry.span(from: first), entry.act))
      }
    }
    self.byRound = byRound
    beginning = Dictionary(grouping: own.map(\.element).filter { $0.firstRound != nil }) {
      $0.firstRound ?? 0
    }
  }

  /// The factor by which work takes longer at `hospital` in `round`; `onsets` are the rounds from which
  /// acts by time hold, of those whose time has come.
  func slowness(of hospital: String, in round: Int, onsets: [Int]) -> Double {
    let factors = acts(of: hospital, in: round, onsets).map { act in
      if case .slow(let factor) = act { factor } else { nil as Double? }
    }
    return factors.compactMap(\.self).last ?? 1
  }

  /// How `hospital` harms learning in `round`, if it does; `onsets` are the rounds from which acts by time
  /// hold, of those whose time has come.
  func attack(by hospital: String, in round: Int, onsets: [Int]) -> AttackPlan? {
    let attacks = acts(of: hospital, in: round, onsets).map { act in
      if case .hostile(let plan) = act { plan } else { nil as AttackPlan? }
    }
    return attacks.compactMap(\.self).last
  }

  /// Those that hold, the one that began last at the end; of one round in the scenario's order, and
  /// those by time after those by round.
  private func acts(of hospital: String, in round: Int, _ onsets: [Int]) -> [ActPlan] {
    guard !byRound.isEmpty || !onsets.isEmpty else { return [] }
    let dated = zip(timed, onsets).filter { $0.0.entry.hospitals.contains(hospital) }
      .map { ($0.0.entry.span(from: $0.1), $0.0.entry.act) }
    let spans = (byRound[hospital] ?? []) + dated
    return spans.enumerated().filter { $0.element.0.contains(round) }
      .sorted { ($0.element.0.lowerBound, $0.offset) < ($1.element.0.lowerBound, $1.offset) }
      .map(\.element.1)
  }
}

extension TimelineEntry {
  /// The round in which it begins, where that is known beforehand.
  fileprivate var firstRound: Int? { if case .round(let round) = moment { round } else { nil } }

  /// The rounds in which it holds, if it does from `first` on.
  fileprivate func span(from first: Int) -> Range<Int> {
    first..<(rounds.map { first + $0 } ?? .max)
  }
}

// MARK: On the wire

extension OwnActs {
  /// What an assignment says of those that go by time, if there are any: for each the round from which it
  /// holds, 0 before its time has come.
  func tensors(_ onsets: [Int]) -> [Tensor] {
    guard !timed.isEmpty else { return [] }
    let later = Array(repeating: 0, count: timed.count - onsets.count)
    return [.doubles(Meaning.onsets, (onsets + later).map { Double($0) })]
  }

  /// The onsets that a job has from its assignment.
  ///
  /// - Throws: ``UnfitAnswer`` where there should be some and are not, or others than can be.
  func onsets(of job: Job) throws(UnfitAnswer) -> [Int] {
    guard !timed.isEmpty, job.turn.phase != .describe else { return [] }
    guard let onsets = job.onsets, onsets.count <= timed.count else {
      throw UnfitAnswer("the assignment does not say which acts by time hold")
    }
    return onsets
  }
}

extension [Tensor] {
  /// The onsets that an assignment tells, where it does so as it should.
  var onsets: [Int]? {
    guard let found = first(where: { $0.meaning == Meaning.onsets }),
      let numbers = try? doubles(Meaning.onsets, shape: found.shape)
    else { return nil }
    let rounds = numbers.prefix { $0 != 0 }.map { Int(exactly: $0) ?? 0 }
    let isSound =
      rounds.allSatisfy { $0 > 0 } && zip(rounds, rounds.dropFirst()).allSatisfy { $0 <= $1 }
    return isSound ? rounds : nil
  }
}

public import Transports

/// Who answers what in a run, known beforehand: an earlier run's, when it is played again.
///
/// Which hospitals are missing from a round may be a matter of real time, and then no seed decides
/// it; everything else follows from the scenario. A coordinator with an attendance asks a hospital
/// only what it is down for, and waits for all of those: so a run with losses can be played again
/// by nodes that are all well.
public struct Attendance: Sendable {
  private struct Call: Hashable {
    var phase: Phase
    var round: Int
  }

  private var calls: [Call: Set<String>] = [:]
  private var guests: [Int: Set<String>] = [:]
  private var acts: [Int: Int] = [:]

  /// Nothing is known: all hospitals answer everything.
  public init() {}

  /// Notes that `hospitals`, and no others, answer `phase` of `round`, with a contribution or without.
  public mutating func note(
    _ hospitals: some Sequence<String>, answering phase: Phase, of round: Int
  ) {
    calls[Call(phase: phase, round: round)] = Set(hospitals)
  }

  /// Notes that `hospitals`, and no others, are invited to `round`: which of them are present when it
  /// begins may decide that.
  public mutating func note(_ hospitals: some Sequence<String>, invitedTo round: Int) {
    guests[round] = Set(hospitals)
  }

  /// Notes how many acts that go by time hold from `round` on, and not before.
  public mutating func note(acts count: Int, from round: Int) { acts[round] = count }

  /// How many acts that go by time hold from `round` on, and not before.
  func acts(from round: Int) -> Int { acts[round] ?? 0 }

  /// Who is invited to `round`; `nil` where nothing is known of it.
  func guests(of round: Int) -> Set<String>? { guests[round] }

  /// Whether `hospital` answers `turn`; whoever knows of no such turn takes it that it does.
  func includes(_ hospital: String, in turn: Turn) -> Bool {
    calls[Call(phase: turn.phase, round: turn.round)]?.contains(hospital) ?? true
  }

  /// Who is known to answer `turn`; `nil` where nothing is known of it.
  func answering(_ turn: Turn) -> Set<String>? {
    calls[Call(phase: turn.phase, round: turn.round)]
  }
}

extension Coordinator {
  /// Whether all have answered of whom it is known beforehand that they do; `nil` where that is not known.
  func isAttended(_ question: Question) -> Bool? {
    attendance?.answering(question.turn).map { question.open.isDisjoint(with: $0) }
  }

  /// Whether the open question is for `hospital`, as far as is known beforehand.
  func expects(_ hospital: String) -> Bool {
    guard let attendance, let question else { return true }
    return attendance.includes(hospital, in: question.turn)
  }
}

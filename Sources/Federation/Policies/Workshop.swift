import Scenarios
import Transports

/// Who works on which meta-parameters when hospitals work all the time, and what has come of the
/// round under way.
///
/// A hospital works at one piece at a time, and on the meta-parameters of one round at most once:
/// the same turn would get the same answer. It is idle while it is present, has nothing to do and
/// has not worked for the round under way.
struct Workshop {
  /// What a hospital was asked for last and has not answered.
  struct Piece: Equatable {
    /// The round whose meta-parameters it works on.
    var round: Int
    /// When it is no longer waited for.
    var until: Instant
    /// Whether it is waited for.
    var isAwaited = true
  }

  private let members: HospitalPlaces
  private var pieces: [String: Piece] = [:]
  /// The pieces in the order of their deadlines; those that have been answered since are passed over.
  private var due: [(until: Instant, hospital: String)] = []
  private var firstDue = 0
  /// The hospitals that have answered for the round under way.
  private var done: Set<String> = []
  /// The hospitals that may be given work.
  private(set) var idle = IdleSet()
  /// How many hospitals are waited for.
  private(set) var atWork = 0
  /// The round under way, of whose meta-parameters work is given out.
  private(set) var round = 1
  /// How many pieces have been given out in it.
  private(set) var givenOut = 0
  /// What has come of it.
  private(set) var record = BufferRecord()

  init(hospitals: HospitalList) {
    members = HospitalPlaces(hospitals)
  }

  /// Whether all training hospitals have answered for the round under way.
  var isExhausted: Bool { atWork == 0 && done.count == members.names.count }

  /// Whether a hospital has been given work and is waited for.
  func isAwaited(_ hospital: String) -> Bool { pieces[hospital]?.isAwaited == true }

  /// Whether a hospital is waited for with the work of this round.
  func isAwaited(_ hospital: String, toAnswer round: Int) -> Bool {
    isAwaited(hospital) && pieces[hospital]?.round == round
  }

  /// Notes that a hospital is present.
  mutating func arrive(_ hospital: String) {
    guard members.contains(hospital), !done.contains(hospital), !isAwaited(hospital) else { return }
    idle.insert(hospital)
  }

  /// Notes that a hospital is not waited for until it is heard of.
  mutating func depart(_ hospital: String) {
    idle.remove(hospital)
    guard isAwaited(hospital) else { return }
    pieces[hospital]?.isAwaited = false
    atWork -= 1
  }

  /// Gives an idle hospital the work of the round under way.
  mutating func begin(_ hospital: String, until: Instant) {
    idle.remove(hospital)
    pieces[hospital] = Piece(round: round, until: until)
    due.append((until, hospital))
    atWork += 1
    givenOut += 1
  }

  /// Gives a hospital that is waited for the work of the round under way in place of what it had,
  /// which has got lost; false where it is not waited for.
  ///
  /// It does not get more time.
  mutating func renew(_ hospital: String) -> Bool {
    guard isAwaited(hospital) else { return false }
    pieces[hospital]?.round = round
    return true
  }

  /// The piece that an answer of a hospital to `round` completes; `nil` if it completes none.
  mutating func complete(_ hospital: String, round answered: Int) -> Piece? {
    guard let piece = pieces[hospital], piece.round == answered else { return nil }
    pieces[hospital] = nil
    if piece.isAwaited { atWork -= 1 }
    if piece.round == round {
      idle.remove(hospital)
      done.insert(hospital)
    } else {
      idle.insert(hospital)
    }
    return piece
  }

  /// The hospitals whose deadline has passed, sorted by name.
  mutating func takeOverdue(at now: Instant) -> [String] {
    var overdue: [String] = []
    while let next = nextDue, next <= now {
      overdue.append(due[firstDue].hospital)
      firstDue += 1
    }
    return overdue.sorted()
  }

  /// When the next hospital is no longer waited for; `nil` if none is.
  var nextDue: Instant? {
    mutating get {
      while firstDue < due.count {
        let (until, hospital) = due[firstDue]
        if let piece = pieces[hospital], piece.isAwaited, piece.until == until { return until }
        firstDue += 1
      }
      due.removeAll(keepingCapacity: true)
      firstDue = 0
      return nil
    }
  }

  /// Begins a round.
  mutating func open(_ round: Int) {
    self.round = round
    givenOut = 0
  }

  /// Ends the round under way: what comes now counts for the next one, and those who have answered may
  /// be given work again, if present.
  mutating func close(isPresent: (String) -> Bool) {
    round += 1
    record = BufferRecord()
    for hospital in done.sorted() where isPresent(hospital) { idle.insert(hospital) }
    done.removeAll(keepingCapacity: true)
    // What has been dealt with is let go before it outweighs what has not.
    if firstDue > due.count / 2 {
      due.removeFirst(firstDue)
      firstDue = 0
    }
  }

  /// Gives up all pieces that are waited for, as an evaluation makes hospitals do that have not begun
  /// them.
  mutating func release() {
    for (hospital, piece) in pieces.sorted(by: { $0.key < $1.key }) where piece.isAwaited {
      pieces[hospital] = nil
      if !done.contains(hospital) { idle.insert(hospital) }
    }
    atWork = 0
  }

  /// Changes what has come of the round under way.
  mutating func note(_ change: (inout BufferRecord) -> Void) {
    change(&record)
  }
}

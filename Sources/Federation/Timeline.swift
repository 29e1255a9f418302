import Scenarios
import Tensors
import Transports

/// What happens to hospitals in the course of a run: the scenario's entries and those drawn by its
/// rates, in order.
///
/// It follows from the scenario and its seed alone, so coordinator, nodes and whoever acts it out
/// have the same one.
public struct Timeline: Sendable {
  /// The moments at which somebody has to act, those of rounds first, each kind in its order.
  public let cues: [Cue]
  /// The hospitals that are not there at the start.
  public let joiners: Set<String>
  /// The hospitals whose nodes or messages something happens to, so that each needs a node of its
  /// own.
  public let concerned: Set<String>
  /// The hospitals whose messages do not always pass as usual.
  public let disturbed: Set<String>

  private let cueOfRound: [Int: Int]
  /// The cues that go by time, earliest first.
  let timed: [Cue]
  /// What hospitals do themselves.
  let ownActs: OwnActs
  /// The drifts that chance makes, as rules.
  let drawnRules: [HeterogeneityRulePlan]

  /// The timeline of `scenario`, with chance drawn from `random`.
  ///
  /// Of a run that `isRetold` only what hospitals do themselves is left. Who came when is known then: to have
  /// them come and go once more would take the same moments of time, which no clock promises.
  init(_ scenario: Scenario, random: RandomStream, isRetold: Bool) {
    let drawn = FaultDraw(scenario, random: random).entries()
    let entries = scenario.timeline + drawn
    cues = isRetold ? [] : Script(entries, rounds: scenario.federation.rounds).cues()
    // Whom chance lets join may never come.
    let possible = scenario.faults.filter { $0.act == .plain(.join) }.flatMap { $0.hospitals ?? [] }
    let late = entries.filter { $0.act == .plain(.join) }.flatMap(\.hospitals) + possible
    joiners = isRetold ? [] : Set(late)
    concerned = Set(cues.flatMap(\.deeds).map(\.hospital)).union(joiners)
    disturbed = Set(cues.flatMap(\.deeds).filter(\.kind.concernsMessages).map(\.hospital))
    timed = cues.filter { $0.round == nil }
    cueOfRound = Dictionary(
      cues.compactMap { cue in cue.round.map { ($0, cue.number) } }, uniquingKeysWith: { $1 })
    ownActs = OwnActs(of: entries)
    drawnRules = drawn.compactMap(\.rule)
  }

  /// Whether the coordinator is restarted in its course.
  public var restartsCoordinator: Bool { cues.contains(where: \.restartsCoordinator) }

  /// The factor by which work takes longer at `hospital` in `round`, once acts by time hold from these
  /// rounds on: of those that hospitals do themselves, the earliest first.
  public func slowness(of hospital: String, in round: Int, onsets: [Int] = []) -> Double {
    ownActs.slowness(of: hospital, in: round, onsets: onsets)
  }

  /// The factor by which a job takes longer.
  func slowness(of job: Job) -> Double {
    slowness(of: job.hospital, in: job.turn.round, onsets: job.onsets ?? [])
  }

  /// Whether anything happens by time.
  var goesByTime: Bool { !timed.isEmpty || !ownActs.timed.isEmpty }

  /// What has to be acted out before `round` begins, if anything has.
  func cue(before round: Int) -> Cue? { cueOfRound[round].map { cues[$0] } }

  /// How far a run has come in its timeline.
  public struct Position: Equatable, Sendable {
    /// The last round that is closed, 0 before any.
    public var round: Int
    /// For each of the cues that go by time and have been given, in order, the round under way then.
    public var timed: [Int]

    /// Takes the parts as they are; the beginning, unless told otherwise.
    public init(round: Int = 0, timed: [Int] = []) {
      self.round = round
      self.timed = timed
    }
  }

  /// The cues that have been given, in the order in which they were.
  public func cues(until position: Position) -> [Cue] {
    var given: [Cue] = []
    var due = zip(timed, position.timed).makeIterator()
    var next = due.next()
    for cue in cues.prefix(while: { $0.round.map { $0 <= position.round } ?? false }) {
      while let (cueOfTime, round) = next, round < cue.round ?? 0 {
        given.append(cueOfTime)
        next = due.next()
      }
      given.append(cue)
    }
    while let (cueOfTime, _) = next {
      given.append(cueOfTime)
      next = due.next()
    }
    return given
  }

  /// The hospitals that are not there, or not to be reached, when the cues until `position` have
  /// been acted out; before any, those that join later.
  public func absent(at position: Position) -> Set<String> {
    Set(reach(at: position).filter { !$0.value.isOpen }.keys)
  }

  /// Those of them whose nodes do not run.
  public func stopped(at position: Position) -> Set<String> {
    Set(reach(at: position).filter { !$0.value.isRunning }.keys)
  }

  private func reach(at position: Position) -> [String: Reach] {
    var reach = Dictionary(joiners.map { ($0, Reach.none) }, uniquingKeysWith: { $1 })
    for deed in cues(until: position).flatMap(\.deeds) {
      guard case .plain(let act) = deed.kind else { continue }
      reach[deed.hospital, default: Reach()].suffer(act)
    }
    return reach
  }
}

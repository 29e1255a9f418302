import Scenarios
import Tensors

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
  /// What hospitals do themselves, by the rounds in which they do it, in order.
  private let ownActs: [String: [(rounds: Range<Int>, act: ActPlan)]]

  /// The timeline of `scenario`, with chance drawn from `random`.
  init(_ scenario: Scenario, random: RandomStream) {
    let drawn = FaultDraw(scenario, random: random).entries()
    let entries = scenario.timeline + drawn
    cues = Script(entries, rounds: scenario.federation.rounds).cues()
    joiners = Set(entries.filter { $0.act == .plain(.join) }.flatMap(\.hospitals))
    concerned = Set(cues.flatMap(\.deeds).map(\.hospital))
    disturbed = Set(cues.flatMap(\.deeds).filter(\.kind.concernsMessages).map(\.hospital))
    timed = cues.filter { $0.round == nil }
    cueOfRound = Dictionary(
      cues.compactMap { cue in cue.round.map { ($0, cue.number) } }, uniquingKeysWith: { $1 })
    ownActs = Self.ownActs(of: entries)
  }

  /// Whether the coordinator is restarted in its course.
  public var restartsCoordinator: Bool { cues.contains(where: \.restartsCoordinator) }

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

  /// The factor by which work takes longer at `hospital` in `round`.
  public func slowness(of hospital: String, in round: Int) -> Double {
    let factors = acts(of: hospital, in: round).map { act in
      if case .slow(let factor) = act { factor } else { nil as Double? }
    }
    return factors.compactMap(\.self).last ?? 1
  }

  /// How `hospital` harms learning in `round`, if it does.
  func attack(by hospital: String, in round: Int) -> AttackPlan? {
    let attacks = acts(of: hospital, in: round).map { act in
      if case .hostile(let plan) = act { plan } else { nil as AttackPlan? }
    }
    return attacks.compactMap(\.self).last
  }

  private func acts(of hospital: String, in round: Int) -> [ActPlan] {
    (ownActs[hospital] ?? []).filter { $0.rounds.contains(round) }.map(\.act)
  }

  private static func ownActs(
    of entries: [TimelineEntry]
  ) -> [String: [(rounds: Range<Int>, act: ActPlan)]] {
    var acts: [String: [(rounds: Range<Int>, act: ActPlan)]] = [:]
    for entry in entries {
      guard case .round(let first) = entry.moment, entry.act.isOfHospital else { continue }
      let rounds = first..<(entry.rounds.map { first + $0 } ?? .max)
      for hospital in entry.hospitals { acts[hospital, default: []].append((rounds, entry.act)) }
    }
    return acts
  }
}

extension ActPlan {
  /// Whether hospitals do it themselves, by the round of their work.
  var isOfHospital: Bool {
    switch self {
    case .slow, .hostile: true
    case .plain, .disturb, .restart, .drift: false
    }
  }
}

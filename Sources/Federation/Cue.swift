public import Scenarios

/// A moment at which something is to be acted out, and what.
public struct Cue: Equatable, Sendable {
  /// Which of the timeline's cues, from 0.
  public let number: Int
  /// When.
  public let moment: TimelineEntry.Moment
  /// What is to be done, in order.
  public let deeds: [Deed]
  /// Whether the coordinator is ended at once and started again, before anything else is done: the
  /// one that goes on gives the cue once more, and then the rest of it is done.
  public let restartsCoordinator: Bool
  /// The hospitals that take part again, and are to be heard of before the round begins.
  public let returning: Set<String>
  /// The hospitals whose farewell is to be heard before the round begins.
  public let leaving: Set<String>

  /// The round before which it comes; `nil` for one that goes by time.
  var round: Int? {
    if case .round(let round) = moment { round } else { nil }
  }

  /// When what happens, in words.
  public var sentence: String {
    let when =
      switch moment {
      case .round(let round): "round \(round)"
      case .time(let seconds): "after \(seconds)s"
      }
    let restart = restartsCoordinator ? ["restart the coordinator"] : []
    let deeds = deeds.prefix(8).map { "\($0.kind.verb) \($0.hospital)" }
    let more = self.deeds.count > 8 ? " and \(self.deeds.count - 8) more" : ""
    return "\(when): \((restart + deeds).joined(separator: ", "))\(more)"
  }
}

/// Something that is done to one hospital.
public struct Deed: Equatable, Sendable {
  /// What can be done to a hospital from outside.
  public enum Kind: Equatable, Sendable {
    case plain(ActPlan.Plain)
    /// Its messages do not pass as usual.
    case disturb(DisturbancePlan)
    /// An end to one kind of that.
    case undisturb(DisturbancePlan.Kind)

    /// Whether it concerns messages, not the node.
    public var concernsMessages: Bool {
      switch self {
      case .plain(let act): [.cut, .reconnect, .calm].contains(act)
      case .disturb, .undisturb: true
      }
    }

    /// What is done, as a verb.
    var verb: String {
      switch self {
      case .plain(let act): act.rawValue
      case .disturb(let plan): "\(plan.kind.rawValue) messages of"
      case .undisturb(let kind): "no longer \(kind.rawValue) messages of"
      }
    }
  }

  /// To whom.
  public let hospital: String
  /// What.
  public let kind: Kind

  /// Takes the parts as they are.
  public init(hospital: String, kind: Kind) {
    self.hospital = hospital
    self.kind = kind
  }
}

/// Makes cues of the entries of a timeline.
struct Script {
  /// What is done at one moment.
  private struct Scene {
    var deeds: [Deed] = []
    var restartsCoordinator = false
  }

  private let rounds: Int
  private var byRound: [Int: Scene] = [:]
  private var byTime: [(time: Double, scene: Scene)] = []

  init(_ entries: [TimelineEntry], rounds: Int) {
    self.rounds = rounds
    for entry in entries.inOrder { enter(entry) }
  }

  private mutating func enter(_ entry: TimelineEntry) {
    switch entry.act {
    case .plain(let act): enter(entry, .plain(act))
    case .disturb(let plan):
      enter(entry, .disturb(plan))
      if case .round(let round) = entry.moment, let span = entry.rounds, round + span <= rounds {
        enter(entry, .undisturb(plan.kind), at: .round(round + span))
      }
    case .restart: enter(Scene(restartsCoordinator: true), at: entry.moment)
    case .slow, .hostile, .drift: break
    }
  }

  private mutating func enter(
    _ entry: TimelineEntry, _ kind: Deed.Kind, at moment: TimelineEntry.Moment? = nil
  ) {
    let deeds = entry.hospitals.map { Deed(hospital: $0, kind: kind) }
    enter(Scene(deeds: deeds), at: moment ?? entry.moment)
  }

  private mutating func enter(_ scene: Scene, at moment: TimelineEntry.Moment) {
    switch moment {
    case .round(let round):
      byRound[round, default: Scene()].deeds += scene.deeds
      if scene.restartsCoordinator { byRound[round]?.restartsCoordinator = true }
    case .time(let time): byTime.append((time, scene))
    }
  }

  /// The cues, those of rounds first.
  func cues() -> [Cue] {
    var reach: [String: Reach] = [:]
    var cues: [Cue] = []
    for (round, scene) in byRound.sorted(by: { $0.key < $1.key }) {
      cues.append(cue(cues.count, .round(round), scene, &reach))
    }
    for (time, scene) in byTime { cues.append(cue(cues.count, .time(time), scene, &reach)) }
    return cues
  }

  private func cue(
    _ number: Int, _ moment: TimelineEntry.Moment, _ scene: Scene, _ reach: inout [String: Reach]
  ) -> Cue {
    let deeds = moment.isRound ? scene.deeds.endsFirst : scene.deeds
    var returning: Set<String> = []
    var leaving: Set<String> = []
    for deed in deeds {
      guard case .plain(let act) = deed.kind else {
        if deed.isEnd { returning.insert(deed.hospital) }
        continue
      }
      reach[deed.hospital, default: Reach()].suffer(act)
      switch act {
      case .start, .resume, .reconnect, .calm, .join: returning.insert(deed.hospital)
      case .leave: leaving.insert(deed.hospital)
      case .kill, .pause, .cut: break
      }
    }
    return Cue(
      number: number, moment: moment, deeds: deeds,
      restartsCoordinator: scene.restartsCoordinator,
      returning: returning.filter { reach[$0]?.isOpen != false },
      leaving: leaving.filter { reach[$0]?.isCut != true })
  }
}

/// Whether messages of a hospital can come through.
struct Reach {
  private(set) var isCut = false
  private(set) var isRunning = true

  /// That of a hospital that has not joined yet.
  static var none: Reach {
    var reach = Reach()
    reach.isRunning = false
    return reach
  }

  var isOpen: Bool { isRunning && !isCut }

  mutating func suffer(_ act: ActPlan.Plain) {
    switch act {
    case .kill, .pause, .leave: isRunning = false
    case .start, .resume, .join: isRunning = true
    case .cut: isCut = true
    case .reconnect: isCut = false
    case .calm: break
    }
  }
}

extension TimelineEntry.Moment {
  fileprivate var isRound: Bool { if case .round = self { true } else { false } }
}

extension [Deed] {
  /// What ends comes before what begins.
  fileprivate var endsFirst: [Deed] {
    filter(\.isEnd) + filter { !$0.isEnd }
  }
}

extension Deed {
  fileprivate var isEnd: Bool { if case .undisturb = kind { true } else { false } }
}

extension [TimelineEntry] {
  /// The entries as they happen, those by round first; entries of one moment keep their order.
  fileprivate var inOrder: [TimelineEntry] {
    enumerated().sorted { one, other in
      let (first, second) = (one.element.order, other.element.order)
      return first == second ? one.offset < other.offset : first < second
    }.map(\.element)
  }
}

extension TimelineEntry {
  fileprivate var order: (Int, Double) {
    switch moment {
    case .round(let round): (0, Double(round))
    case .time(let time): (1, time)
    }
  }
}

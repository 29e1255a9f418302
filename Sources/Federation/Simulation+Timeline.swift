import Scenarios
import Transports

// The scenario's timeline is acted out on simulated nodes and on the network in memory.

extension Simulation {
  /// Brings nodes and lines to where they are at `position` of the timeline; to be called before
  /// ``play()``.
  mutating func setTheStage(at position: Timeline.Position) {
    for hospital in experiment.timeline.stopped(at: position) {
      node(of: hospital).map { kill($0) }
    }
    for deed in experiment.timeline.cues(until: position).flatMap(\.deeds) {
      node(of: deed.hospital).map { suffer(deed, at: $0) }
    }
  }

  /// Does what a cue says, and tells the coordinator; one that restarts it comes to its other deeds
  /// when the successor gives it.
  mutating func act(_ cue: Federation.Cue) throws {
    if cue.restartsCoordinator, staged.restarts.insert(cue.number).inserted {
      return try restartCoordinator()
    }
    for deed in staged.acted.insert(cue.number).inserted ? cue.deeds : [] {
      guard let number = node(of: deed.hospital) else { continue }
      act(deed, number)
    }
    try tell(.cued(cue.number, acted: true))
  }

  private mutating func suffer(_ deed: Deed, at number: Int) {
    guard deed.kind.concernsMessages else { return }
    var line = lines[number] ?? Line(of: experiment, to: deed.hospital)
    line.suffer(deed.kind)
    lines[number] = line
  }

  private mutating func act(_ deed: Deed, _ number: Int) {
    suffer(deed, at: number)
    guard case .plain(let act) = deed.kind else { return disturb(number) }
    switch act {
    case .kill: kill(number)
    case .start, .join: start(number)
    case .pause: pause(number)
    case .resume:
      resume(number)
      // In a run that goes on, the node that stood still is not there any longer.
      start(number)
    case .leave: leave(number)
    case .cut, .reconnect, .calm: break
    }
    disturb(number)
  }

  /// Has a node say farewell, and ends it.
  private mutating func leave(_ number: Int) {
    rouse(number)
    tell(number, .interrupted)
    kill(number)
  }

  /// What a message meets on its line, beside what the weather does to it.
  mutating func fates(_ fates: [Fate], on number: Int, _ direction: Letter.Direction) -> [Fate] {
    guard let passages = lines[number]?.next(Passage.Direction(direction)) else { return fates }
    return passages.flatMap { passage in fates.map { $0.met(by: passage) } }
  }
}

extension Passage.Direction {
  fileprivate init(_ direction: Letter.Direction) {
    self = direction == .toNode ? .toHospital : .toCoordinator
  }
}

extension Fate {
  fileprivate func met(by passage: Passage) -> Fate {
    let damage: Alteration = { $0.damaged }
    let altered = passage.isDamaged ? damage : alteration
    return .arrives(after: delay + passage.delay, altered: altered)
  }
}

extension Message {
  /// What is left of it when its envelope comes damaged.
  fileprivate var damaged: Result<Message, WireError> {
    Result { () throws(WireError) in
      let frames = encoded()
      return try Message.decoded(from: [frames[0].damaged] + frames.dropFirst())
    }
  }
}

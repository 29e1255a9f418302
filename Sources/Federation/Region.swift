import Scenarios
public import Transports

/// A coordinator that stands below another, as a state machine without input or output.
///
/// It looks like one node to its parent and like a coordinator to its own nodes, some of which may be
/// regions themselves. It speaks for those of its hospitals that are present, puts each assignment
/// of the parent to their nodes, adds their answers up as they come, exactly and without keeping
/// them, and answers with one combined answer. Since sums are exact, a tree of regions of any shape ends
/// with the bits of the flat federation. It decides nothing: rounds, quorum and meta-parameters are
/// the root's.
///
/// It keeps nothing between assignments: asked again, it asks again. A region that was killed may be
/// started again at any time; its nodes come back to it, and it to its parent, by themselves.
public struct Region {
  /// What can happen to a region.
  public enum Event: Sendable {
    /// It is open for nodes.
    case opened
    /// A message came from the parent.
    case told(Message)
    /// A message came from a node.
    case arrived(Message, from: Peer)
    /// Something came from a node that is no message.
    case malformed(WireError, from: Peer)
    /// The present instant is past ``Region/deadline``.
    case deadlinePassed
    /// The user wants it to end.
    case interrupted
    /// It cannot go on.
    case failed(reason: String)
  }

  /// What a region wants done.
  public enum Effect: Sendable {
    /// Send a message to the parent.
    case tell(Message)
    /// Send a message to a node.
    case send(Message, to: Peer)
    /// Let those who watch know.
    case report(RunEvent)
  }

  let experiment: Experiment
  /// Its hospitals, in the order in which they were named.
  let hospitals: [String]
  var roster: Roster
  /// The identity of the parent's run, once it has welcomed this region.
  var run: [UInt8]?
  /// What the parent asked for last.
  var work: RegionWork?
  /// When it says hello again if it has nothing to do.
  var helloDue: Instant?
  var noise = Noise()
  var effects: [Effect] = []
  /// How it ended, once it has.
  public internal(set) var ending: NodeEnding?

  /// A region of `hospitals`, all of the experiment's scenario, that has not opened yet.
  public init(_ experiment: Experiment, hospitals: [String]) {
    self.experiment = experiment
    self.hospitals = hospitals
    roster = Roster(hospitals: HospitalList(hospitals))
  }

  /// When it wants to hear ``Event/deadlinePassed``, unless something else happens first.
  public var deadline: Instant? {
    [helloDue, work?.isOpen == true ? work?.nextInstant : nil].compactMap(\.self).min()
  }

  /// What is to be done about `event`.
  public mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
    effects.removeAll(keepingCapacity: true)
    guard ending == nil else { return [] }
    switch event {
    case .opened: helloDue = now + HospitalNode.helloInterval
    case .told(let message): hear(message, at: now)
    case .arrived(let message, let peer): receive(message, from: peer, at: now)
    case .malformed(let error, let peer): refuse(error, from: peer)
    case .deadlinePassed: passDeadlines(at: now)
    case .interrupted:
      leave(.interrupted, Farewell(code: .interrupted, reason: "the region was interrupted"))
    case .failed(let reason):
      leave(.runFailed(reason: reason), Farewell(code: .failed, reason: reason))
    }
    return effects
  }
}

// MARK: The parent

extension Region {
  private mutating func hear(_ message: Message, at now: Instant) {
    helloDue = now + HospitalNode.helloInterval
    switch message {
    case .welcome(let welcome): enter(welcome.run)
    case .assignment(let assignment): take(assignment, at: now)
    case .farewell(let farewell): end(NodeEnding(farewell), telling: farewell)
    case .refused(let refusal):
      let reason = "the region's parent refused it: \(refusal.reason)"
      end(.refused(refusal), telling: Farewell(code: .failed, reason: reason))
    case .hello, .answer, .combinedAnswer:
      ignore("a message of a node's came in from the parent")
    }
  }

  /// Nodes are welcomed to the run of the parent, which is not known before.
  private mutating func enter(_ run: [UInt8]) {
    guard self.run != run else { return }
    self.run = run
    for peer in roster.peers { send(.welcome(Welcome(run: run)), to: peer) }
  }

  private mutating func passDeadlines(at now: Instant) {
    if let work, work.isOpen, work.deadline <= now { giveUpWaiting(at: now) }
    answerIfComplete(at: now)
    guard let helloDue, helloDue <= now else { return }
    self.helloDue = now + HospitalNode.helloInterval
    // Who is waited for is work; without any, what was asked for has got lost on the way.
    if work?.isOpen != true { sayHello(for: hospitals.filter { roster.peer(of: $0) != nil }) }
  }

  /// Tells the parent that these are here; it asks them for what they owe.
  mutating func sayHello(for hospitals: [String]) {
    guard !hospitals.isEmpty else { return }
    tell(
      .hello(
        Hello(version: protocolVersion, scenario: experiment.digest, hospitals: hospitals)))
  }

  private mutating func leave(_ ending: NodeEnding, _ farewell: Farewell) {
    tell(.farewell(farewell))
    end(ending, telling: farewell)
  }

  private mutating func end(_ ending: NodeEnding, telling farewell: Farewell) {
    for peer in roster.peers { send(.farewell(farewell), to: peer) }
    self.ending = ending
    work = nil
    helloDue = nil
  }
}

// MARK: Effects

extension Region {
  mutating func tell(_ message: Message) { effects.append(.tell(message)) }

  mutating func send(_ message: Message, to peer: Peer) { effects.append(.send(message, to: peer)) }

  mutating func ignore(_ what: String) {
    if let sentence = noise.sentence(about: what) { effects.append(.report(.ignored(sentence))) }
  }

  mutating func report(_ change: Presence.Change, of hospital: String) {
    let presence = Presence(hospital: hospital, change: change, round: work?.turn.round ?? 0)
    effects.append(.report(.presence(presence)))
  }
}

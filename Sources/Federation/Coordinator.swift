import Cohorts
import MetaLearning
import Models
import Scenarios
public import Transports

/// The centre of a federation, as a state machine without input or output.
///
/// Events and the present instant go in; messages to send and events to report come out. It opens
/// with an assembly, asks the hospitals to describe their features where the scenario standardises
/// across hospitals, leads the rounds and the evaluations, and ends. Each question waits for the
/// hospitals that are present until its deadline; a hospital that lets it pass is not waited for
/// again until it is heard of.
///
///     var coordinator = Coordinator(experiment, run: identity)
///     var effects = coordinator.handle(.opened, at: clock.now)
///     while coordinator.ending == nil { … }
public struct Coordinator {
  /// What can happen to a coordinator.
  public enum Event: Sendable {
    /// It is open for hospitals.
    case opened
    /// A message came in.
    case arrived(Message, from: Peer)
    /// Something came in that is no message.
    case malformed(WireError, from: Peer)
    /// The present instant is past ``Coordinator/deadline``.
    case deadlinePassed
    /// The user wants it to end.
    case interrupted
    /// What the run leaves behind cannot be kept.
    case failed(reason: String)
    /// The cue of this number has been acted out, or nobody is there who does that.
    case cued(Int, acted: Bool)
  }

  /// What a coordinator wants done.
  public enum Effect: Sendable {
    case send(Message, to: Peer)
    /// To be sent to every node that there is.
    case dismiss(Farewell, PeerList)
    case report(RunEvent)
    /// To be acted out, and to be followed by ``Event/cued(_:acted:)``.
    case cue(Cue)
  }

  /// Where the run stands.
  enum Stage {
    case assembling
    case describing
    case learning
    case evaluating(final: Bool)
    case ended
  }

  let experiment: Experiment
  /// Who answers what, where that is known beforehand.
  var attendance: Attendance?
  /// The identity of the run, 16 bytes.
  let run: [UInt8]
  var stage = Stage.assembling
  var roster: Roster
  var question: Question?
  /// The round under way, or the last one closed.
  var round = 0
  /// The last round that was closed.
  var closedRounds = 0
  /// Whether round 0 is closed, the one before learning.
  var hasBegun = false
  /// Whether the evaluation that is due after the last round has been made.
  var isEvaluated = false
  /// Whether it goes on with a run that another coordinator began.
  var isResumed = false
  var parameters: [Float]
  /// How the meta-parameters are moved, with its moments.
  var update: MetaUpdate
  var standardiser: Standardiser?
  var features: FeatureGathering
  var updates: UpdateGathering
  var metrics: MetricGathering
  /// How many patients the hospitals have, where the scenario invites by them.
  var census: PatientCensus
  /// When each hospital was counted last, where hospitals remember what they did.
  var counts: LastCounts
  /// Who may still answer a round that is over.
  var latecomers = Latecomers()
  /// Who works on what, where hospitals work all the time.
  var workshop: Workshop
  /// When a buffer is closed if nothing more comes.
  var patienceEnds = Instant.zero
  var noise = Noise()
  var effects: [Effect] = []
  /// The present instant, that of the event in hand.
  var now = Instant.zero
  /// When the assembly, the open cue or the open question is no longer waited for.
  var patience: Instant?
  /// When it has opened.
  var opened: Instant?
  /// The hospitals that nobody waits for when it opens, by the scenario's timeline.
  var absent: Set<String> = []
  /// The cue that the round under way waits for.
  var openCue: OpenCue?
  /// The rounds in which cues that go by time have been given, in order.
  var timedCues: [Int] = []
  /// The rounds from which acts hold that hospitals do and that go by time, of those whose time has come.
  var onsets: [Int] = []
  /// How long the run had gone on before this coordinator opened.
  var earlier = Duration.zero
  /// How the run ended, once it has.
  public internal(set) var ending: Ending?

  /// When it wants to hear ``Event/deadlinePassed``, unless something else happens first.
  public var deadline: Instant? {
    guard let patience, let due = nextTimedCue else { return patience ?? nextTimedCue }
    return min(patience, due)
  }

  /// A coordinator of `experiment` that has not opened yet.
  ///
  /// - Parameters:
  ///   - experiment: What is run.
  ///   - run: 16 bytes that no other run has, so that answers of another run are not counted.
  ///   - attendance: Who answers what; whoever is present and has not answered, where it is `nil`.
  public init(_ experiment: Experiment, run: [UInt8], attendance: Attendance? = nil) {
    self.experiment = experiment
    self.attendance = attendance
    self.run = run
    roster = Roster(hospitals: experiment.scenario.cohorts.hospitals)
    parameters = experiment.initialParameters()
    update = experiment.freshUpdate()
    features = FeatureGathering(features: experiment.network.inputs)
    updates = UpdateGathering(experiment)
    metrics = MetricGathering(JudgementForm(of: experiment))
    census = PatientCensus(hospitals: experiment.invitesByPatients ? experiment.training : [])
    counts = LastCounts(of: experiment)
    workshop = Workshop(
      hospitals: experiment.scenario.federation.isBuffered ? experiment.training : [])
  }

  /// What is to be done about `event`.
  public mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
    effects.removeAll(keepingCapacity: true)
    guard ending == nil else { return [] }
    self.now = now
    switch event {
    case .opened: open(at: now)
    case .arrived(let message, let peer): receive(message, from: peer, at: now)
    case .malformed(let error, let peer): refuse(error, from: peer)
    case .deadlinePassed: passDeadline(at: now)
    case .interrupted: end(.interrupted, "interrupted after round \(closedRounds)")
    case .failed(let reason): sendFarewells(.failed, reason)
    case .cued(let number, let acted): noteCued(number, acted: acted, at: now)
    }
    return effects
  }
}

// MARK: Effects

extension Coordinator {
  mutating func send(_ message: Message, to peer: Peer) {
    effects.append(.send(message, to: peer))
  }

  mutating func report(_ event: RunEvent) {
    effects.append(.report(event))
  }

  /// Reports what was left out: the first ten times, then every power of ten, so that noise from
  /// outside does not drown the run.
  mutating func ignore(_ what: String) {
    if let sentence = noise.sentence(about: what) { report(.ignored(sentence)) }
  }

  /// The first names of many, and how many more there are.
  func listing(_ names: some Collection<String>) -> String {
    names.prefix(8).joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  mutating func end(_ outcome: Ending.Outcome, _ reason: String) {
    let code: Farewell.Code =
      switch outcome {
      case .finished: .finished
      case .interrupted: .interrupted
      case .quorumLost, .diverged: .failed
      }
    sendFarewells(code, reason)
    reportActsToCome()
    let ending = Ending(
      outcome: outcome, round: closedRounds, parameters: parameters, reason: reason)
    self.ending = ending
    stage = .ended
    question = nil
    openCue = nil
    patience = nil
    report(.ended(ending))
  }

  private mutating func sendFarewells(_ code: Farewell.Code, _ reason: String) {
    effects.append(.dismiss(Farewell(code: code, reason: reason), roster.peers))
  }
}

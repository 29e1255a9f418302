import Cohorts
import Scenarios
public import Transports

/// A whole federation in one process: the coordinator and all nodes over a network in memory with a
/// virtual clock.
///
/// The state machines, the work and the messages are those of the real programs; only sockets and
/// processes are missing. It never sleeps. A node that has nothing to do costs nothing: it is made
/// when an assignment comes for it and forgotten when it has answered, and it says hello again only
/// when something has gone amiss that a hello would mend.
///
/// Faults come in from outside, through two doors. ``weather`` decides what becomes of each message;
/// ``when(_:do:)`` calls back at an instant or at the beginning of a round, to kill, start, pause,
/// resume or slow nodes, or to end the coordinator and start another:
///
///     var simulation = try Simulation(experiment, data: nil, observer: journal)
///     simulation.weather = Storm(of: experiment)
///     simulation.when(.round(20)) { $0.kill(2) }
///     simulation.when(.round(35)) { try $0.start(2) }
///     let ending = try simulation.play()
public struct Simulation {
  static let center = InMemoryNetwork<Mail>.Endpoint(0)

  /// What befalls messages on their way; none, unless it is set.
  public var weather: any Weather = ClearWeather()
  /// Who answers what, where an earlier run is played again; to be set before ``play()``.
  ///
  /// The scenario's `time` acts no more then: who was late is known.
  public var attendance: Attendance? {
    get { coordinator.attendance }
    set {
      coordinator.attendance = newValue
      if newValue != nil { (tempo, traces, tree) = (nil, nil, nil) }
    }
  }
  /// The events that have happened at the coordinator and at nodes.
  public internal(set) var eventCount = 0

  let experiment: Experiment
  let nodeCount: Int
  let worker: HospitalWorker
  let observer: any RunObserver
  let isInterrupted: () -> Bool
  var network = InMemoryNetwork<Mail>()
  var coordinator: Coordinator
  /// Where a coordinator that is started again goes on from.
  var checkpoint: Coordinator.Checkpoint?
  /// The virtual time that the run had gone on before this simulation, up to its last closed round:
  /// hospitals are there or away by the time of the run.
  let earlier: Duration
  var isCoordinatorRunning = true
  /// How many coordinators there have been before this one.
  var coordinatorLife = 0
  /// The timer that the coordinator has set, if it has.
  var coordinatorTimer: Instant?
  /// The nodes that are not at rest, by their numbers.
  var nodes: [Int: SimulatedNode] = [:]
  var cues = CueSheet()
  /// The cues of the timeline that have been acted out, and those of them that restarted the
  /// coordinator: one that goes on gives the cue of its round once more.
  var staged = (acted: Set<Int>(), restarts: Set<Int>())
  var tempo: Tempo?
  var traces: AvailabilityTraces?
  /// The regions, where it takes time to pass them.
  var tree: SimulatedTree?
  var links = Links()
  var sizes = MessageSizes()
  let promises: Promises
  var stopwatch = Stopwatch()
  /// Gets what the run takes, where the scenario has a `time`.
  public weak var timekeeper: (any Timekeeper)?
  /// The lines on which messages do not always pass, by the numbers of their nodes.
  var lines: [Int: Line] = [:]

  /// A federation that plays `experiment`.
  ///
  /// - Parameters:
  ///   - experiment: What is run.
  ///   - data: The directory that data sets are read from, where the scenario needs it.
  ///   - processes: Nodes that share the hospitals; one a hospital if `nil`, and where the scenario
  ///     has a `time` or lets something happen to a hospital, as each then has a link of its own.
  ///   - observer: Gets every event, in order.
  ///   - checkpoint: Where to go on from; `nil` begins a run.
  ///   - keeper: Keeps what hospitals remember, so that the run can go on in another process.
  ///   - isInterrupted: Asked between events and between episodes; an interruption ends the run.
  /// - Throws: ``CohortError`` where patients cannot be read.
  public init(
    _ experiment: Experiment, data: String?, processes: Int? = nil, observer: any RunObserver,
    resuming checkpoint: Coordinator.Checkpoint? = nil, keeper: (any MemoryKeeper)? = nil,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws {
    let hospitals = experiment.scenario.cohorts.hospitals
    self.experiment = experiment
    let time = experiment.scenario.time
    let isShared = time == nil && experiment.timeline.concerned.isEmpty
    nodeCount = max(1, min((isShared ? processes : nil) ?? hospitals.count, hospitals.count))
    tempo = try time.map { plan in
      try Tempo(experiment, plan, measured: { try measuredEpisode(of: experiment, data: data) })
    }
    traces = time.map { AvailabilityTraces(experiment, $0.availability) }
    if time != nil, !experiment.scenario.regions.isEmpty { tree = SimulatedTree(experiment) }
    promises = Promises(experiment)
    worker = try HospitalWorker(
      experiment, hospitals: hospitals, data: data, keeper: keeper)
    self.observer = observer
    self.isInterrupted = isInterrupted
    self.checkpoint = checkpoint
    earlier = checkpoint?.elapsed ?? .zero
    coordinator = Self.coordinator(of: experiment, resuming: checkpoint)
    setTheStage(at: checkpoint?.position ?? .init())
  }

  /// The present instant of the virtual clock.
  public var now: Instant { network.now }

  /// The numbers of the nodes that are not at rest, and so take memory.
  public var awake: [Int] { nodes.keys.sorted() }

  /// The hospitals whose patients are in memory at present, of those that can be made again.
  public var keptHospitals: Int { worker.kept.hospitals }

  /// Plays the run to its end.
  ///
  /// - Returns: How it ended.
  /// - Throws: What the observer throws, and ``StalledSimulation``.
  public mutating func play() throws -> Ending {
    try tell(.opened)
    openRegions()
    for number in 0..<nodeCount where nodes[number]?.isRunning != false { try greet(number) }
    while true {
      if let ending = coordinator.ending {
        try conclude()
        return ending
      }
      if isInterrupted() {
        try tell(.interrupted)
        continue
      }
      guard let delivery = network.next() else { throw StalledSimulation() }
      eventCount += 1
      try deliver(delivery)
    }
  }

  private mutating func deliver(_ delivery: InMemoryNetwork<Mail>.Delivery) throws {
    switch (delivery.endpoint, delivery.event) {
    case (Self.center, .message(let mail, let sender)): try arrive(mail, from: sender)
    case (Self.center, .wake):
      coordinatorTimer = nil
      if isCoordinatorRunning { try tell(.deadlinePassed) }
    case (CueSheet.endpoint, _): try playCues()
    case (let endpoint, let event):
      if let place = region(at: endpoint) { return happen(event, atRegion: place) }
      happen(event, at: endpoint)
    }
  }
}

// MARK: The coordinator

extension Simulation {
  private mutating func arrive(
    _ mail: Mail, from sender: InMemoryNetwork<Mail>.Endpoint
  ) throws {
    guard isCoordinatorRunning, let message = content(of: mail, from: sender) else { return }
    if tempo != nil {
      let count = coordinator.awaited(in: message)
      if count > 0 { stopwatch.answer(count: count, along: mail.itinerary, at: now) }
    }
    switch mail.arrival(of: message) {
    case .success(let message): try tell(.arrived(message, from: sender.peer))
    case .failure(let error): try tell(.malformed(error, from: sender.peer))
    }
  }

  /// What has arrived: an answer is made now; `nil` if that was interrupted.
  mutating func content(
    of mail: Mail, from sender: InMemoryNetwork<Mail>.Endpoint
  ) -> Message? {
    guard let job = mail.job else { return mail.message }
    guard let answer = worker.perform(job, isInterrupted: isInterrupted) else { return nil }
    if case .declined = answer.outcome {
      links.correct(
        Message.answer(answer).encodedSize - sizes.bytes(of: mail.message),
        from: number(at: sender))
    }
    return .answer(answer)
  }

  /// Lets the coordinator handle `event`, and does what it wants done.
  ///
  /// Where a round begins, its cues are played before any message of the round goes out.
  mutating func tell(_ event: Coordinator.Event) throws {
    let effects = coordinator.handle(event, at: now)
    for case .report(let report) in effects {
      if case .checkpoint(let checkpoint) = report { self.checkpoint = checkpoint }
      try observer.observe(report)
      try time(report, because: event)
    }
    let life = coordinatorLife
    try playCues(until: coordinator.round)
    guard isCoordinatorRunning, life == coordinatorLife else { return }
    for effect in effects {
      switch effect {
      case .send(let message, let peer): post(message, to: peer.endpoint)
      case .dismiss(let farewell, let peers):
        for peer in peers { post(.farewell(farewell), to: peer.endpoint) }
      case .report, .cue: break
      }
    }
    setCoordinatorTimer()
    for case .cue(let cue) in effects where life == coordinatorLife { try act(cue) }
  }

  /// Has the coordinator woken at its deadline.
  ///
  /// Timers cannot be taken back, so one that comes too early is left to come, and set anew.
  private mutating func setCoordinatorTimer() {
    guard let deadline = coordinator.deadline else { return }
    if let coordinatorTimer, coordinatorTimer <= deadline { return }
    coordinatorTimer = deadline
    network.wake(Self.center, at: deadline)
  }
}

/// The coordinator was ended, and nothing is left to happen that would start it again.
public struct StalledSimulation: Error, CustomStringConvertible {
  /// What happened and what to do.
  public var description: String {
    "the coordinator was ended and nothing is left that would start it again; have it started later"
  }
}

/// Plays `experiment` in this process, over a network in memory with a virtual clock.
///
/// - Parameters:
///   - experiment: What is run.
///   - data: The directory that data sets are read from, where the scenario needs it.
///   - processes: Nodes that share the hospitals; one a hospital if `nil`.
///   - observer: Gets every event, in order.
///   - checkpoint: Where to go on from; `nil` begins a run.
///   - keeper: Keeps what hospitals remember, so that the run can go on in another process.
///   - attendance: Who answers what, where an earlier run is played again.
///   - timekeeper: Gets what the run takes, where the scenario has a `time`.
///   - isInterrupted: Asked between events and between episodes; an interruption ends the run.
/// - Returns: How it ended: with the same bits as real processes.
/// - Throws: `CohortError` where patients cannot be read, and what `observer` throws.
public func simulate(
  _ experiment: Experiment, data: String?, processes: Int? = nil, observer: any RunObserver,
  resuming checkpoint: Coordinator.Checkpoint? = nil, keeper: (any MemoryKeeper)? = nil,
  attendance: Attendance? = nil, timekeeper: (any Timekeeper)? = nil,
  isInterrupted: @escaping () -> Bool = { false }
) throws -> Ending {
  var simulation = try Simulation(
    experiment, data: data, processes: processes, observer: observer, resuming: checkpoint,
    keeper: keeper, isInterrupted: isInterrupted)
  simulation.attendance = attendance
  simulation.timekeeper = timekeeper
  return try simulation.play()
}

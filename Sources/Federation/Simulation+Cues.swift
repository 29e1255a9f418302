public import Transports

// The door through which faults come in: what is done to nodes and to the coordinator, and when.

/// What is to be done in a simulation, and when.
struct CueSheet {
  /// Where a cue of an instant happens: at no node and not at the coordinator.
  static let endpoint = InMemoryNetwork<Mail>.Endpoint(-1)

  typealias Act = (inout Simulation) throws -> Void

  /// In the order in which they were asked for.
  var timed: [(instant: Instant, act: Act)] = []
  var rounds: [Int: [Act]] = [:]
  /// The last round whose cues have been played.
  var reached = 0
}

extension Simulation {
  /// When something is to be done.
  public enum Cue: Hashable, Sendable {
    /// At an instant of the virtual clock, before whatever else was asked for later at the same one.
    case instant(Instant)
    /// When a round begins: the round before is closed and reported, and nobody has been asked yet.
    /// Of a round that has begun before the cue is given, it never comes.
    case round(Int)
  }

  /// Has something done when its time comes; of equal times in the order of asking.
  ///
  /// It may call anything here, also `when` itself; what it throws ends ``play()``.
  public mutating func when(_ cue: Cue, do act: @escaping (inout Simulation) throws -> Void) {
    switch cue {
    case .instant(let instant):
      cues.timed.append((instant, act))
      network.wake(CueSheet.endpoint, at: instant)
    case .round(let round): cues.rounds[round, default: []].append(act)
    }
  }

  /// Plays the cues whose instant has come.
  mutating func playCues() throws {
    let now = now
    let due = cues.timed.filter { $0.instant <= now }
    cues.timed.removeAll { $0.instant <= now }
    for cue in due { try cue.act(&self) }
  }

  /// Plays the cues of the rounds that have begun.
  mutating func playCues(until round: Int) throws {
    while cues.reached < round {
      cues.reached += 1
      for act in cues.rounds.removeValue(forKey: cues.reached) ?? [] { try act(&self) }
    }
  }
}

// MARK: Nodes

extension Simulation {
  /// Ends a node as `kill -9` does: what it was doing is lost, and so is what comes for it.
  ///
  /// What it has sent still arrives. Before ``play()``, it is a node that has not been started yet.
  public mutating func kill(_ number: Int) {
    rouse(number)
    nodes[number]?.isRunning = false
    nodes[number]?.work = nil
    nodes[number]?.hello = nil
    nodes[number]?.pausedAt = nil
    nodes[number]?.held = []
  }

  /// Starts a node that was killed: it is another peer, knows nothing and says hello.
  public mutating func start(_ number: Int) {
    guard nodes[number]?.isRunning == false else { return }
    nodes[number]?.isRunning = true
    nodes[number]?.life += 1
    let machine = newMachine(number)
    nodes[number]?.machine = machine
    tell(number, .started)
  }

  /// Stops a node as SIGSTOP does: it computes nothing, and what comes for it waits.
  public mutating func pause(_ number: Int) {
    rouse(number)
    guard nodes[number]?.isRunning == true, nodes[number]?.pausedAt == nil else { return }
    let now = now
    nodes[number]?.pausedAt = now
  }

  /// Lets a paused node go on where it was; what has come in the meantime, it gets in order.
  public mutating func resume(_ number: Int) {
    guard let pausedAt = nodes[number]?.pausedAt else { return }
    let held = nodes[number]?.held ?? []
    nodes[number]?.pausedAt = nil
    nodes[number]?.held = []
    if let work = nodes[number]?.work {
      let due = work.due + (now - pausedAt)
      nodes[number]?.work?.due = due
      network.wake(endpoint(of: number), at: due)
    }
    for event in held { happen(event, at: endpoint(of: number)) }
  }

  /// Has the computations that a node begins from now on take `factor` times as long as they would.
  ///
  /// It shows only where the scenario gives computations a time.
  public mutating func slow(_ number: Int, by factor: Double) {
    rouse(number)
    nodes[number]?.slowness = factor
  }
}

// MARK: The coordinator

extension Simulation {
  /// Ends the coordinator as `kill -9` does: what comes for it is lost until another one is started.
  ///
  /// What it has reported is kept; of what it was about to send, nothing goes out.
  public mutating func killCoordinator() {
    isCoordinatorRunning = false
  }

  /// Starts the coordinator again, killed first if it still runs: it goes on from the last checkpoint,
  /// and all that it knew beyond that is gone.
  ///
  /// Nodes find it as they do any successor. What it has reported it does not report again, so the
  /// observer goes on where it was.
  ///
  /// - Throws: What the observer throws.
  public mutating func restartCoordinator() throws {
    try startCoordinator(Self.coordinator(of: experiment, resuming: checkpoint))
  }

  static func coordinator(
    of experiment: Experiment, resuming checkpoint: Coordinator.Checkpoint?
  ) -> Coordinator {
    if let checkpoint { return Coordinator(experiment, resuming: checkpoint) }
    return Coordinator(experiment, run: Array(repeating: 0, count: 16))
  }

  /// Puts `successor` in the place of the coordinator, which is killed if it still runs; all nodes
  /// that run find it within ``HospitalNode/helloInterval``.
  ///
  /// - Throws: What the observer throws.
  public mutating func startCoordinator(_ successor: Coordinator) throws {
    let attendance = attendance
    coordinator = successor
    coordinator.attendance = attendance
    isCoordinatorRunning = true
    coordinatorLife += 1
    coordinatorTimer = nil
    for number in 0..<nodeCount { disturb(number) }
    doubtRegions()
    try tell(.opened)
  }
}

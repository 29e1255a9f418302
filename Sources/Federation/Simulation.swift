import Cohorts
import MetaLearning
import Scenarios
import Transports

/// A whole federation in one process: the coordinator and all nodes over a network in memory with a
/// virtual clock.
///
/// The state machines, the work and the messages are those of the real programs; only sockets and
/// processes are missing. It never sleeps.
struct Simulation {
  private static let center = InMemoryNetwork.Endpoint(0)

  private var network = InMemoryNetwork()
  private var coordinator: Coordinator
  private var nodes: [HospitalNode]
  private let worker: HospitalWorker
  private let observer: any RunObserver
  private let isInterrupted: () -> Bool
  /// The timer that each endpoint has set, if it has.
  private var timers: [Instant?]

  init(
    _ experiment: Experiment, grouped hospitals: [[String]], worker: HospitalWorker,
    observer: any RunObserver, isInterrupted: @escaping () -> Bool
  ) {
    self.worker = worker
    self.isInterrupted = isInterrupted
    self.observer = observer
    coordinator = Coordinator(experiment, run: Array(repeating: 0, count: 16))
    nodes = hospitals.map { HospitalNode(hospitals: $0, scenario: experiment.digest) }
    timers = Array(repeating: nil, count: hospitals.count + 1)
  }

  /// Plays the run to its end.
  ///
  /// - Returns: How it ended.
  /// - Throws: What the observer throws.
  mutating func play() throws -> Ending {
    try tell(.opened)
    for number in nodes.indices { tell(number, .started) }
    while true {
      if let ending = coordinator.ending { return ending }
      if isInterrupted() { try tell(.interrupted) }
      // Somebody always has a timer until the run has ended.
      guard let delivery = network.next() else { continue }
      try deliver(delivery)
    }
  }

  private mutating func deliver(_ delivery: InMemoryNetwork.Delivery) throws {
    let number = delivery.endpoint.number
    if case .wake = delivery.event { timers[number] = nil }
    switch (number, delivery.event) {
    case (0, .message(let message, let sender)):
      try tell(.arrived(message, from: sender.peer))
    case (0, .wake): try tell(.deadlinePassed)
    case (_, .message(let message, _)): tell(number - 1, .arrived(message))
    case (_, .wake): tell(number - 1, .deadlinePassed)
    }
  }

  private mutating func tell(_ event: Coordinator.Event) throws {
    for effect in coordinator.handle(event, at: network.now) {
      switch effect {
      case .send(let message, let peer):
        network.send(message, from: Self.center, to: peer.endpoint)
      case .report(let event): try observer.observe(event)
      }
    }
    setTimer(of: 0, to: coordinator.deadline)
  }

  private mutating func tell(_ number: Int, _ event: HospitalNode.Event) {
    handle(event, at: number)
    while let job = nodes[number].nextJob() {
      guard let answer = worker.perform(job, isInterrupted: isInterrupted) else { return }
      handle(.performed(answer), at: number)
    }
    setTimer(of: number + 1, to: nodes[number].deadline)
  }

  private mutating func handle(_ event: HospitalNode.Event, at number: Int) {
    for message in nodes[number].handle(event, at: network.now) {
      network.send(message, from: .init(number + 1), to: Self.center)
    }
  }

  /// Has the endpoint woken at its deadline.
  ///
  /// Timers cannot be taken back, so one that comes too early is left to come, and set anew.
  private mutating func setTimer(of number: Int, to deadline: Instant?) {
    guard let deadline else { return }
    if let timer = timers[number], timer <= deadline { return }
    timers[number] = deadline
    network.wake(.init(number), at: deadline)
  }
}

/// Plays `experiment` in this process, over a network in memory with a virtual clock.
///
/// - Parameters:
///   - experiment: What is run.
///   - data: The directory that data sets are read from, where the scenario needs it.
///   - processes: Nodes that share the hospitals; one a hospital if `nil`.
///   - observer: Gets every event, in order.
///   - isInterrupted: Asked between events and between episodes; an interruption ends the run.
/// - Returns: How it ended: with the same bits as real processes.
/// - Throws: `CohortError` where patients cannot be read, and what `observer` throws.
public func simulate(
  _ experiment: Experiment, data: String?, processes: Int? = nil, observer: any RunObserver,
  isInterrupted: @escaping () -> Bool = { false }
) throws -> Ending {
  let hospitals = experiment.scenario.cohorts.hospitals
  let worker = try HospitalWorker(experiment, hospitals: hospitals, data: data)
  var simulation = Simulation(
    experiment, grouped: hospitals.dealt(among: processes ?? hospitals.count), worker: worker,
    observer: observer, isInterrupted: isInterrupted)
  return try simulation.play()
}

extension InMemoryNetwork.Endpoint {
  /// The endpoint as the coordinator knows it.
  fileprivate var peer: Peer {
    Peer(identity: (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }
}

extension Peer {
  /// The endpoint that the identity was made from.
  fileprivate var endpoint: InMemoryNetwork.Endpoint {
    .init(identity.reversed().reduce(0) { $0 << 8 | Int($1) })
  }
}

extension [String] {
  /// The names in so many groups of nearly equal size, none empty: who shares a node.
  public func dealt(among groups: Int) -> [[String]] {
    let groups = Swift.max(1, Swift.min(groups, count))
    return (0..<groups).map { group in
      Array(self[group * count / groups..<(group + 1) * count / groups])
    }
  }
}

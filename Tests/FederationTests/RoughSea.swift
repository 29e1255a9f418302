import Federation
import Scenarios
import Tensors
import Transports

/// A whole federation over a network that loses, repeats, delays and reorders messages, with nodes
/// that die and come back; all of it decided by a seed.
struct RoughSea {
  /// How rough it is.
  struct Weather {
    /// The share of messages that are lost.
    var loss = 0.0
    /// The share of messages that come twice.
    var repetition = 0.0
    /// The longest that a message takes, in milliseconds.
    var delay = 0
    /// The share of messages after whose arrival the node that got one dies, and is started again.
    var deaths = 0.0
    /// The share of messages after whose arrival the coordinator dies, and is started again.
    var restarts = 0.0
  }

  private typealias Network = InMemoryNetwork<Message>

  private let experiment: Experiment
  private let worker: HospitalWorker
  private let weather: Weather
  private var random: RandomStream
  private var network = Network()
  private var coordinator: Coordinator
  /// The last checkpoint, as it is written down.
  private var checkpoint: [UInt8] = []
  private(set) var restarts = 0
  private var nodes: [HospitalNode]
  /// How often each node has been started: a node that is started again is another peer.
  private var lives: [Int]
  private(set) var rounds: [RoundRecord] = []
  private(set) var deliveries = 0

  init(_ scenario: Scenario, weather: Weather, seed: UInt64) throws {
    let worker = try HospitalWorker(
      Experiment(scenario), hospitals: scenario.cohorts.hospitals, data: nil)
    self.init(worker, of: scenario, weather: weather, seed: seed)
  }

  /// A federation whose work `worker` does, which may do that of other federations of `scenario` too.
  init(_ worker: HospitalWorker, of scenario: Scenario, weather: Weather, seed: UInt64) {
    experiment = Experiment(scenario)
    self.worker = worker
    self.weather = weather
    random = RandomStream(seed: seed)
    coordinator = Coordinator(experiment, run: Array(repeating: 1, count: 16))
    nodes = []
    lives = Array(repeating: 0, count: scenario.cohorts.hospitals.count)
    nodes = scenario.cohorts.hospitals.map { [digest = experiment.digest] in
      HospitalNode(hospitals: [$0], scenario: digest)
    }
  }

  /// Plays until the run ends; nil if it has not after so many deliveries.
  mutating func play(atMost limit: Int = 200_000) -> Ending? {
    perform(coordinator.handle(.opened, at: network.now))
    for number in nodes.indices { tell(number, .started) }
    while coordinator.ending == nil, deliveries < limit, let delivery = network.next() {
      deliveries += 1
      deliver(delivery)
    }
    return coordinator.ending
  }

  private mutating func deliver(_ delivery: Network.Delivery) {
    let number = delivery.endpoint.number
    switch delivery.event {
    case .message(let message, let sender) where number == 0:
      let event = Coordinator.Event.arrived(message, from: peer(sender.number))
      perform(coordinator.handle(event, at: network.now))
      if random.uniform() < weather.restarts { restartCoordinator() }
    case .wake where number == 0:
      perform(coordinator.handle(.deadlinePassed, at: network.now))
    case .message(let message, _):
      // What was sent to an earlier life of a node does not reach the present one.
      guard number / 1000 == lives[number % 1000 - 1] else { return }
      tell(number % 1000 - 1, .arrived(message))
      if random.uniform() < weather.deaths { restart(number % 1000 - 1) }
    case .wake: tell(number % 1000 - 1, .deadlinePassed)
    }
  }

  private mutating func restart(_ node: Int) {
    lives[node] += 1
    let hospital = experiment.scenario.cohorts.hospitals[node]
    nodes[node] = HospitalNode(hospitals: [hospital], scenario: experiment.digest)
    tell(node, .started)
  }

  private mutating func restartCoordinator() {
    guard coordinator.ending == nil,
      let checkpoint = try? Coordinator.Checkpoint(checkpoint[...], of: experiment)
    else { return }
    restarts += 1
    coordinator = Coordinator(experiment, resuming: checkpoint)
    perform(coordinator.handle(.opened, at: network.now))
  }

  private func endpoint(of peer: Peer) -> Network.Endpoint {
    .init(peer.identity.reduce(0) { $0 * 256 + Int($1) })
  }

  private mutating func perform(_ effects: [Coordinator.Effect]) {
    for effect in effects {
      switch effect {
      case .report(.roundClosed(let round)): rounds.append(round)
      case .report(.checkpoint(let state)):
        checkpoint = []
        state.write(into: &checkpoint)
      case .report, .cue: break
      case .send(let message, let peer):
        send(message, from: .init(0), to: endpoint(of: peer))
      case .dismiss(let farewell, let peers):
        for peer in peers { send(.farewell(farewell), from: .init(0), to: endpoint(of: peer)) }
      }
    }
    if let deadline = coordinator.deadline { network.wake(.init(0), at: deadline) }
  }

  private mutating func tell(_ node: Int, _ event: HospitalNode.Event) {
    handle(event, at: node)
    while let job = nodes[node].nextJob(), let answer = worker.perform(job) {
      handle(.performed(answer), at: node)
    }
    if let deadline = nodes[node].deadline {
      network.wake(.init(lives[node] * 1000 + node + 1), at: deadline)
    }
  }

  private mutating func handle(_ event: HospitalNode.Event, at node: Int) {
    for message in nodes[node].handle(event, at: network.now) {
      send(message, from: .init(lives[node] * 1000 + node + 1), to: .init(0))
    }
  }

  private mutating func send(
    _ message: Message, from sender: Network.Endpoint, to receiver: Network.Endpoint
  ) {
    let copies = random.uniform() < weather.repetition ? 2 : 1
    for _ in 0..<copies where random.uniform() >= weather.loss {
      let delay = Duration.milliseconds(random.integer(below: weather.delay + 1))
      network.send(message, from: sender, to: receiver, after: delay)
    }
  }

  private func peer(_ number: Int) -> Peer {
    Peer(identity: [number >> 16, number >> 8, number].map { UInt8(truncatingIfNeeded: $0) })
  }
}

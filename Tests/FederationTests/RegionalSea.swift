import Federation
import Scenarios
import Tensors
import Transports

/// A tree of regions over a network that loses, repeats, delays and reorders messages, with regions and
/// nodes that die and come back; all of it decided by a seed.
struct RegionalSea {
  /// A region: the number of its parent, 0 for the coordinator, and the hospitals below it.
  typealias Branch = (parent: Int, hospitals: [String])
  private typealias Network = InMemoryNetwork<Message>

  /// Whoever sits at an endpoint below the coordinator.
  private enum Member {
    case region(Region)
    case node(HospitalNode)
  }

  private let experiment: Experiment
  private let worker: HospitalWorker
  private let weather: RoughSea.Weather
  private let branches: [Branch]
  /// One a hospital, in the scenario's order: the number of whom its node connects to.
  private let parents: [Int]
  private var random: RandomStream
  private var network = Network()
  private var coordinator: Coordinator
  private var members: [Member] = []
  private var lives: [Int] = []
  private(set) var rounds: [RoundRecord] = []
  private(set) var evaluations: [Evaluation] = []
  /// The messages that the coordinator has got with contributions in them.
  private(set) var answers = 0

  init(
    _ scenario: Scenario, _ branches: [Branch], weather: RoughSea.Weather = .init(),
    seed: UInt64 = 0
  ) throws {
    experiment = Experiment(scenario)
    worker = try HospitalWorker(experiment, hospitals: scenario.cohorts.hospitals, data: nil)
    self.weather = weather
    self.branches = branches
    parents = scenario.cohorts.hospitals.map { hospital in
      (branches.lastIndex { $0.hospitals.contains(hospital) } ?? -1) + 1
    }
    random = RandomStream(seed: seed)
    coordinator = Coordinator(experiment, run: Array(repeating: 1, count: 16))
    let count = branches.count + scenario.cohorts.hospitals.count
    lives = Array(repeating: 0, count: count)
    members = (0..<count).map(fresh)
  }

  private func fresh(_ number: Int) -> Member {
    guard number >= branches.count else {
      return .region(Region(experiment, hospitals: branches[number].hospitals))
    }
    let hospital = experiment.scenario.cohorts.hospitals[number - branches.count]
    return .node(HospitalNode(hospitals: [hospital], scenario: experiment.digest))
  }

  /// Plays until the run ends; nil if it has not after so many deliveries.
  mutating func play(atMost limit: Int = 200_000) -> Ending? {
    perform(coordinator.handle(.opened, at: network.now))
    for number in members.indices { start(number) }
    var deliveries = 0
    while coordinator.ending == nil, deliveries < limit, let delivery = network.next() {
      deliveries += 1
      deliver(delivery)
    }
    return coordinator.ending
  }

  private mutating func deliver(_ delivery: Network.Delivery) {
    let number = delivery.endpoint.number
    if number == 0 {
      switch delivery.event {
      case .wake: perform(coordinator.handle(.deadlinePassed, at: network.now))
      case .message(let message, let sender):
        count(message)
        perform(coordinator.handle(.arrived(message, from: peer(sender)), at: network.now))
      }
      return
    }
    // What was sent to an earlier life does not reach the present one.
    let member = number % 1000 - 1
    guard number / 1000 == lives[member] else { return }
    happen(delivery.event, at: member)
    guard case .message = delivery.event, random.uniform() < weather.deaths else { return }
    lives[member] += 1
    members[member] = fresh(member)
    start(member)
  }

  private mutating func count(_ message: Message) {
    switch message {
    case .answer, .combinedAnswer: answers += 1
    default: break
    }
  }

  private mutating func start(_ member: Int) {
    switch members[member] {
    case .region: tell(member, Region.Event.opened)
    case .node: tell(member, HospitalNode.Event.started)
    }
  }

  private mutating func happen(_ event: Network.Event, at member: Int) {
    switch (members[member], event) {
    case (.region, .wake): tell(member, Region.Event.deadlinePassed)
    case (.region, .message(let message, let sender)):
      let isParent = sender.number % 1000 == parent(of: member)
      tell(member, isParent ? Region.Event.told(message) : .arrived(message, from: peer(sender)))
    case (.node, .wake): tell(member, HospitalNode.Event.deadlinePassed)
    case (.node, .message(let message, _)): tell(member, HospitalNode.Event.arrived(message))
    }
  }

  private func parent(of member: Int) -> Int {
    member < branches.count ? branches[member].parent : parents[member - branches.count]
  }

  /// The endpoint of a coordinator, region or node in its present life, by its number from 0.
  private func endpoint(_ number: Int) -> Network.Endpoint {
    .init(number == 0 ? 0 : lives[number - 1] * 1000 + number)
  }
}

// MARK: What they do

extension RegionalSea {
  private mutating func perform(_ effects: [Coordinator.Effect]) {
    for effect in effects {
      switch effect {
      case .report(.roundClosed(let round)): rounds.append(round)
      case .report(.evaluated(let evaluation)): evaluations.append(evaluation)
      case .report, .cue: break
      case .send(let message, let peer): send(message, from: .init(0), to: endpoint(of: peer))
      case .dismiss(let farewell, let peers):
        for peer in peers { send(.farewell(farewell), from: .init(0), to: endpoint(of: peer)) }
      }
    }
    if let deadline = coordinator.deadline { network.wake(.init(0), at: deadline) }
  }

  private mutating func tell(_ member: Int, _ event: Region.Event) {
    guard case .region(var region) = members[member] else { return }
    let effects = region.handle(event, at: network.now)
    members[member] = .region(region)
    let own = endpoint(member + 1)
    for effect in effects {
      switch effect {
      case .report: break
      case .tell(let message): send(message, from: own, to: endpoint(parent(of: member)))
      case .send(let message, let peer): send(message, from: own, to: endpoint(of: peer))
      }
    }
    if let deadline = region.deadline { network.wake(own, at: deadline) }
  }

  private mutating func tell(_ member: Int, _ event: HospitalNode.Event) {
    guard case .node(var node) = members[member] else { return }
    var messages = node.handle(event, at: network.now)
    while let job = node.nextJob(), let answer = worker.perform(job) {
      messages += node.handle(.performed(answer), at: network.now)
    }
    members[member] = .node(node)
    let own = endpoint(member + 1)
    for message in messages { send(message, from: own, to: endpoint(parent(of: member))) }
    if let deadline = node.deadline { network.wake(own, at: deadline) }
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

  private func peer(_ endpoint: Network.Endpoint) -> Peer {
    let number = endpoint.number
    return Peer(
      identity: [number >> 16, number >> 8, number].map { UInt8(truncatingIfNeeded: $0) })
  }

  private func endpoint(of peer: Peer) -> Network.Endpoint {
    .init(peer.identity.reduce(0) { $0 * 256 + Int($1) })
  }
}

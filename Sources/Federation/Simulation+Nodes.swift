import Scenarios
import Transports

// What nodes do: they are made when something happens to them, and forgotten when they are at rest.

extension Simulation {
  typealias Endpoint = InMemoryNetwork<Mail>.Endpoint

  /// The number of the node that serves `hospital`; `nil` if the scenario has no such hospital.
  public func node(of hospital: String) -> Int? {
    let hospitals = experiment.scenario.cohorts.hospitals
    guard let place = hospitals.firstIndex(of: hospital) else { return nil }
    return ((place + 1) * nodeCount - 1) / hospitals.count
  }

  /// The hospitals of a node: as many as any other has, or one less, and neighbours in the scenario.
  func hospitals(of number: Int) -> Slice<HospitalList> {
    let hospitals = experiment.scenario.cohorts.hospitals
    let first = number * hospitals.count / nodeCount
    return hospitals[first..<(number + 1) * hospitals.count / nodeCount]
  }

  /// The endpoint of a node in its present life.
  func endpoint(of number: Int) -> Endpoint {
    Endpoint((nodes[number]?.life ?? 0) * nodeCount + number + 1)
  }

  func number(at endpoint: Endpoint) -> Int { (endpoint.number - 1) % nodeCount }

  private func life(at endpoint: Endpoint) -> Int { (endpoint.number - 1) / nodeCount }

  func newMachine(_ number: Int) -> HospitalNode {
    HospitalNode(
      hospitals: Array(hospitals(of: number)), scenario: experiment.digest,
      learnsApart: experiment.learnsApart)
  }

  /// Makes the node that was at rest, if it was.
  mutating func rouse(_ number: Int) {
    if nodes[number] == nil { nodes[number] = SimulatedNode(newMachine(number)) }
  }

  /// Says the first hello of a node; what nothing befalls is told at once, and the node not made.
  mutating func greet(_ number: Int) throws {
    let hello = Message.hello(
      Hello(
        version: protocolVersion, scenario: experiment.digest,
        hospitals: Array(hospitals(of: number))))
    let way = way(of: hello, .toCoordinator, number)
    if way.isClear, tree == nil {
      return try tell(.arrived(hello, from: endpoint(of: number).peer))
    }
    send(Mail(message: hello, sent: now), from: endpoint(of: number), to: superior(of: number), way)
  }
}

// MARK: What happens at a node

extension Simulation {
  /// Something happens at the endpoint of a node; nothing, if it has died since.
  mutating func happen(_ event: InMemoryNetwork<Mail>.Event, at endpoint: Endpoint) {
    let number = number(at: endpoint)
    if let node = nodes[number] {
      guard node.life == life(at: endpoint), node.isRunning else { return }
      guard node.pausedAt == nil else { return node.held.append(event) }
    }
    if let back = absence(of: number) { return leave(number, until: back) }
    switch event {
    case .message(let mail, _): arrive(mail, at: number)
    case .wake: wake(number)
    }
    if nodes[number]?.isAtRest == true { nodes[number] = nil }
  }

  private mutating func arrive(_ mail: Mail, at number: Int) {
    // Bytes that are no message say nothing to a node.
    guard case .success(let message) = mail.arrival(of: mail.message) else { return }
    rouse(number)
    if nodes[number]?.hello != nil { setHello(of: number) }
    let now = now
    if case .assignment = message { nodes[number]?.assigned = (mail.sent, now) }
    tell(number, .arrived(message))
  }

  /// Lets a node handle `event`, and begin what there is to do.
  mutating func tell(_ number: Int, _ event: HospitalNode.Event) {
    for message in messages(of: number, because: event) { post(message, by: number) }
    work(at: number)
  }

  private mutating func messages(of number: Int, because event: HospitalNode.Event) -> [Message] {
    let now = now
    return nodes[number]?.machine.handle(event, at: now) ?? []
  }

  private mutating func work(at number: Int) {
    while let (job, assigned, ownSlowness) = nodes[number]?.nextJob() {
      let slowness = experiment.timeline.slowness(of: job)
      let duration = duration(of: job) * slowness * ownSlowness
      let itinerary = Itinerary(
        hospital: job.hospital, asked: assigned.sent, received: assigned.received, begun: now,
        done: now)
      guard duration > .zero else {
        finish(job, itinerary, at: number)
        continue
      }
      let due = now + duration
      nodes[number]?.work = .init(job: job, itinerary: itinerary, due: due)
      network.wake(endpoint(of: number), at: due)
    }
  }

  /// The answer goes on its way, and is made when it arrives.
  private mutating func finish(_ job: Job, _ itinerary: Itinerary, at number: Int) {
    var itinerary = itinerary
    itinerary.done = now
    let promise = Answer(
      turn: job.turn, hospital: job.hospital, outcome: promises.outcome(of: job.turn.phase))
    for message in messages(of: number, because: .performed(promise)) {
      post(message, answering: job, itinerary: itinerary, by: number)
    }
  }

  private mutating func wake(_ number: Int) {
    if let work = nodes[number]?.work, work.due <= now {
      nodes[number]?.work = nil
      finish(work.job, work.itinerary, at: number)
      self.work(at: number)
    }
    if let hello = nodes[number]?.hello, hello <= now { sayHello(number) }
  }
}

// MARK: Hellos

extension Simulation {
  /// Has a node say hello when its time has come, because something has gone amiss.
  ///
  /// The hellos of all other nodes would be answered with a welcome and change nothing.
  mutating func disturb(_ number: Int) {
    rouse(number)
    guard nodes[number]?.isRunning == true, nodes[number]?.hello == nil else { return }
    setHello(of: number, at: absence(of: number))
  }

  /// A node is away: what it was doing is lost, and it says hello when it is back.
  private mutating func leave(_ number: Int, until back: Instant) {
    rouse(number)
    let machine = newMachine(number)
    nodes[number]?.machine = machine
    nodes[number]?.work = nil
    if nodes[number]?.hello != back { setHello(of: number, at: back) }
  }

  private mutating func setHello(of number: Int, at instant: Instant? = nil) {
    let instant = instant ?? now + HospitalNode.helloInterval
    nodes[number]?.hello = instant
    network.wake(endpoint(of: number), at: instant)
  }

  private mutating func sayHello(_ number: Int) {
    nodes[number]?.hello = nil
    // Whoever starts a coordinator has all nodes say hello to it.
    guard isCoordinatorRunning else { return }
    if nodes[number]?.work != nil { return setHello(of: number) }
    // Behind what is on its way a hello would only queue, and ask for the same once more.
    let quietness = links.quietness(of: number)
    if quietness > now { return setHello(of: number, at: quietness) }
    guard isMovedByHello(of: number) else { return }
    setHello(of: number)
    tell(number, .started)
  }
}

extension Coordinator {
  /// Whether it would do more about a hello than say welcome: it does not know the node to speak for
  /// the hospitals, or has open work for one of them.
  func isMovedByHello(of hospitals: some Sequence<String>, from peer: Peer) -> Bool {
    hospitals.contains {
      roster.peer(of: $0) != peer || question?.open.contains($0) == true
        || workshop.isAwaited($0) || census.lacks($0)
        || openCue?.silent.contains($0) == true
    }
  }
}

import Transports

// The way that every message takes.

extension Simulation {
  /// Sends what the coordinator or a region says to a region or a node.
  mutating func post(
    _ message: Message, from sender: Endpoint = Self.center, to endpoint: Endpoint
  ) {
    if sender == Self.center, case .assignment(let assignment) = message {
      let isBuffer = assignment.turn.phase == .learn && experiment.learnsApart
      stopwatch.ask(assignment.turn, isBuffer: isBuffer, at: now)
    }
    let sent = relayed(message, by: sender) ?? now
    if let place = region(at: endpoint) {
      let way = way(of: message, .toNode, region: place)
      return send(Mail(message: message, sent: sent), from: sender, to: endpoint, way)
    }
    let number = number(at: endpoint)
    let way = way(of: message, .toNode, number)
    // A welcome and a farewell ask for nothing: a node at rest need not be made for them.
    if way.isClear, nodes[number] == nil, message.asksForNothing { return }
    send(Mail(message: message, sent: sent), from: sender, to: endpoint, way)
  }

  /// Sends what a node says to the coordinator or to its region.
  mutating func post(
    _ message: Message, answering job: Job? = nil, itinerary: Itinerary? = nil, by number: Int
  ) {
    let way = way(of: message, .toCoordinator, number)
    let mail = Mail(message: message, sent: now, job: job, itinerary: itinerary)
    send(mail, from: endpoint(of: number), to: superior(of: number), way)
  }

  /// What becomes of a message: asked once for each, when it is sent.
  mutating func way(
    of message: Message, _ direction: Letter.Direction, _ number: Int
  ) -> Way {
    let letter = Letter(sent: now, node: number, direction: direction, message: message)
    let met = fates(weather.fates(of: letter), on: number, direction)
    let transit = transit(of: message, direction, number)
    return Way(transit: transit, fates: isThere(number, for: transit) ? met : [])
  }

  /// What the link takes; its bytes are counted, whatever becomes of them.
  ///
  /// Where nothing takes any time, nothing is kept of links.
  mutating func transit(
    of message: Message, _ direction: Letter.Direction, _ number: Int
  ) -> Duration {
    guard tempo != nil else { return .zero }
    let bytes = sizes.bytes(of: message)
    if number < nodeCount { stopwatch.send(bytes, direction) }
    let (transfer, latency) = linkTimes(bytes, direction, number)
    return links.carry(
      bytes, direction, number, at: now, transfer: transfer, latency: latency)
  }

  mutating func send(
    _ mail: Mail, from sender: Endpoint, to receiver: Endpoint, _ way: Way
  ) {
    for fate in way.fates {
      network.send(
        mail.meeting(fate), from: sender, to: receiver, after: way.transit + fate.delay)
    }
    // One of the two is a node: between a region and whoever is above it nothing is lost.
    if !way.fates.isClear { disturb(number(at: sender.number > 0 ? sender : receiver)) }
  }
}

/// What becomes of a message: the time that its link takes, and the fates of its copies.
struct Way {
  var transit: Duration
  var fates: [Fate]

  /// Whether the message arrives at once, as it was sent.
  var isClear: Bool { transit == .zero && fates.isClear }
}

extension Message {
  /// Whether a node that is at rest does nothing about it, but for ending in peace.
  fileprivate var asksForNothing: Bool {
    switch self {
    case .welcome, .farewell: true
    default: false
    }
  }
}

extension [Fate] {
  /// Whether the message arrives once, as it was sent and when its link has carried it.
  var isClear: Bool { count == 1 && self[0].isClear }
}

extension InMemoryNetwork<Mail>.Endpoint {
  /// The endpoint as the coordinator knows it.
  var peer: Peer {
    Peer(number: UInt64(bitPattern: Int64(number)))
  }
}

extension Peer {
  /// The endpoint that the identity was made from.
  var endpoint: InMemoryNetwork<Mail>.Endpoint {
    .init(Int(truncatingIfNeeded: number ?? 0))
  }
}

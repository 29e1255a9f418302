import Transports

// The way that every message takes.

extension Simulation {
  /// Sends what the coordinator says to a node.
  mutating func post(_ message: Message, to endpoint: Endpoint) {
    let number = number(at: endpoint)
    let fates = fates(of: message, .toNode, number)
    if fates.isClear, case .welcome = message, nodes[number] == nil { return }
    send(Mail(message: message), from: Self.center, to: endpoint, fates)
  }

  /// Sends what a node says to the coordinator.
  mutating func post(_ message: Message, answering job: Job? = nil, by number: Int) {
    let fates = fates(of: message, .toCoordinator, number)
    send(
      Mail(message: message, job: job), from: endpoint(of: number), to: Self.center, fates)
  }

  /// What the weather does to a message: asked once for each.
  mutating func fates(
    of message: Message, _ direction: Letter.Direction, _ number: Int
  ) -> [Fate] {
    let letter = Letter(sent: now, node: number, direction: direction, message: message)
    return fates(weather.fates(of: letter), on: number, direction)
  }

  mutating func send(
    _ mail: Mail, from sender: Endpoint, to receiver: Endpoint, _ fates: [Fate]
  ) {
    for fate in fates {
      var copy = mail
      copy.alteration = fate.alteration
      network.send(copy, from: sender, to: receiver, after: fate.delay)
    }
    if !fates.isClear { disturb(number(at: sender == Self.center ? receiver : sender)) }
  }
}

extension [Fate] {
  /// Whether the message arrives once, as it was sent and when it was due.
  var isClear: Bool { count == 1 && self[0].isClear }
}

extension InMemoryNetwork<Mail>.Endpoint {
  /// The endpoint as the coordinator knows it.
  var peer: Peer {
    Peer(identity: (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
  }
}

extension Peer {
  /// The endpoint that the identity was made from.
  var endpoint: InMemoryNetwork<Mail>.Endpoint {
    .init(identity.reversed().reduce(0) { $0 << 8 | Int($1) })
  }
}

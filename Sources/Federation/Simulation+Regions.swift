import Transports

// Regions on the way between nodes and the coordinator, where the scenario has both regions and a time.

extension Simulation {
  /// The endpoint of a region: below all others, which are numbered from the cue sheet's.
  func endpoint(ofRegion place: Int) -> Endpoint { Endpoint(CueSheet.endpoint.number - 1 - place) }

  /// The region at an endpoint; `nil` at all others.
  func region(at endpoint: Endpoint) -> Int? {
    let place = CueSheet.endpoint.number - 1 - endpoint.number
    return place >= 0 ? place : nil
  }

  /// To whom a node connects.
  func superior(of number: Int) -> Endpoint {
    guard let tree, let place = tree.homes[number] else { return Self.center }
    return endpoint(ofRegion: place)
  }

  private func superior(ofRegion place: Int) -> Endpoint {
    tree?.places[place].parent.map { endpoint(ofRegion: $0) } ?? Self.center
  }

  /// Opens the regions; before the first hello.
  mutating func openRegions() {
    for place in 0..<(tree?.places.count ?? 0) { tell(region: place, .opened) }
  }

  /// Something happens at a region.
  mutating func happen(_ event: InMemoryNetwork<Mail>.Event, atRegion place: Int) {
    guard case .message(let mail, let sender) = event else {
      tree?.places[place].timer = nil
      return tell(region: place, .deadlinePassed)
    }
    guard let message = content(of: mail, from: sender) else { return }
    switch mail.arrival(of: message) {
    case .success(let message) where sender == superior(ofRegion: place):
      tree?.places[place].isUnheard = false
      tree?.places[place].asked = mail.sent
      tell(region: place, .told(message))
      tree?.places[place].asked = nil
    case .success(let message):
      if let way = mail.itinerary { tree?.places[place].lastAnswer = (way, now) }
      tell(region: place, .arrived(message, from: sender.peer))
    case .failure(let error): tell(region: place, .malformed(error, from: sender.peer))
    }
  }

  /// Lets a region handle `event`, and does what it wants done.
  mutating func tell(region place: Int, _ event: Region.Event) {
    let now = now
    let effects = tree?.places[place].machine.handle(event, at: now) ?? []
    for effect in effects {
      switch effect {
      case .tell(let message): tellParent(message, of: place)
      case .send(let message, let peer):
        post(message, from: endpoint(ofRegion: place), to: peer.endpoint)
      case .report: break
      }
    }
    setTimer(ofRegion: place)
  }

  private mutating func tellParent(_ message: Message, of place: Int) {
    var itinerary: Itinerary?
    if case .combinedAnswer = message, let last = tree?.places[place].lastAnswer {
      itinerary = last.way
      // Nobody else came after it: what the region has waited since, it waited in vain.
      itinerary?.inVain += now - last.came
    }
    let mail = Mail(message: message, sent: now, itinerary: itinerary)
    let way = way(of: message, .toCoordinator, region: place)
    send(mail, from: endpoint(ofRegion: place), to: superior(ofRegion: place), way)
  }

  /// When what a region passes on was sent by the coordinator; `nil` for all that somebody says by itself.
  func relayed(_ message: Message, by sender: Endpoint) -> Instant? {
    guard let place = region(at: sender), case .assignment = message else { return nil }
    return tree?.places[place].asked
  }

  /// What becomes of a message between a region and whoever is above it: nothing but time befalls it.
  mutating func way(of message: Message, _ direction: Letter.Direction, region place: Int) -> Way {
    let transit = transit(of: message, direction, nodeCount + place)
    return Way(transit: transit, fates: [.arrives()])
  }

  private mutating func setTimer(ofRegion place: Int) {
    guard let deadline = tree?.deadline(of: place) else { return }
    if let timer = tree?.places[place].timer, timer <= deadline { return }
    tree?.places[place].timer = deadline
    network.wake(endpoint(ofRegion: place), at: deadline)
  }

  /// Whoever starts a coordinator has all regions say hello to it.
  mutating func doubtRegions() {
    for place in 0..<(tree?.places.count ?? 0) {
      tree?.doubt(place)
      setTimer(ofRegion: place)
    }
  }

  /// Whether a hello of a node would do more than be welcomed, at its region or beyond.
  mutating func isMovedByHello(of number: Int) -> Bool {
    let (hospitals, peer) = (hospitals(of: number), endpoint(of: number).peer)
    guard let tree, let place = tree.homes[number] else {
      return coordinator.isMovedByHello(of: hospitals, from: peer)
    }
    if tree.places[place].machine.isMovedByHello(of: hospitals, from: peer) { return true }
    guard coordinator.isMovedByHello(of: hospitals, from: endpoint(ofRegion: root(of: place)).peer)
    else { return false }
    tree.doubt(place)
    setTimer(ofRegion: place)
    return true
  }

  /// The region above all that a region stands in.
  private func root(of place: Int) -> Int {
    tree?.places[place].parent.map { root(of: $0) } ?? place
  }

  /// Whose link it is: a hospital's, which has a node of its own where messages take time, or a region's.
  func name(ofLink link: Int) -> String {
    let name = link < nodeCount ? hospitals(of: link).first : tree?.places[link - nodeCount].name
    return name ?? ""
  }
}

import Transports

/// Who is here: for every hospital of the scenario, the node that speaks for it.
struct Roster {
  /// How a hospital stands with the run.
  enum Standing: Equatable {
    /// Its node has not said hello yet.
    case absent
    /// Its node is this one.
    case present(Peer)
    /// It let a deadline pass; this was its node.
    case lost(Peer)
    /// Its node said farewell.
    case left
  }

  private var standings: [String: Standing]
  /// The hospitals that each node has spoken for since it came.
  ///
  /// A node that was killed stays here; only the farewell is sent to it.
  private var claims: [Peer: Set<String>] = [:]
  /// How many hospitals are present.
  private(set) var presentCount = 0

  init(hospitals: [String]) {
    standings = Dictionary(uniqueKeysWithValues: hospitals.map { ($0, .absent) })
  }

  /// Every node that was welcomed and has not left, whom to tell when the run is over, in an order
  /// that depends on nothing but their identities.
  var peers: [Peer] {
    claims.keys.sorted { $0.identity.lexicographicallyPrecedes($1.identity) }
  }

  /// Whether the scenario has a hospital of this name.
  func knows(_ hospital: String) -> Bool { standings[hospital] != nil }

  /// The node that speaks for a hospital that is present.
  func peer(of hospital: String) -> Peer? {
    guard case .present(let peer) = standings[hospital] else { return nil }
    return peer
  }

  /// Whether `peer` has said that it speaks for `hospital`.
  ///
  /// Two nodes may, such as one that was thought dead and its successor: equal turns get equal
  /// answers, so it does not matter whose answer comes first.
  func mayAnswer(_ peer: Peer, for hospital: String) -> Bool {
    claims[peer]?.contains(hospital) == true
  }

  /// Notes that `peer` speaks for `hospital`, and is where to send its work from now on; gives what
  /// changed, if anything did.
  mutating func arrive(_ hospital: String, by peer: Peer) -> Presence.Change? {
    let before = standings[hospital]
    let isNew = claims[peer, default: []].insert(hospital).inserted
    standings[hospital] = .present(peer)
    switch before {
    case .present: return isNew ? .returned : nil
    case .absent, nil:
      presentCount += 1
      return .joined
    case .lost, .left:
      presentCount += 1
      return .returned
    }
  }

  /// Notes that `hospital` let a deadline pass.
  mutating func lose(_ hospital: String) {
    guard let peer = peer(of: hospital) else { return }
    standings[hospital] = .lost(peer)
    presentCount -= 1
  }

  /// Notes that `peer` has left; gives the hospitals that it spoke for, sorted.
  mutating func leave(_ peer: Peer) -> [String] {
    let claimed = claims.removeValue(forKey: peer) ?? []
    let gone = claimed.filter { standings[$0] == .present(peer) || standings[$0] == .lost(peer) }
    for hospital in gone {
      if standings[hospital] == .present(peer) { presentCount -= 1 }
      standings[hospital] = .left
    }
    return gone.sorted()
  }
}

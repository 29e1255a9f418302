import Scenarios
import Transports

/// Who is here: for every hospital of the scenario, the node that speaks for it.
///
/// Neighbours that stand alike take no more memory than one; see ``Standings``.
struct Roster {
  private let places: HospitalPlaces
  private var standings: Standings
  /// The nodes that have spoken for a hospital before its last one, by its place.
  ///
  /// A node that was killed stays here; only the farewell is sent to it.
  private var former: [Int: Set<Peer>] = [:]
  /// How many hospitals are present.
  private(set) var presentCount = 0

  init(hospitals: HospitalList) {
    places = HospitalPlaces(hospitals)
    standings = Standings(count: hospitals.count)
  }

  /// Every node that was welcomed and has not left, whom to tell when the run is over, in an order
  /// that depends on nothing but their identities.
  var peers: PeerList {
    PeerList(standings.speakers + former.values.joined().map { ($0, 1) })
  }

  /// Whether the scenario has a hospital of this name.
  func knows(_ hospital: String) -> Bool { places[hospital] != nil }

  /// The node that speaks for a hospital that is present.
  func peer(of hospital: String) -> Peer? {
    guard let place = places[hospital], case .present(let peer) = standings[place] else {
      return nil
    }
    return peer
  }

  /// Whether `peer` has said that it speaks for `hospital`.
  ///
  /// Two nodes may, such as one that was thought dead and its successor: equal turns get equal
  /// answers, so it does not matter whose answer comes first.
  func mayAnswer(_ peer: Peer, for hospital: String) -> Bool {
    guard let place = places[hospital] else { return false }
    return standings[place].speaker == peer || former[place]?.contains(peer) == true
  }

  /// Notes that `peer` speaks for `hospital`, and is where to send its work from now on; gives what
  /// changed, if anything did.
  mutating func arrive(_ hospital: String, by peer: Peer) -> Presence.Change? {
    guard let place = places[hospital] else { return nil }
    let before = standings[place]
    let isNew = !mayAnswer(peer, for: hospital)
    if let speaker = before.speaker, speaker != peer {
      former[place, default: []].insert(speaker)
    }
    former[place]?.remove(peer)
    standings[place] = .present(peer)
    if case .present = before { return isNew ? .returned : nil }
    presentCount += 1
    return before == .absent ? .joined : .returned
  }

  /// Notes that `hospital` let a deadline pass.
  mutating func lose(_ hospital: String) {
    guard let place = places[hospital], case .present(let peer) = standings[place] else { return }
    standings[place] = .lost(peer)
    presentCount -= 1
  }

  /// Notes that `hospital` has left the region that speaks for it, which is told all the same when the run
  /// is over; false where it was not present.
  mutating func leaveRegion(_ hospital: String) -> Bool {
    guard let place = places[hospital], case .present(let region) = standings[place] else {
      return false
    }
    former[place, default: []].insert(region)
    standings[place] = .left
    presentCount -= 1
    return true
  }

  /// Notes that `peer` has left; gives the hospitals that it spoke for, sorted.
  mutating func leave(_ peer: Peer) -> [String] {
    for place in former.keys { former[place]?.remove(peer) }
    let gone = standings.places(of: peer)
    for place in gone {
      if case .present = standings[place] { presentCount -= 1 }
      standings[place] = .left
    }
    return gone.map { places.names[$0] }.sorted()
  }
}

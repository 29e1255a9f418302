import Tensors
import Testing
import Transports

@testable import Federation

/// Who is here, kept as plainly as it can be said.
private struct PlainRoster {
  var claims: [Peer: Set<String>] = [:]
  var speakers: [String: Peer] = [:]
  var present: Set<String> = []

  mutating func arrive(_ hospital: String, by peer: Peer) {
    claims[peer, default: []].insert(hospital)
    speakers[hospital] = peer
    present.insert(hospital)
  }

  mutating func leave(_ peer: Peer) -> [String] {
    let gone = (claims.removeValue(forKey: peer) ?? []).filter { speakers[$0] == peer }
    for hospital in gone { speakers[hospital] = nil }
    present.subtract(gone)
    return gone.sorted()
  }
}

@Suite("who is here")
struct RosterTests {
  @Test(
    "after any comings and goings it is known who speaks, who may answer and whom to tell",
    arguments: [["h1", "h2", "h3", "h4", "h5"], ["h1", "h3", "north", "h2", "h05"]], 1...20)
  func plainly(hospitals: [String], seed: UInt64) {
    var random = RandomStream(seed: seed)
    var (roster, plain) = (Roster(hospitals: hospitals), PlainRoster())
    let peers = (0..<6).map { Peer(number: UInt64($0)) }
    for _ in 0..<100 {
      let hospital = hospitals[random.integer(below: hospitals.count)]
      let peer = peers[random.integer(below: peers.count)]
      switch random.integer(below: 4) {
      case 0, 1:
        _ = roster.arrive(hospital, by: peer)
        plain.arrive(hospital, by: peer)
      case 2:
        roster.lose(hospital)
        plain.present.remove(hospital)
      default: #expect(roster.leave(peer) == plain.leave(peer))
      }
      #expect(roster.presentCount == plain.present.count)
      #expect(roster.peers == plain.claims.keys.sorted())
      for hospital in hospitals {
        let speaker = plain.present.contains(hospital) ? plain.speakers[hospital] : nil
        #expect(roster.peer(of: hospital) == speaker)
        for peer in peers {
          #expect(
            roster.mayAnswer(peer, for: hospital)
              == (plain.claims[peer]?.contains(hospital) == true))
        }
      }
    }
  }

  @Test("a name that is not in the list has no place in it, however like the others it is")
  func names() {
    let places = HospitalPlaces((1...12).map { "h\($0)" })
    #expect((1...12).map { places["h\($0)"] } == Array(0..<12))
    for stranger in [
      "", "h", "h0", "h01", "h13", "H1", "h1 ", "h-1", "h+1", "h99999999999999999999",
    ] {
      #expect(places[stranger] == nil, "\(stranger)")
    }
    let others = HospitalPlaces(["h2", "h1"])
    #expect(others["h1"] == 1 && others["h2"] == 0 && others["h3"] == nil)
  }
}

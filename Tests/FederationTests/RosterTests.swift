import Scenarios
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
    var (roster, plain) = (Roster(hospitals: HospitalList(hospitals)), PlainRoster())
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
      #expect(Array(roster.peers) == plain.claims.keys.sorted())
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

  @Test("of many hospitals each stands as it was put last", arguments: 1...5)
  func standings(seed: UInt64) {
    var random = RandomStream(seed: seed)
    var standings = Standings(count: 3000)
    var plain = Array(repeating: Standing.absent, count: 3000)
    for _ in 0..<4000 {
      // Near the ends of pages, and mostly what the neighbour's node would suggest.
      let place = 1000 + random.integer(below: 60)
      let peer = Peer(number: UInt64(place + (random.integer(below: 4) == 0 ? 1 : 0)))
      let standing: Standing =
        switch random.integer(below: 8) {
        case 0: .absent
        case 1: .left
        case 2: .lost(peer)
        case 3: .present(Peer(number: 7))
        default: .present(peer)
        }
      standings[place] = standing
      plain[place] = standing
    }
    #expect(plain.indices.allSatisfy { standings[$0] == plain[$0] })
    let speakers = Set(plain.compactMap(\.speaker))
    #expect(Set(PeerList(standings.speakers)) == speakers)
    for peer in speakers {
      #expect(standings.places(of: peer) == plain.indices.filter { plain[$0].speaker == peer })
    }
  }

  @Test(
    "in whatever order they come, neighbours that stand alike are kept as one", arguments: 1...5)
  func neighbours(seed: UInt64) {
    #expect(MemoryLayout<Stretch>.stride == 16)
    var random = RandomStream(seed: seed)
    var (apart, together) = (Standings(count: 5000), Standings(count: 5000))
    for place in random.sample(5000, of: 5000) {
      apart[place] = .present(Peer(number: UInt64(place + 1)))
      together[place] = .present(Peer(identity: [0, 1, 2, 3, 4]))
    }
    #expect(apart.stretchCount == 5 && together.stretchCount == 5)
    apart[77] = .lost(Peer(number: 78))
    #expect(apart.stretchCount == 7)
    apart[77] = .present(Peer(number: 78))
    #expect(apart.stretchCount == 5)
    #expect(Array(PeerList(apart.speakers)) == (1...5000).map { Peer(number: $0) })
  }
}

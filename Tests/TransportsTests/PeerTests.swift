import Testing
import Transports

@Suite("the way back to a sender")
struct PeerTests {
  private static let identities: [[UInt8]] = [
    [], [0], [0, 0], [0, 1], [1], [1, 0], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4, 5, 6, 7, 8, 0], [2], [255, 255, 255, 255, 255, 255, 255, 255],
    [255, 255, 255, 255, 255, 255, 255, 255, 255],
  ]

  @Test("a peer keeps its identity, whatever its length, and differs from every other")
  func identity() {
    let peers = Self.identities.map { Peer(identity: $0) }
    #expect(peers.map(\.identity) == Self.identities)
    #expect(Set(peers).count == peers.count)
  }

  @Test("peers are in the order of their identities")
  func order() {
    #expect(
      Self.identities.reversed().map { Peer(identity: $0) }.sorted().map(\.identity)
        == Self.identities)
  }

  @Test("a number is 8 bytes of identity", arguments: [0, 1, 258, UInt64.max])
  func number(_ number: UInt64) {
    let peer = Peer(number: number)
    #expect(peer.number == number)
    #expect(peer.identity.reduce(0) { $0 << 8 | UInt64($1) } == number)
    #expect(peer == Peer(identity: peer.identity))
    #expect(Peer(identity: [1, 2]).number == nil)
  }
}

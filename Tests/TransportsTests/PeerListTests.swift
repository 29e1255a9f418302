import Testing
import Transports

@Suite("several peers")
struct PeerListTests {
  @Test("a peer is so many identities further, among those of as many bytes")
  func neighbours() {
    let peer = Peer(identity: [1, 255])
    #expect(peer.advanced(by: 0) == peer)
    #expect(peer.advanced(by: 1) == Peer(identity: [2, 0]))
    #expect(Peer(identity: [2, 3]).offset(from: peer) == 4)
    #expect(peer.offset(from: peer) == 0)
    #expect(peer.offset(from: Peer(identity: [2, 0])) == nil)
    #expect(Peer(identity: [2, 0, 0]).offset(from: peer) == nil)
    #expect(Peer(number: 7).advanced(by: 300) == Peer(number: 307))
  }

  @Test(
    "behind the last identity of its length there is none, and long ones have no neighbours",
    arguments: [[], [255], [255, 255, 255], Array(repeating: 255, count: 8), Array(1...9)])
  func ends(identity: [UInt8]) {
    let peer = Peer(identity: identity)
    #expect(peer.advanced(by: 0) == peer)
    #expect(peer.advanced(by: 1) == nil)
    #expect(peer.advanced(by: .max) == nil)
    #expect(peer.offset(from: Peer(identity: [0, 9])) == nil)
  }

  @Test("a list has each peer of its spans once, shorter identities first", arguments: 1...20)
  func spans(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var spans: [(first: Peer, count: Int)] = (0..<12).map { _ in
      let last = UInt8.random(in: 0...99, using: &random)
      let zeros = [UInt8](repeating: 0, count: Int.random(in: 0...2, using: &random))
      return (Peer(identity: zeros + [last]), Int.random(in: 1...30, using: &random))
    }
    for _ in 0..<2 { spans.append((Peer(identity: Array(1...9)), 1)) }
    let all = Set(spans.flatMap { span in (0..<span.count).compactMap(span.first.advanced) })
    let inOrder = all.sorted { ($0.identity.count, $0) < ($1.identity.count, $1) }
    #expect(Array(PeerList(spans)) == inOrder)
    #expect(PeerList(spans.reversed()) == PeerList(spans))
  }

  @Test("a list of none has none")
  func none() {
    #expect(Array(PeerList([])).isEmpty)
  }
}

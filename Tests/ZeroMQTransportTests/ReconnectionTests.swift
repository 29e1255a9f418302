import Testing
import Transports
import ZeroMQTransport

@Suite("Nodes without a coordinator")
struct ReconnectionTests {
  @Test("A node that starts first is heard when the hub binds, and each message once")
  func nodeFirst() throws {
    let endpoint = try Route.ipc.endpoint()
    let spoke = try ZeroMQSpoke(connect: endpoint)
    for _ in 0..<5 {
      try spoke.send(Samples.hello)
      #expect(try spoke.next(until: spoke.now) == nil)
    }
    try spoke.send(Samples.farewell)
    let hub = try ZeroMQHub(bind: endpoint)
    let first = try next(at: hub, with: spoke)
    #expect(first == .message(Samples.hello, from: try peer(of: first)))
    let second = try next(at: hub, with: spoke)
    #expect(second == .message(Samples.farewell, from: try peer(of: second)))
  }

  @Test("A node finds a hub that is bound again, as the same peer", arguments: Route.allCases)
  func hubAgain(route: Route) throws {
    let old = try ZeroMQHub(bind: route.endpoint())
    let spoke = try ZeroMQSpoke(connect: old.endpoint)
    try spoke.send(Samples.hello)
    let before = try peer(of: next(at: old, with: spoke))
    old.close()

    let new = try hub(boundAgain: old.endpoint, while: spoke)
    let after = try peer(of: greet(new, from: spoke))
    #expect(after == before)
    try new.send(Samples.assignment, to: after)
    #expect(try next(at: spoke) == .message(Samples.assignment))
  }

  @Test("A node that is started again is another peer")
  func nodeAgain() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    var peers: Set<Peer> = []
    for _ in 0..<3 {
      let spoke = try ZeroMQSpoke(connect: hub.endpoint)
      try spoke.send(Samples.hello)
      peers.insert(try peer(of: next(at: hub, with: spoke)))
      spoke.close()
    }
    #expect(peers.count == 3)
  }

  /// Says hello until it is heard: the first one may go down with the old connection.
  private func greet(_ hub: ZeroMQHub, from spoke: ZeroMQSpoke) throws -> Arrival {
    let end = hub.now + patience
    while hub.now < end {
      try spoke.send(Samples.hello)
      _ = try spoke.next(until: spoke.now)
      if let arrival = try hub.next(until: hub.now + .milliseconds(50)) { return arrival }
    }
    throw TransportError.closed
  }
}

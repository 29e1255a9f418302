import Testing
import Transports
import ZeroMQTransport

@Suite("Messages over sockets")
struct ExchangeTests {
  @Test("All six messages cross, in both directions", arguments: Route.allCases)
  func sixMessages(route: Route) throws {
    let hub = try ZeroMQHub(bind: route.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let first = try next(at: hub, with: spoke)
    let node = try peer(of: first)
    #expect(first == .message(Samples.hello, from: node))
    for message in [Samples.welcome, Samples.refused, Samples.assignment, Samples.farewell] {
      try hub.send(message, to: node)
      #expect(try next(at: spoke) == .message(message))
    }
    for message in [Samples.answer, Samples.farewell] {
      try spoke.send(message)
      #expect(try next(at: hub, with: spoke) == .message(message, from: node))
    }
  }

  @Test("The hub answers each of several nodes alone")
  func severalNodes() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let spokes = try (0..<5).map { _ in try ZeroMQSpoke(connect: hub.endpoint) }
    for (index, spoke) in spokes.enumerated() {
      let farewell = Message.farewell(Farewell(code: .finished, reason: "node \(index)"))
      try spoke.send(farewell)
      let arrival = try next(at: hub, with: spoke)
      #expect(arrival == .message(farewell, from: try peer(of: arrival)))
      try hub.send(farewell, to: try peer(of: arrival))
    }
    for (index, spoke) in spokes.enumerated() {
      let farewell = Message.farewell(Farewell(code: .finished, reason: "node \(index)"))
      #expect(try next(at: spoke) == .message(farewell))
      #expect(try spoke.next(until: spoke.now) == nil)
    }
  }

  @Test("A deadline that passes gives nothing, and not before its time")
  func deadline() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let deadline = hub.now + .milliseconds(3)
    #expect(try hub.next(until: deadline) == nil)
    #expect(hub.now >= deadline)
    #expect(try hub.next(until: .zero) == nil)
  }

  @Test("A message to a peer that is not there is no error")
  func unknownPeer() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    try hub.send(Samples.assignment, to: Peer(identity: [1, 2, 3]))
    #expect(try hub.next(until: hub.now) == nil)
  }

  @Test("What was sent before closing arrives", arguments: Route.allCases)
  func farewellBeforeClosing(route: Route) throws {
    let hub = try ZeroMQHub(bind: route.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let node = try peer(of: next(at: hub, with: spoke))
    try hub.send(Samples.assignment, to: node)
    try hub.send(Samples.farewell, to: node)
    hub.close()
    #expect(try next(at: spoke) == .message(Samples.assignment))
    #expect(try next(at: spoke) == .message(Samples.farewell))
  }

  @Test("What a node sent before closing arrives", arguments: Route.allCases)
  func answerBeforeClosing(route: Route) throws {
    let hub = try ZeroMQHub(bind: route.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let node = try peer(of: next(at: hub, with: spoke))
    try spoke.send(Samples.answer)
    try spoke.send(Samples.farewell)
    spoke.close()
    #expect(try next(at: hub) == .message(Samples.answer, from: node))
    #expect(try next(at: hub) == .message(Samples.farewell, from: node))
  }

  @Test("An end that has been closed says so")
  func closed() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    hub.close()
    spoke.close()
    #expect(throws: TransportError.closed) { try hub.next(until: nil) }
    #expect(throws: TransportError.closed) { try spoke.send(Samples.hello) }
  }
}

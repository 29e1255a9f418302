import Testing
import Transports
import ZeroMQTransport

/// What a peer does that knows nothing of the contract, or means ill, is its own affair.
@Suite("Strangers")
struct StrangerTests {
  @Test("Garbage is reported with its sender, who may go on")
  func garbage() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let stranger = try PlainSocket(connect: hub.endpoint)
    stranger.send([[0xFF, 0xFE, 0xFD]])
    let arrival = try next(at: hub)
    #expect(arrival == .malformed(.unreadableEnvelope, from: try peer(of: arrival)))
    stranger.send([[]])
    #expect(try next(at: hub) == .malformed(.foreignVersion(0), from: try peer(of: arrival)))
    stranger.send(Samples.hello.encoded().map { $0.bytes() })
    #expect(try next(at: hub) == .message(Samples.hello, from: try peer(of: arrival)))
  }

  @Test("A foreign version is told as such, and can be answered")
  func foreignVersion() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let stranger = try PlainSocket(connect: hub.endpoint)
    stranger.send([[0x08, 0x02, 0x9A, 0x06, 0x01, 0x41]])
    let arrival = try next(at: hub)
    #expect(arrival == .malformed(.foreignVersion(2), from: try peer(of: arrival)))
    try hub.send(Samples.refused, to: try peer(of: arrival))
    #expect(stranger.receive() == Samples.refused.encoded()[0].count)
  }

  @Test("A message of too many frames is drained and counted")
  func manyFrames() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let stranger = try PlainSocket(connect: hub.endpoint)
    stranger.send([[UInt8]](repeating: [8, 1], count: 5_000))
    let arrival = try next(at: hub)
    let expected = WireError.tooMany(
      "tensor frames", found: 4_999, accepted: Limits.standard.tensors)
    #expect(arrival == .malformed(expected, from: try peer(of: arrival)))
    stranger.send(Samples.hello.encoded().map { $0.bytes() })
    #expect(try next(at: hub) == .message(Samples.hello, from: try peer(of: arrival)))
  }

  @Test("A frame over the limit ends its sender's connection, and no other")
  func oversized() throws {
    var limits = Limits()
    limits.frameBytes = 1 << 20
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint(), limits: limits)
    let node = try ZeroMQSpoke(connect: hub.endpoint)
    try node.send(Samples.hello)
    let known = try peer(of: next(at: hub, with: node))
    let stranger = try PlainSocket(connect: hub.endpoint)
    stranger.send([[8, 1], [UInt8](repeating: 1, count: 3 << 20)])
    for _ in 0..<20 {
      try node.send(Samples.answer)
      #expect(try next(at: hub, with: node) == .message(Samples.answer, from: known))
    }
    try hub.send(Samples.assignment, to: known)
    #expect(try next(at: node) == .message(Samples.assignment))
  }

  @Test("A coordinator that talks garbage does not stop a node")
  func garbageFromTheHub() throws {
    let hub = try ZeroMQHub(bind: Route.tcp.endpoint())
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let node = try peer(of: next(at: hub, with: spoke))
    try hub.send(.welcome(Welcome(run: [1, 2])), to: node)
    let expected = WireError.invalid(field: "run", found: "2 bytes", accepted: "16 bytes")
    #expect(try next(at: spoke) == .malformed(expected))
    try hub.send(Samples.welcome, to: node)
    #expect(try next(at: spoke) == .message(Samples.welcome))
  }
}

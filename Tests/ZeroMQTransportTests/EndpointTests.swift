import Glibc
import Testing
import Transports
import ZeroMQTransport

@Suite("Endpoints")
struct EndpointTests {
  @Test("A port that the system chooses is told")
  func chosenPort() throws {
    let hub = try ZeroMQHub(bind: "tcp://127.0.0.1:*")
    #expect(hub.endpoint.hasPrefix("tcp://127.0.0.1:"))
    #expect(Int(hub.endpoint.dropFirst(16)).map { $0 > 0 } == true)
  }

  @Test("An address of IPv6 is taken in brackets")
  func ipv6() throws {
    let hub = try ZeroMQHub(bind: "tcp://[::1]:*")
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let arrival = try next(at: hub, with: spoke)
    #expect(arrival == .message(Samples.hello, from: try peer(of: arrival)))
  }

  @Test(
    "What is no endpoint is refused, with what is accepted",
    arguments: [
      "", "127.0.0.1:5555", "inproc://a", "udp://127.0.0.1:1", "tcp://127.0.0.1",
      "tcp://127.0.0.1:99999", "tcp://127.0.0.1:port", "tcp://nowhere.invalid:1",
    ])
  func refused(endpoint: String) throws {
    let error = try #require(throws: TransportError.self) { try ZeroMQHub(bind: endpoint) }
    #expect(error.description.contains("'\(endpoint)'"))
    #expect(error.description.contains("tcp://HOST:PORT"))
  }

  @Test("Port 0 is refused, with the word for a port that the system chooses")
  func portZero() throws {
    for endpoint in ["tcp://127.0.0.1:0", "tcp://127.0.0.1:00"] {
      let error = try #require(throws: TransportError.self) { try ZeroMQHub(bind: endpoint) }
      #expect(error.description.contains("say *"))
    }
  }

  @Test(
    "Nobody connects to a port that is yet to be chosen",
    arguments: ["tcp://127.0.0.1:0", "tcp://127.0.0.1:*"])
  func unknownPort(endpoint: String) throws {
    let error = try #require(throws: TransportError.self) { try ZeroMQSpoke(connect: endpoint) }
    #expect(error.description.contains("the coordinator says"))
  }

  @Test("A hub that closes, or goes, leaves no file behind, and takes nobody else's")
  func socketFile() throws {
    let endpoint = try Route.ipc.endpoint()
    let path = String(endpoint.dropFirst(6))
    var hub: ZeroMQHub? = try ZeroMQHub(bind: endpoint)
    #expect(exists(path))
    hub?.close()
    #expect(!exists(path))
    let next = try ZeroMQHub(bind: endpoint)
    hub?.close()
    hub = nil
    #expect(exists(path))
    next.close()
    hub = try ZeroMQHub(bind: endpoint)
    #expect(hub != nil && exists(path))
    hub = nil
    #expect(!exists(path))
  }

  @Test("A hub at a relative path is not robbed either")
  func relativePath() throws {
    let endpoint = "ipc://wire-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let hub = try ZeroMQHub(bind: endpoint)
    #expect(throws: TransportError.endpointInUse(endpoint)) { try ZeroMQHub(bind: endpoint) }
    hub.close()
    #expect(!exists(String(endpoint.dropFirst(6))))
  }

  private func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  @Test("A path that is too long, or in no directory, is refused")
  func paths() throws {
    let directory = try temporaryDirectory()
    let long = String(repeating: "x", count: 120)
    #expect(throws: TransportError.self) { try ZeroMQHub(bind: "ipc://\(directory)/\(long)") }
    #expect(throws: TransportError.self) { try ZeroMQHub(bind: "ipc://\(directory)/no/wire") }
    #expect(throws: TransportError.self) { try ZeroMQSpoke(connect: "ipc://\(directory)/\(long)") }
  }

  @Test("An endpoint where another hub listens is not taken from it", arguments: Route.allCases)
  func inUse(route: Route) throws {
    let hub = try ZeroMQHub(bind: route.endpoint())
    #expect(throws: TransportError.endpointInUse(hub.endpoint)) {
      try ZeroMQHub(bind: hub.endpoint)
    }
    let spoke = try ZeroMQSpoke(connect: hub.endpoint)
    try spoke.send(Samples.hello)
    let arrival = try next(at: hub, with: spoke)
    #expect(arrival == .message(Samples.hello, from: try peer(of: arrival)))
  }

  @Test("A path that a dead program has left is taken")
  func leftBehind() throws {
    let endpoint = try Route.ipc.endpoint()
    try PlainListener.leaveBehind(String(endpoint.dropFirst(6)))
    #expect(try ZeroMQHub(bind: endpoint).endpoint == endpoint)
  }
}

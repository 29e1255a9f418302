import Testing
import Transports

@Suite("The network in memory")
struct InMemoryNetworkTests {
  typealias Network = InMemoryNetwork<Message>
  typealias Endpoint = Network.Endpoint

  @Test("Events come in the order of their instants, equal instants as asked", arguments: 0..<50)
  func order(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var network = Network()
    var expected: [(instant: Int64, endpoint: Int)] = []
    for endpoint in 0..<200 {
      let instant = Int64.random(in: 0..<40, using: &random)
      network.wake(Endpoint(endpoint), at: Instant(nanoseconds: instant))
      expected.append((instant, endpoint))
    }
    // Sorting by (instant, order of asking) is what the heap must amount to.
    expected.sort { ($0.instant, $0.endpoint) < ($1.instant, $1.endpoint) }
    for event in expected {
      #expect(network.next()?.endpoint == Endpoint(event.endpoint))
      #expect(network.now == Instant(nanoseconds: event.instant))
    }
    #expect(network.next() == nil)
  }

  @Test("A message takes its delay and its latency, and says where it comes from")
  func latency() {
    var network = Network { from, _ in .milliseconds(from.number) }
    let message = Message.welcome(Welcome(run: []))
    network.send(message, from: Endpoint(3), to: Endpoint(0), after: .milliseconds(4))
    network.send(message, from: Endpoint(5), to: Endpoint(0))
    #expect(network.next()?.event == .message(message, from: Endpoint(5)))
    #expect(network.now == .zero + .milliseconds(5))
    #expect(network.next()?.event == .message(message, from: Endpoint(3)))
    #expect(network.now == .zero + .milliseconds(7))
  }

  @Test("The clock never runs backwards, also with events added on the way", arguments: 0..<20)
  func monotony(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var network = Network()
    network.wake(Endpoint(0), at: .zero)
    var last = Instant.zero
    for _ in 0..<2_000 {
      guard network.next() != nil else { break }
      #expect(network.now >= last)
      last = network.now
      for _ in 0..<(network.pending < 50 ? 2 : 1) {
        let instant = last.nanoseconds + Int64.random(in: -5...20, using: &random)
        network.wake(Endpoint(0), at: Instant(nanoseconds: instant))
      }
    }
    #expect(last > .zero)
  }

  @Test(
    "What is asked for on the way comes where its instant and the asking put it", arguments: 0..<20)
  func asking(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var network = Network()
    var expected: [(instant: Int64, number: Int)] = []
    for number in 0..<4_000 {
      if number < 1_500 || Bool.random(using: &random) {
        let delay = [0, 0, 0, 1, 7].randomElement(using: &random) ?? 0
        let instant = network.now.nanoseconds + Int64(delay)
        network.wake(Endpoint(number), at: Instant(nanoseconds: instant))
        expected.append((instant, number))
      }
      guard Int.random(in: 0..<5, using: &random) < 3, !expected.isEmpty else { continue }
      let first = expected.indices.min { expected[$0] < expected[$1] } ?? 0
      #expect(network.next()?.endpoint == Endpoint(expected.remove(at: first).number))
      #expect(network.pending == expected.count)
    }
  }

  @Test("A copy goes its own way")
  func value() {
    var network = Network()
    network.wake(Endpoint(1), at: Instant(nanoseconds: 9))
    var copy = network
    _ = copy.next()
    #expect(network.pending == 1)
    #expect(network.now == .zero)
    #expect(copy.now == Instant(nanoseconds: 9))
  }
}

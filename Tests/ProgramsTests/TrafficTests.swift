import Federation
import Foundation
import Reports
import Scenarios
import Testing
import Transports
import ZeroMQTransport

/// A coordinator's end that weighs what belongs to training.
private final class Scales: Hub {
  let hub: ZeroMQHub
  var traffic = Traffic()

  init(_ hub: ZeroMQHub) { self.hub = hub }

  var now: Instant { hub.now }

  func send(_ message: Message, to peer: Peer) throws(TransportError) {
    if case .assignment(let assignment) = message, assignment.turn.phase != .evaluate {
      traffic.down += bytes(of: message)
    }
    try hub.send(message, to: peer)
  }

  func next(until deadline: Instant?) throws(TransportError) -> Arrival? {
    let arrival = try hub.next(until: deadline)
    if case .message(.answer(let answer), _) = arrival, answer.turn.phase != .evaluate {
      traffic.up += bytes(of: .answer(answer))
    }
    return arrival
  }

  private func bytes(of message: Message) -> Int {
    message.encoded().reduce(0) { $0 + $1.count }
  }
}

/// Counts what the rounds say.
private final class Counter: RunObserver {
  var count: TrafficCount

  init(_ experiment: Experiment) { count = TrafficCount(of: experiment) }

  func observe(_ event: RunEvent) {
    if case .roundClosed(let round) = event { count.note(round) }
  }
}

@Suite("Bytes of real processes", .serialized)
struct TrafficTests {
  private static let settings = [
    "cohorts.hospitals=4", "cohorts.held-out=1", "federation.rounds=6", "federation.quorum=3",
    "evaluation.episodes=1", "cohorts.standardise=across-hospitals",
  ]

  private func scenario(_ more: String...) throws -> Scenario {
    try Scenario.read(
      path: Place.scenario("default"),
      overrides: (Self.settings + more).map { try Override($0) })
  }

  @Test("what crosses the sockets of an undisturbed run is what is counted out of its rounds")
  func sockets() throws {
    let experiment = Experiment(try scenario())
    let scales = Scales(try ZeroMQHub(bind: "tcp://127.0.0.1:*"))
    let endpoint = scales.hub.endpoint
    let nodes = experiment.scenario.cohorts.hospitals.map { hospital in
      Promise {
        let worker = try HospitalWorker(experiment, hospitals: [hospital], data: nil)
        return try serve(
          [hospital], of: experiment, with: worker, over: try ZeroMQSpoke(connect: endpoint))
      }
    }
    let counter = Counter(experiment)
    let ending = try lead(experiment, over: scales, observer: counter)
    for node in nodes { #expect(try node.value() == .finished) }
    #expect(ending.outcome == .finished)
    #expect(counter.count.total == scales.traffic)
    #expect(scales.traffic.down > 0 && scales.traffic.up > 0)
  }

  @Test("regions and nodes of many hospitals leave the same bytes in results.json")
  func layouts() throws {
    let directory = try TemporaryDirectory()
    let layouts = [
      ("simulated", ["--engine", "simulated"]), ("one", ["--processes", "1"]),
      ("regions", ["--set", "regions={ north: [h1, h2], south: [h3] }"]),
    ]
    let bytes = try layouts.map { name, arguments in
      let run = directory.file(name)
      let outcome = try Program(
        "replay",
        [Place.scenario("default"), "--quiet", "--run", run] + arguments
          + (Self.settings + ["cohorts.held-out=[h4]"]).flatMap { ["--set", $0] }
      ).end()
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try String(contentsOfFile: run + "/results.json", encoding: .utf8)
      return try #require(text.split(separator: "\n").first { $0.contains("trainingBytes") })
    }
    #expect(Set(bytes).count == 1)
  }
}

import CZeroMQ
import Foundation
import Testing

@Suite("Messages from strangers", .serialized)
struct HostileMessageTests {
  static let settings = [
    "cohorts.hospitals=3", "cohorts.held-out=0", "federation.rounds=150", "federation.quorum=3",
    "federation.assembly=60s",
  ]

  @Test("malformed, oversized, truncated and foreign messages change nothing about a run")
  func noise() throws {
    let directory = try TemporaryDirectory()
    var strangers: [Stranger] = []
    let quiet = try run(in: directory, name: "quiet") { _, _ in }
    let noisy = try run(in: directory, name: "noisy") { endpoint, coordinator in
      strangers = try (0..<2).map { _ in try Stranger(endpoint) }
      try strangers[0].sendAll(messages(seed: 5))
      try #require(coordinator.line(containing: "ignored") != nil)
      try strangers[1].sendAll(messages(seed: 6))
    }
    #expect(strangers.count == 2)
    #expect(quiet == noisy)
    #expect(quiet.count == 151)
  }

  /// Plays a run of three nodes; `disturb` gets the endpoint when the first rounds are through.
  private func run(
    in directory: TemporaryDirectory, name: String, disturb: (String, Program) throws -> Void
  ) throws -> [JournalRound] {
    let federation = try HandStarted(
      Place.scenario("default"), run: directory.file(name),
      endpoint: "ipc://\(directory.file(name + ".socket"))", settings: Self.settings)
    // The coordinator waits for the last node, so that noise meets it for certain; then the run
    // goes on while the rest of the noise comes in.
    let early = try [1, 2].map { try federation.node("h\($0)") }
    try #require(federation.coordinator.line(containing: "hospitals train") != nil)
    try disturb(federation.endpoint, federation.coordinator)
    let last = try federation.node("h3")
    let outcome = federation.coordinator.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    for node in early + [last] { #expect(node.end().status == 0) }
    return try RunFiles(directory: federation.run).rounds()
  }

  /// Multipart messages of every hostile kind.
  private func messages(seed: UInt64) -> [[[UInt8]]] {
    var random = Noise(state: seed)
    // field 1 (version, varint) of the envelope, of a version that nobody speaks.
    let foreignVersion: [UInt8] = [0x08, 0xE7, 0x07]
    let hello: [UInt8] = [0x08, 0x01, 0x12, 0x7F, 0x00]
    return [
      [[]], [[], []], [foreignVersion], [hello], [Array(repeating: 0xFF, count: 64)],
      Array(repeating: [1], count: 5000), [Array(repeating: 0x0A, count: 70_000_000)],
      [Array(repeating: 0x12, count: 2_000_000)],
    ]
      + (0..<300).map { _ in
        [(0..<Int(random.next() % 200)).map { _ in UInt8(random.next() & 255) }]
      }
  }
}

/// A small generator for noise.
private struct Noise {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}

/// A plain ZeroMQ socket in the hands of someone who does not know the contract.
@safe private final class Stranger {
  private let context: UnsafeMutableRawPointer
  private let socket: UnsafeMutableRawPointer

  init(_ endpoint: String) throws {
    unsafe context = try #require(unsafe zmq_ctx_new())
    unsafe socket = try #require(unsafe zmq_socket(context, ZMQ_DEALER))
    var linger: Int32 = 5000
    unsafe zmq_setsockopt(socket, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
    try #require(unsafe zmq_connect(socket, endpoint) == 0)
  }

  deinit {
    unsafe zmq_close(socket)
    unsafe zmq_ctx_term(context)
  }

  func sendAll(_ messages: [[[UInt8]]]) throws {
    for message in messages {
      for (index, part) in message.enumerated() {
        let flags = index + 1 < message.count ? ZMQ_SNDMORE : 0
        try #require(unsafe zmq_send(socket, part, part.count, flags) >= 0)
      }
    }
  }
}

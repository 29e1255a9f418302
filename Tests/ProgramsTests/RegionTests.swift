import CZeroMQ
import Foundation
import Testing
import Transports

/// A tree of coordinators and nodes, each a process, started by hand as a user would.
private struct HandStartedTree {
  let root: HandStarted
  var regions: [Program] = []
  var nodes: [Program] = []

  /// A coordinator of the default scenario with six hospitals.
  init(in directory: TemporaryDirectory, _ name: String, changes: [String] = [], tcp: Int? = nil)
    throws
  {
    let endpoint = tcp.map { "tcp://127.0.0.1:\($0)" } ?? "ipc://\(directory.file(name))"
    root = try HandStarted(
      Place.scenario("default"), run: directory.file(name + "-run"), endpoint: endpoint,
      settings: Self.settings + changes)
  }

  static let settings = [
    "cohorts.hospitals=6", "cohorts.held-out=[h4]", "federation.rounds=12", "federation.quorum=2",
    "federation.assembly=60s", "federation.episodes-per-round=2", "cohorts.synthetic.patients=100",
    "model.layers=[{ dense: 8 }]", "algorithm.inner.steps=2", "evaluation.alone.steps=2",
    "evaluation.every=6", "evaluation.episodes=2",
  ]

  /// Starts a region below `parent`; gives where its nodes connect to.
  mutating func region(
    _ hospitals: String..., at endpoint: String, below parent: String
  ) throws -> String {
    let region = try Program(
      "coordinator",
      ["--scenario", root.scenario, "--bind", endpoint, "--parent", parent]
        + hospitals.flatMap { ["--hospital", $0] } + root.settings)
    regions.append(region)
    let line = try #require(region.line(containing: "listening at "))
    return String(line.dropFirst("listening at ".count))
  }

  mutating func node(_ hospitals: String..., at endpoint: String) throws {
    try nodes.append(
      Program(
        "hospital-node",
        ["--scenario", root.scenario, "--connect", endpoint]
          + hospitals.flatMap { ["--hospital", $0] } + root.settings))
  }

  /// Waits for the end of all, which is expected to be a good one; gives the journal.
  func journal() throws -> String {
    let outcome = root.coordinator.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    for program in nodes + regions {
      let outcome = program.end()
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    return try String(contentsOfFile: root.run + "/journal.jsonl", encoding: .utf8)
  }
}

@Suite("Regions of real processes", .serialized)
struct RegionProcessTests {
  @Test("flat, one level, and three levels over ipc and tcp leave the same journal, byte for byte")
  func sameJournal() throws {
    let directory = try TemporaryDirectory()
    let flat = try flat(in: directory)
    #expect(flat.split(separator: "\n").count == 17)
    #expect(try oneLevel(in: directory) == flat)
    let ipc = ["north", "south", "east"].map { "ipc://\(directory.file($0))" }
    #expect(try threeLevels(in: directory, "ipc", at: ipc) == flat)
    let tcp = Array(repeating: "tcp://127.0.0.1:*", count: 3)
    #expect(try threeLevels(in: directory, "tcp", at: tcp) == flat)
  }

  private func flat(in directory: TemporaryDirectory) throws -> String {
    var tree = try HandStartedTree(in: directory, "flat")
    for number in 1...6 { try tree.node("h\(number)", at: tree.root.endpoint) }
    return try tree.journal()
  }

  private func oneLevel(in directory: TemporaryDirectory) throws -> String {
    var tree = try HandStartedTree(in: directory, "one")
    let endpoint = try tree.region(
      "h2..h5", at: "ipc://\(directory.file("one-region"))", below: tree.root.endpoint)
    for hospital in ["h2", "h3", "h4", "h5"] { try tree.node(hospital, at: endpoint) }
    try tree.node("h1", "h6", at: tree.root.endpoint)
    return try tree.journal()
  }

  /// A coordinator, two regions, a third below the second, nodes at every level.
  private func threeLevels(
    in directory: TemporaryDirectory, _ name: String, at endpoints: [String]
  ) throws -> String {
    var tree = try HandStartedTree(in: directory, name)
    let root = tree.root.endpoint
    let north = try tree.region("h1", "h2", at: endpoints[0], below: root)
    let south = try tree.region("h3..h5", at: endpoints[1], below: root)
    let east = try tree.region("h4", "h5", at: endpoints[2], below: south)
    try tree.node("h1", "h2", at: north)
    try tree.node("h3", at: south)
    for hospital in ["h4", "h5"] { try tree.node(hospital, at: east) }
    try tree.node("h6", at: root)
    return try tree.journal()
  }

  @Test("a region that is killed is missed with its hospitals, and they come back with it")
  func killed() throws {
    let directory = try TemporaryDirectory()
    var tree = try HandStartedTree(
      in: directory, "root", changes: ["federation.rounds=400", "federation.deadline=5s"])
    let (root, place) = (tree.root.endpoint, "ipc://\(directory.file("region"))")
    let region = try tree.region("h1", "h2", at: place, below: root)
    for hospital in ["h1", "h2"] { try tree.node(hospital, at: region) }
    for number in 3...6 { try tree.node("h\(number)", at: root) }
    try #require(tree.root.coordinator.line(containing: " 40/400") != nil)
    let first = tree.regions.removeFirst()
    first.signal(SIGKILL)
    #expect(first.end().status == 128 + SIGKILL)
    try #require(tree.root.coordinator.line(containing: "h2 is lost") != nil)
    // The run must not be over before the region is back, however fast the machine is.
    tree.root.coordinator.signal(SIGSTOP)
    _ = try tree.region("h1", "h2", at: place, below: root)
    for _ in 1...2 { try #require(tree.regions[0].line(containing: "has joined") != nil) }
    tree.root.coordinator.signal(SIGCONT)
    _ = try tree.journal()
    let rounds = try RunFiles(directory: tree.root.run).rounds().dropFirst()
    let lacking = rounds.filter { !$0.missing.isEmpty }
    #expect(lacking.contains { $0.missing == ["h1", "h2"] })
    #expect(lacking.allSatisfy { $0.answered == ["h3", "h5", "h6"] })
    #expect(rounds.last?.answered == ["h1", "h2", "h3", "h5", "h6"])
  }

  @Test("an interruption of the coordinator ends regions and their nodes cleanly")
  func interrupted() throws {
    let directory = try TemporaryDirectory()
    var tree = try HandStartedTree(in: directory, "root", changes: ["federation.rounds=100000"])
    let region = try tree.region(
      "h1..h6", at: "ipc://\(directory.file("region"))", below: tree.root.endpoint)
    try tree.node("h1", "h2", "h3", "h4", "h5", "h6", at: region)
    try #require(tree.root.coordinator.line(containing: "round ") != nil)
    tree.root.coordinator.signal(SIGINT)
    for program in [tree.root.coordinator] + tree.nodes + tree.regions {
      #expect(program.end().status == 130)
    }
  }

  @Test("a region that has read another scenario is refused, and its nodes are told")
  func refused() throws {
    let directory = try TemporaryDirectory()
    var tree = try HandStartedTree(in: directory, "root")
    let endpoint = "ipc://\(directory.file("region"))"
    let strange = tree.root.settings + ["--seed", "99"]
    let region = try Program(
      "coordinator",
      ["--scenario", tree.root.scenario, "--bind", endpoint, "--parent", tree.root.endpoint]
        + ["--hospital", "h1"] + strange)
    let node = try Program(
      "hospital-node",
      ["--scenario", tree.root.scenario, "--connect", endpoint, "--hospital", "h1"] + strange)
    let outcome = region.end()
    #expect(outcome.status == 7)
    #expect(outcome.errors.contains("refused this region"))
    #expect(node.end().status == 7)
    for number in 1...6 { try tree.node("h\(number)", at: tree.root.endpoint) }
    _ = try tree.journal()
  }

  @Test("what a region cannot do is an error of usage")
  func usage() throws {
    let scenario = ["--scenario", Place.scenario("default"), "--bind", "ipc://never"]
    for arguments in [
      ["--hospital", "h1"], ["--parent", "ipc://x", "--hospital", "h1", "--json"],
      ["--parent", "ipc://x"], ["--parent", "ipc://x", "--hospital", "h99"],
    ] {
      #expect(try Program("coordinator", scenario + arguments).end().status == 64)
    }
  }
}

@Suite("Combined answers from strangers", .serialized)
struct HostileRegionTests {
  /// A region that means harm says hello for three hospitals, and answers every assignment with
  /// something else than sums.
  @Test("whatever a hostile region answers, the coordinator goes on by its quorum")
  func hostileRegion() throws {
    let directory = try TemporaryDirectory()
    var tree = try HandStartedTree(in: directory, "root", changes: ["federation.deadline=20s"])
    try tree.node("h4", "h5", "h6", at: tree.root.endpoint)
    let plan = try HostileRegion.digest(of: tree.root)
    let region = try HostileRegion(at: tree.root.endpoint, scenario: plan)
    let harm = Promise { try region.answerAll() }
    let outcome = tree.root.coordinator.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try harm.value() > 5)
    for node in tree.nodes { #expect(node.end().status == 0) }
    let rounds = try RunFiles(directory: tree.root.run).rounds().dropFirst()
    #expect(rounds.count == 12)
    #expect(rounds.allSatisfy { $0.answered == ["h5", "h6"] })
  }
}

/// A plain ZeroMQ socket that speaks for h1, h2 and h3 as a region would, and lies.
@safe private final class HostileRegion: @unchecked Sendable {
  private let context: UnsafeMutableRawPointer
  private let socket: UnsafeMutableRawPointer
  private let hello: Message
  private var answered = 0

  init(at endpoint: String, scenario: [UInt8]) throws {
    unsafe context = try #require(unsafe zmq_ctx_new())
    unsafe socket = try #require(unsafe zmq_socket(context, ZMQ_DEALER))
    hello = .hello(
      Hello(version: protocolVersion, scenario: scenario, hospitals: ["h1", "h2", "h3"]))
    try #require(unsafe zmq_connect(socket, endpoint) == 0)
  }

  deinit {
    unsafe zmq_close(socket)
    unsafe zmq_ctx_term(context)
  }

  /// The digest that the journal of a run begins with.
  static func digest(of federation: HandStarted) throws -> [UInt8] {
    try #require(federation.coordinator.line(containing: "hospitals train") != nil)
    let text = try String(contentsOfFile: federation.run + "/journal.jsonl", encoding: .utf8)
    let digest = try #require(text.firstMatch(of: /"scenarioDigest":"([0-9a-f]{64})"/)).output.1
    return stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(digest.dropFirst(place).prefix(2), radix: 16)
    }
  }

  /// Answers until the run is over; gives how often it was asked.
  func answerAll() throws -> Int {
    try send(hello.encoded())
    while true {
      switch try Message.decoded(from: receive()) {
      case .farewell: return answered
      case .assignment(let assignment):
        for answer in lies(about: assignment) { try send(Message.combinedAnswer(answer).encoded()) }
        answered += 1
        try send(hello.encoded())
      default: break
      }
    }
  }

  /// Overlaps, strangers' names, sums of no kind and of every wrong shape; none that fits.
  private func lies(about assignment: Assignment) -> [CombinedAnswer] {
    func answer(_ hospitals: [String], _ tensors: [Tensor], missing: [String] = [])
      -> CombinedAnswer
    {
      CombinedAnswer(
        turn: assignment.turn, hospitals: hospitals, declined: [], missing: missing,
        episodes: 2 * hospitals.count, tensors: tensors)
    }
    let huge = (1...7).map { width in
      Tensor(
        meaning: "meta-gradient-sum", scalar: .int64, shape: [width, 1], exponent: -149,
        frame: Frame(integers: Array(repeating: .max, count: width)))
    }
    let losses = Tensor(
      meaning: "losses", scalar: .int64, shape: [1, 2], exponent: 5, frame: Frame(integers: [1, 2]))
    return [
      answer(["h1", "h5"], []), answer(["h4", "h5", "h6"], huge), answer(["nobody"], []),
      answer([], [], missing: ["h6"]), answer(["h1"], [losses, huge[answered % 7]]),
      answer(["h1", "h2"], huge), answer(["h2", "h3"], [losses] + huge),
      answer([], [], missing: ["h1", "h2", "h3"]),
    ]
  }

  private func send(_ frames: [Frame]) throws {
    for (index, frame) in frames.enumerated() {
      let (bytes, flags) = (frame.bytes(), index + 1 < frames.count ? ZMQ_SNDMORE : 0)
      try #require(unsafe zmq_send(socket, bytes, bytes.count, flags) >= 0)
    }
  }

  private func receive() throws -> [Frame] {
    var frames: [Frame] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var more: Int32 = 1
    var size = MemoryLayout<Int32>.size
    while more != 0 {
      let count = unsafe zmq_recv(socket, &buffer, buffer.count, 0)
      try #require(count >= 0 && count <= buffer.count)
      frames.append(Frame(Array(buffer.prefix(Int(count)))))
      try #require(unsafe zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0)
    }
    return frames
  }
}

import Federation
import Scenarios
import Tensors
import Testing
import Transports

@Suite("What training sends")
struct TrafficTests {
  private static let run = [UInt8](repeating: 9, count: 16)

  private func experiment(
    _ name: AlgorithmPlan.Name = .maml, _ overrides: [String] = []
  ) throws -> Experiment {
    let local = name.isLocal ? ", local: { steps: 3, batch: 8, rate: 0.1 }" : ""
    let plan =
      "algorithm={ name: \(name.rawValue), inner: { steps: 2, rate: 0.1 },"
      + " outer: { optimizer: sgd, rate: 0.5 }\(local) }"
    return Experiment(
      try Scenario.read(
        smallScenario, file: "small.yaml",
        overrides: ([plan, "federation.episodes-per-round=\(name.isLocal ? 1 : 2)"] + overrides)
          .map { try Override($0) }))
  }

  /// What a message takes on the wire.
  private func bytes(of message: Message) -> Int {
    message.encoded().reduce(0) { $0 + $1.count }
  }

  /// The tensors of a message, as what is sent says them.
  private func parts(_ tensors: [Tensor]) -> [String] {
    tensors.map { "\($0.meaning) \($0.scalar) \($0.shape)" }
  }

  private func parts(_ parts: [Exchange.Part]) -> [String] {
    parts.map { "\($0.meaning) \($0.scalar) [\($0.count)]" }
  }

  @Test(
    "is, tensor for tensor and byte for byte, what every method says",
    arguments: AlgorithmPlan.Name.allCases, ["none", "across-hospitals"])
  func statement(name: AlgorithmPlan.Name, standardisation: String) throws {
    let experiment = try experiment(name, ["cohorts.standardise=\(standardisation)"])
    let exchange = experiment.exchange
    let wire = try Wire(of: experiment, run: Self.run)
    for (message, _) in wire.learning {
      guard case .assignment(let assignment) = message else { continue }
      #expect(parts(assignment.tensors) == parts(exchange.down))
      let (hospital, round) = (assignment.hospitals[0], assignment.turn.round)
      #expect(exchange.bytesDown(to: hospital, in: round) == bytes(of: message))
    }
    for (message, _) in wire.learning {
      guard case .answer(let answer) = message,
        case .contribution(_, let tensors) = answer.outcome
      else { continue }
      #expect(parts(tensors) == parts(exchange.up))
      #expect(
        exchange.bytesUp(from: answer.hospital, in: answer.turn.round) == bytes(of: message))
    }
    // Three hospitals are asked and answer in each of three rounds.
    #expect(wire.learning.count == 2 * 3 * 3)
    let (down, up) = (exchange.down.last?.shares ?? [], exchange.up.last?.shares ?? [])
    #expect(down.reduce(0) { $0 + $1.count } == experiment.layout.parameters)
    #expect(up.reduce(0) { $0 + $1.count } == experiment.layout.contribution)
    #expect((experiment.layout.kept != nil) == (name.remembers || name == .cavia))
  }

  @Test(
    "is counted out of the rounds as it was on the wire",
    arguments: [
      [], ["cohorts.standardise=across-hospitals"], ["federation.participation-by=patients"],
      ["algorithm.name=imaml", "algorithm.proximal=2"], ["cohorts.hospitals=12"],
      ["federation.rounds=140", "federation.participation=0.4", "federation.quorum=1"],
      ["privacy.minimum-patients=40"],
    ])
  func counted(overrides: [String]) throws {
    let experiment = try experiment(.maml, overrides)
    let wire = try Wire(of: experiment, run: Self.run)
    var count = TrafficCount(of: experiment)
    for round in wire.rounds { count.note(round) }
    let sent = wire.training.reduce(Traffic()) { sum, sent in
      let bytes = bytes(of: sent.message)
      return sum + (sent.isDown ? Traffic(down: bytes) : Traffic(up: bytes))
    }
    #expect(count.total == sent)
    #expect(sent.down > 0 && sent.up > 0)
  }

  @Test("counts the same for hospitals that share a node, and with losses and repetitions")
  func engines() throws {
    let experiment = try experiment(
      .scaffold, ["federation.deadline=1h", "federation.assembly=1h"])
    func total(processes: Int?, _ prepare: (inout Simulation) -> Void = { _ in }) throws -> Traffic
    {
      let diary = Diary()
      var simulation = try Simulation(
        experiment, data: nil, processes: processes, observer: diary)
      prepare(&simulation)
      _ = try simulation.play()
      var count = TrafficCount(of: experiment)
      for round in diary.rounds { count.note(round) }
      return count.total
    }
    let calm = try total(processes: nil)
    for processes in 1...3 { #expect(try total(processes: processes) == calm) }
    #expect(try total(processes: nil) { $0.weather = Squalls(random: .init(seed: 2)) } == calm)
  }

  @Test("an answer that declines or comes late is counted, and one that does not come is not")
  func kinds() throws {
    let experiment = try experiment()
    func counted(
      _ answered: [String], declined: [String] = [], missing: [String] = [], late: Int = 0
    ) -> Traffic {
      var count = TrafficCount(of: experiment)
      count.note(
        RoundRecord(
          round: 1, answered: answered, missing: missing,
          declined: declined.map { .init(hospital: $0, reason: "too few patients") }, episodes: 4,
          lossBefore: nil, lossAfter: nil, updated: true, sha256: "",
          late: late > 0 ? .init(used: 1, dropped: late - 1) : nil))
      return count.total
    }
    let one = counted(["h1"])
    #expect(counted(["h1", "h2"]) == one + one)
    #expect(counted(["h1"], missing: ["h2"]) == one)
    #expect(counted(["h1"], late: 2) == one + one + one)
    // In a buffer, late answers that were used are among those who answered, each begun when it was.
    func buffered(_ begun: [Int]) -> Traffic {
      var count = TrafficCount(of: experiment)
      count.note(
        RoundRecord(
          round: 200, answered: ["h1", "h1"], missing: [], declined: [], episodes: 4,
          lossBefore: nil, lossAfter: nil, updated: true, sha256: "",
          late: .init(used: 1, dropped: 0), staleness: .init(mean: 1, greatest: 2),
          earlier: begun.map { .init(hospital: "h1", begun: $0) }))
      return count.total
    }
    // A number below 128 takes a byte less, in the assignment as in the answer.
    #expect(buffered([100, 100]) == one + one)
    #expect(buffered([100]) == one + one + Traffic(down: 1, up: 1))
    let declined = counted([], declined: ["h2"])
    #expect(declined.down == one.down && (1..<one.up).contains(declined.up))
  }
}

/// A run in which every message is kept as it is sent: a coordinator, a worker, and nobody between.
private struct Wire {
  var sent: [(message: Message, isDown: Bool)] = []
  var rounds: [RoundRecord] = []

  init(of experiment: Experiment, run: [UInt8]) throws {
    var coordinator = Coordinator(experiment, run: run)
    let names = experiment.scenario.cohorts.hospitals
    let worker = try HospitalWorker(experiment, hospitals: names, data: nil)
    var events: [Coordinator.Event] = [.opened]
    for (number, name) in names.enumerated() {
      let hello = Hello(
        version: protocolVersion, scenario: experiment.digest, hospitals: [name])
      events.append(.arrived(.hello(hello), from: node(number + 1)))
    }
    while coordinator.ending == nil, !events.isEmpty {
      for effect in coordinator.handle(events.removeFirst(), at: .zero) {
        switch effect {
        case .send(.assignment(let assignment), let peer):
          sent.append((.assignment(assignment), true))
          for hospital in assignment.hospitals {
            let job = Job(
              turn: assignment.turn, hospital: hospital, tensors: assignment.tensors,
              lastCounted: assignment.lastCounted(of: hospital))
            guard let answer = worker.perform(job) else { continue }
            sent.append((.answer(answer), false))
            events.append(.arrived(.answer(answer), from: peer))
          }
        case .report(.roundClosed(let round)): rounds.append(round)
        default: break
        }
      }
    }
  }

  /// What belongs to training, each way.
  var training: [(message: Message, isDown: Bool)] {
    sent.filter { $0.message.turn?.phase != .evaluate }
  }

  var learning: [(message: Message, isDown: Bool)] {
    sent.filter { $0.message.turn?.phase == .learn }
  }
}

extension Message {
  fileprivate var turn: Turn? {
    switch self {
    case .assignment(let assignment): assignment.turn
    case .answer(let answer): answer.turn
    default: nil
    }
  }
}

extension Assignment {
  /// When the hospital was counted last, where the assignment says so.
  fileprivate func lastCounted(of hospital: String) -> Int? {
    guard let place = hospitals.firstIndex(of: hospital) else { return nil }
    return tensors.first { $0.meaning == "last-counted" }.map { Int($0.frame.doubles()[place]) }
  }
}

import Federation
import Models
import Scenarios
import Testing
import Transports

/// A coordinator alone on a stage: the test plays all the nodes and moves the clock.
struct Rehearsal {
  let experiment: Experiment
  var coordinator: Coordinator
  var now = Instant.zero
  var events: [RunEvent] = []
  var cues: [Cue] = []
  var sent: [(message: Message, peer: Peer)] = []

  static let run = [UInt8](repeating: 7, count: 16)

  init(_ yaml: String = smallScenario, overrides: [String] = []) throws {
    let scenario = try Scenario.read(
      yaml, file: "small.yaml", overrides: overrides.map { try Override($0) })
    experiment = Experiment(scenario)
    coordinator = Coordinator(experiment, run: Self.run)
    tell(.opened)
  }

  mutating func tell(_ event: Coordinator.Event) {
    for effect in coordinator.handle(event, at: now) {
      switch effect {
      case .send(let message, let peer): sent.append((message, peer))
      case .dismiss(let farewell, let peers): sent += peers.map { (.farewell(farewell), $0) }
      case .report(let event): events.append(event)
      case .cue(let cue): cues.append(cue)
      }
    }
  }

  mutating func hello(_ hospitals: String..., from peer: Peer) {
    let hello = Hello(version: protocolVersion, scenario: experiment.digest, hospitals: hospitals)
    tell(.arrived(.hello(hello), from: peer))
  }

  /// All hospitals say hello, each from a node of its own.
  mutating func assemble(_ count: Int = 4) {
    for number in 1...count { hello("h\(number)", from: node(number)) }
  }

  /// The coordinator dies, and another one goes on from its last checkpoint.
  mutating func restart() throws {
    let checkpoint = try #require(checkpoints.last)
    coordinator = Coordinator(experiment, resuming: checkpoint)
    tell(.opened)
  }

  mutating func passDeadline() {
    guard let deadline = coordinator.deadline else { return }
    now = deadline
    tell(.deadlinePassed)
  }

  /// The answer of one hospital, with a meta-gradient made of its number.
  func contribution(
    _ hospital: Int, round: Int, phase: Phase = .learn, scale: Float = 1, run: [UInt8] = run
  ) -> Answer {
    let count = experiment.network.parameterCount
    let gradient = (0..<count).map { scale * Float(hospital) / Float(3 + $0) }
    let tensors =
      phase == .learn
      ? [
        tensor("meta-gradient-sum", floats: gradient),
        tensor("losses", doubles: [0.5 * Double(hospital), 0.25 * Double(hospital)]),
      ] : metrics
    return Answer(
      turn: Turn(run: run, phase: phase, round: round), hospital: "h\(hospital)",
      outcome: .contribution(episodes: 2, tensors: tensors))
  }

  private var metrics: [Tensor] {
    let contenders = experiment.contenders.count
    let shots = experiment.scenario.evaluation.shots.count
    return [
      Tensor(
        meaning: "metrics", scalar: .float64, shape: [shots, contenders, 8],
        frame: Frame(doubles: Array(repeating: 1, count: shots * contenders * 8)))
    ]
  }

  mutating func answer(_ hospital: Int, round: Int, phase: Phase = .learn) {
    let answer = contribution(hospital, round: round, phase: phase)
    tell(.arrived(.answer(answer), from: node(hospital)))
  }

  mutating func decline(_ hospital: Int, round: Int, phase: Phase = .learn) {
    let turn = Turn(run: Self.run, phase: phase, round: round)
    let answer = Answer(turn: turn, hospital: "h\(hospital)", outcome: .declined(reason: "too few"))
    tell(.arrived(.answer(answer), from: node(hospital)))
  }

  /// A hospital says how many patients it trains with.
  mutating func describe(_ hospital: Int, patients: Double) {
    let turn = Turn(run: Self.run, phase: .describe, round: 0)
    let tensors = [tensor("patients", doubles: [patients])]
    let answer = Answer(
      turn: turn, hospital: "h\(hospital)", outcome: .contribution(episodes: 1, tensors: tensors))
    tell(.arrived(.answer(answer), from: node(hospital)))
  }

  /// The meta-parameters at present: those that a run would end with if it were interrupted.
  func learnt() -> [Float] {
    var other = coordinator
    _ = other.handle(.interrupted, at: now)
    return other.ending?.parameters ?? []
  }

  /// The closed rounds in which something was learnt or tried.
  var rounds: [RoundRecord] {
    events.compactMap {
      if case .roundClosed(let record) = $0, record.round > 0 { record } else { nil }
    }
  }

  /// The records of round 0.
  var starts: [RoundRecord] {
    events.compactMap {
      if case .roundClosed(let record) = $0, record.round == 0 { record } else { nil }
    }
  }

  var checkpoints: [Coordinator.Checkpoint] {
    events.compactMap {
      if case .checkpoint(let checkpoint) = $0 { checkpoint } else { nil }
    }
  }

  var presences: [Presence] {
    events.compactMap { if case .presence(let presence) = $0 { presence } else { nil } }
  }

  /// The hospitals that `peer` was asked for, by round.
  func assignments(to peer: Peer) -> [(round: Int, hospitals: [String])] {
    sent.compactMap {
      guard case .assignment(let assignment) = $0.message, $0.peer == peer else { return nil }
      return (assignment.turn.round, assignment.hospitals)
    }
  }
}

func node(_ number: Int) -> Peer { Peer(identity: [UInt8(number)]) }

func tensor(_ meaning: String, floats numbers: [Float]) -> Tensor {
  Tensor(meaning: meaning, scalar: .float32, shape: [numbers.count], frame: Frame(floats: numbers))
}

func tensor(_ meaning: String, doubles numbers: [Double]) -> Tensor {
  Tensor(meaning: meaning, scalar: .float64, shape: [numbers.count], frame: Frame(doubles: numbers))
}

/// Four hospitals, the last of them held out, and a small network; without standardisation.
let smallScenario = """
  scenario: small
  summary: Four hospitals, one of them held out.
  seed: 3
  cohorts:
    synthetic: { patients: 60, features: 4, outcome: diagnosis }
    hospitals: 4
    held-out: [h4]
    standardise: none
  task: { kind: classification, support: 4, query: 4 }
  model: { layers: [ { dense: 3, activation: tanh } ] }
  algorithm:
    name: maml
    order: second
    inner: { steps: 1, rate: 0.1 }
    outer: { optimizer: sgd, rate: 0.1 }
  federation: { rounds: 3, episodes-per-round: 2, deadline: 10s, quorum: 2, assembly: 20s }
  privacy: { minimum-patients: 1 }
  evaluation: { shots: [4], steps: [0, 1], episodes: 2, alone: { steps: 2, rate: 0.1 } }
  """

import Federation
import Scenarios
import Tensors
import Transports

/// A federation in which whatever can go wrong does, all of it drawn from a seed.
///
/// Nodes are killed and started, paused, come late or go for good; the coordinator is killed and
/// goes on from its last checkpoint; messages are lost, repeated, delayed, overtaken and spoilt.
struct FaultSchedule {
  /// What is done, and when.
  fileprivate enum Act {
    /// The node is killed, and started again after a while unless it has gone for good.
    case death(node: Int, Simulation.Cue, back: Duration?)
    case pause(node: Int, Simulation.Cue, Duration)
    /// The node is there only from an instant on.
    case delay(node: Int, Duration)
    /// The coordinator is killed, and goes on after a while.
    case wreck(Simulation.Cue, Duration)
  }

  static let rounds = 6
  static let hospitals = 4
  /// What happens in a run of this size at most; none of a thousand reaches a tenth of it.
  static let eventLimit = 100_000

  /// Whether the federation waits long enough for everyone who is ever back.
  let isPatient: Bool
  private let weather: FoulWeather
  private var acts: [Act] = []

  /// The faults of a seed.
  init(seed: UInt64) {
    var random = RandomStream(seed: seed).child("faults")
    isPatient = random.uniform() < 0.6
    weather = FoulWeather(&random)
    for _ in 0..<random.integer(below: 9) { acts.append(Self.act(&random)) }
  }

  private static func act(_ random: inout RandomStream) -> Act {
    let node = random.integer(below: hospitals)
    let cue =
      random.uniform() < 0.5
      ? Simulation.Cue.round(1 + random.integer(below: rounds))
      : .instant(.zero + .milliseconds(random.integer(below: 12_000)))
    let length = Duration.milliseconds(random.integer(below: 5_000))
    switch random.integer(below: 10) {
    case 0..<3: return .death(node: node, cue, back: random.uniform() < 0.1 ? nil : length)
    case 3..<5: return .pause(node: node, cue, length)
    case 5: return .delay(node: node, length)
    default: return .wreck(cue, length)
    }
  }

  /// What a play comes to.
  struct Outcome: Equatable {
    /// How it ended; `nil` for a run that did not.
    var ending: Ending?
    /// What the journal has a line for, in order.
    var journal: [RunEvent] = []
    /// How often a coordinator went on.
    var resumptions = 0

    /// Whether every hospital answered in every round and evaluation.
    var isComplete: Bool {
      ending?.outcome == .finished
        && journal.allSatisfy { event in
          switch event {
          case .roundClosed(let round): round.missing.isEmpty && round.declined.isEmpty
          case .evaluated(let evaluation): evaluation.missing.isEmpty
          default: true
          }
        }
    }
  }

  /// Plays the faults, or none of them.
  static func play(_ schedule: FaultSchedule?) throws -> Outcome {
    let diary = Diary()
    var events = 0
    var simulation = try Simulation(
      schedule?.isPatient == false ? hasty : patient, data: nil, observer: diary,
      isInterrupted: {
        events += 1
        return events > eventLimit
      })
    schedule?.prepare(&simulation)
    let ending = try simulation.play()
    return Outcome(
      ending: events > eventLimit ? nil : ending,
      journal: diary.events.filter(\.isCommitted),
      resumptions: diary.events.count { if case .resumed = $0 { true } else { false } })
  }

  private func prepare(_ simulation: inout Simulation) {
    simulation.weather = weather
    for act in acts { act.prepare(&simulation) }
  }
}

extension FaultSchedule.Act {
  fileprivate func prepare(_ simulation: inout Simulation) {
    switch self {
    case .death(let node, let cue, let back):
      simulation.when(cue) {
        $0.kill(node)
        if let back { $0.when(.instant($0.now + back)) { $0.start(node) } }
      }
    case .pause(let node, let cue, let length):
      simulation.when(cue) {
        $0.pause(node)
        $0.when(.instant($0.now + length)) { $0.resume(node) }
      }
    case .delay(let node, let delay):
      simulation.kill(node)
      simulation.when(.instant(.zero + delay)) { $0.start(node) }
    case .wreck(let cue, let length):
      simulation.when(cue) {
        $0.killCoordinator()
        $0.when(.instant($0.now + length)) { try $0.restartCoordinator() }
      }
    }
  }
}

/// Loses, repeats, delays and spoils messages; what is delayed is overtaken.
private struct FoulWeather: Weather {
  private var random: RandomStream
  private let loss: Double
  private let repetition: Double
  private let noise: Double
  private let delay: Int

  init(_ random: inout RandomStream) {
    loss = random.uniform() < 0.5 ? 0 : random.uniform(in: 0...0.15)
    repetition = random.uniform() < 0.5 ? 0 : random.uniform(in: 0...0.3)
    noise = random.uniform() < 0.5 ? 0 : random.uniform(in: 0...0.1)
    delay = random.uniform() < 0.3 ? 0 : random.integer(below: 900)
    self.random = random.child("weather")
  }

  mutating func fates(of letter: Letter) -> [Fate] {
    let copies = random.uniform() < repetition ? 2 : 1
    return (0..<copies).compactMap { _ in
      let (fate, lateness) = (random.uniform(), random.integer(below: delay + 1))
      if fate < loss { return nil }
      let delay = Duration.milliseconds(lateness)
      guard fate < loss + noise else { return .arrives(after: delay) }
      return .arrives(after: delay) { _ in .failure(.unreadableEnvelope) }
    }
  }
}

extension FaultSchedule {
  private static let yaml = """
    scenario: faults
    summary: Four hospitals, one of them held out, and whatever can go wrong.
    seed: 11
    cohorts:
      synthetic: { patients: 30, features: 2, outcome: diagnosis }
      hospitals: 4
      held-out: [h4]
      standardise: across-hospitals
    task: { kind: classification, support: 2, query: 2 }
    model: { layers: [] }
    algorithm:
      name: fomaml
      inner: { steps: 1, rate: 0.1 }
      outer: { optimizer: adam, rate: 0.1 }
    federation: { rounds: \(rounds), episodes-per-round: 1, deadline: 1h, quorum: 2, assembly: 1h }
    privacy: { minimum-patients: 1 }
    evaluation: { every: 3, shots: [2], steps: [1], episodes: 1, alone: { steps: 1, rate: 0.1 } }
    """

  private static let patient = experiment([])
  private static let hasty = experiment(["federation.deadline=2s", "federation.assembly=6s"])

  private static func experiment(_ overrides: [String]) -> Experiment {
    do {
      return Experiment(
        try Scenario.read(
          yaml, file: "faults.yaml", overrides: overrides.map { try Override($0) }))
    } catch { preconditionFailure("the scenario of the faults is broken: \(error)") }
  }
}

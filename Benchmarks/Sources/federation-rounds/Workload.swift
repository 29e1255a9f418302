import Scenarios

/// A federation whose rounds are measured.
struct Workload {
  /// What the hospitals and the coordinator run in.
  enum Engine: String {
    /// The programs, over tcp on the loopback interface.
    case processes
    /// The same, but for a coordinator in the measuring process that keeps no files.
    case led
    /// One process and a virtual clock.
    case simulated
    /// The same, in turns with the bare computation of its rounds.
    case compared
  }

  let name: String
  let engine: Engine
  let hospitals: Int
  /// Node processes that share the hospitals.
  var nodes = 0
  /// The share of the hospitals that takes part in a round; below 1, features are scaled at each
  /// hospital by itself, so that nobody else is asked for anything.
  var participation = 1.0
  /// The least work that a round can be: a linear model of one feature, 1 + 1 patients, 1 step.
  var isIdle = false
  /// Whether the nodes connect over a Unix domain socket, instead of tcp on the loopback interface.
  var isLocal = false
  /// How long is measured.
  var seconds = 6.0

  static let all = [
    Workload(name: "W5", engine: .processes, hospitals: 8, nodes: 8),
    Workload(name: "W5-without-files", engine: .led, hospitals: 8, nodes: 8),
    Workload(name: "W4-100", engine: .simulated, hospitals: 100),
    Workload(name: "W4-1000", engine: .simulated, hospitals: 1000, seconds: 10),
    Workload(name: "W4-10000", engine: .simulated, hospitals: 10_000, seconds: 20),
    Workload(name: "W4-10000-1%", engine: .simulated, hospitals: 10_000, participation: 0.01),
    Workload(
      name: "W4-100000-1%", engine: .simulated, hospitals: 100_000, participation: 0.01, seconds: 20
    ),
    Workload(name: "W4-100-ratio", engine: .compared, hospitals: 100),
    Workload(name: "W4-1000-ratio", engine: .compared, hospitals: 1000, seconds: 10),
    Workload(name: "W4-10000-ratio", engine: .compared, hospitals: 10_000, seconds: 40),
    Workload(name: "overhead-1", engine: .processes, hospitals: 64, nodes: 1, isIdle: true),
    Workload(name: "overhead-8", engine: .processes, hospitals: 64, nodes: 8, isIdle: true),
    Workload(name: "overhead-64", engine: .processes, hospitals: 64, nodes: 64, isIdle: true),
    Workload(
      name: "overhead-1000", engine: .processes, hospitals: 1000, nodes: 1000, isIdle: true,
      seconds: 20),
    Workload(
      name: "overhead-1000-ipc", engine: .processes, hospitals: 1000, nodes: 1000, isIdle: true,
      isLocal: true, seconds: 20),
    Workload(name: "overhead-simulated", engine: .simulated, hospitals: 64, isIdle: true),
  ]

  /// The names of the hospitals, as the scenario counts them.
  var hospitalNames: [String] { (1...hospitals).map { "h\($0)" } }

  /// The hospitals of a node.
  func hospitals(of node: Int) -> [String] {
    stride(from: node, to: hospitals, by: nodes).map { hospitalNames[$0] }
  }
}

// MARK: Scenario

extension Workload {
  /// The scenario, checked.
  func scenario() throws -> Scenario {
    try Scenario.read(yaml, file: name, overrides: [], seed: nil)
  }

  /// One update of first-order MAML a hospital and round, for more rounds than are measured.
  var yaml: String {
    """
    scenario: \(name.lowercased().replacing("%", with: "-percent"))
    summary: Rounds to be measured.
    seed: 1
    cohorts:
      synthetic: { patients: 200, features: \(isIdle ? 1 : 13), outcome: diagnosis }
      hospitals: \(hospitals)
      standardise: \(participation < 1 ? "per-hospital" : "across-hospitals")
      test-share: 0.3
    task: { kind: classification, support: \(isIdle ? 1 : 16), query: \(isIdle ? 1 : 16) }
    model: { layers: [\(isIdle ? "" : "{ dense: 64, activation: relu }, { dense: 64, activation: relu }")] }
    algorithm:
      name: fomaml
      inner: { steps: \(isIdle ? 1 : 5), rate: 0.05 }
      outer: { optimizer: adam, rate: 0.0001 }
    federation: { rounds: 1000000, episodes-per-round: 1, participation: \(participation), deadline: 60s, quorum: \(Int((Double(hospitals) * participation).rounded())), assembly: 600s }
    evaluation: { shots: [1], steps: [0], episodes: 1, alone: { steps: 1, rate: 0.05 } }
    privacy: { minimum-patients: 1 }

    """
  }
}

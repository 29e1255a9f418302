import Federation
import Glibc
import MetaLearning
import Reports
import Scenarios

/// A small scenario and its events, for reports to tell of.
enum Sample {
  static let rounds = 3
  static let parameters: [Float] = [0.5, -1.25, 3, 0, 1e-30, 7]
  static let tensors = TensorShape.dense([(inputs: 2, outputs: 2)])

  static func scenario(
    kind: TaskPlan.Kind = .classification, rounds: Int = rounds
  ) -> Scenario {
    Scenario(
      name: "two wards/north", summary: "A sample.", seed: 7,
      cohorts: CohortPlan(
        source: .heartDisease, hospitals: ["north", "south", "new"], heldOut: .named(["new"]),
        standardisation: .none, testShare: 0.3),
      task: TaskPlan(kind: kind, support: 16, query: 16),
      model: ModelPlan(layers: [], loss: .softmaxCrossEntropy, l2: 0, initialiser: .glorot),
      algorithm: AlgorithmPlan(
        name: .maml, order: .second, inner: InnerPlan(steps: 5, rate: 0.05),
        outer: OuterPlan(
          optimiser: .adam, rate: 0.001, momentum: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)),
      federation: FederationPlan(
        rounds: rounds, episodesPerRound: 2, participation: 1, deadline: 30, quorum: 1, assembly: 30
      ),
      privacy: PrivacyPlan(minimumPatients: 5),
      evaluation: EvaluationPlan(
        every: 0, shots: [16], steps: [0, 1, 5], episodes: 10,
        alone: InnerPlan(steps: 50, rate: 0.05)))
  }

  /// The same for patients who are given doses.
  static var dosesScenario: Scenario {
    var scenario = scenario(kind: .regression)
    scenario.cohorts.source = .doses(DosesPlan(records: 40, doses: 11, spread: 1, noise: 0.1))
    scenario.cohorts.by = .patient
    return scenario
  }

  static let start = RunStart(
    scenario: "two wards/north", scenarioDigest: "d1", seed: 7, training: ["north", "south"],
    heldOut: ["new"], rounds: rounds)

  static func round(
    _ number: Int, answered: [String] = ["north", "south"], missing: [String] = [],
    before: Double? = 0.75, after: Double? = 0.5, updated: Bool = true
  ) -> RoundRecord {
    RoundRecord(
      round: number, answered: answered, missing: missing, declined: [],
      episodes: 2 * answered.count, lossBefore: before, lossAfter: after, updated: updated,
      sha256: "a\(number)")
  }

  static let ending = Ending(
    outcome: .finished, round: rounds, parameters: parameters, reason: "all rounds are done")

  static let contenders: [Contender] = [
    .supportConstant, .supportAlone, .adapted(steps: 0), .adapted(steps: 1), .adapted(steps: 5),
    .bestReachable,
  ]

  /// Sums over ten predictions with this mean log loss and this mean squared error.
  static func sums(_ loss: Double) -> MetricSums {
    MetricSums(numbers: [10, 10 * loss, 10 * loss * loss, 7, 20, 15, 0, loss])
  }

  static func hospital(
    _ name: String, heldOut: Bool = false, losses: [Double]
  ) -> HospitalEvaluation {
    HospitalEvaluation(
      hospital: name, heldOut: heldOut, patients: 100, results: [losses.map(sums)])
  }

  static func evaluation(
    _ hospitals: [HospitalEvaluation], contenders: [Contender] = contenders, final: Bool = true,
    missing: [String] = []
  ) -> Evaluation {
    Evaluation(
      round: rounds, final: final, shots: [16], contenders: contenders, hospitals: hospitals,
      missing: missing)
  }

  static let usual = evaluation([
    hospital("north", losses: [0.66, 0.59, 0.61, 0.55, 0.48, 0.41]),
    hospital("south", losses: [0.64, 0.57, 0.63, 0.53, 0.46, 0.43]),
    hospital("new", heldOut: true, losses: [0.7, 0.6, 0.65, 0.6, 0.5, 0.45]),
  ])

  /// The events of a run without trouble.
  static let events: [RunEvent] =
    [.started(start)] + (1...rounds).map { .roundClosed(round($0)) }
    + [.evaluated(usual), .ended(ending)]
}

/// A fresh directory for one test, removed when `body` is done.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let directory = try Directory.temporary(in: P_tmpdir)
  defer { removeTree(directory.path) }
  return try body(directory.path)
}

private func removeTree(_ path: String) {
  let directory = Directory(path)
  for name in (try? directory.names()) ?? [] where Directory(path + "/" + name).exists {
    removeTree(path + "/" + name)
  }
  directory.remove()
}

/// The bytes of a file; `nil` where there is none.
func contents(of path: String) -> [UInt8]? {
  guard let file = unsafe fopen(path, "r") else { return nil }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer.prefix(count)
  }
}

func text(of path: String) -> String {
  contents(of: path).map { String(decoding: $0, as: UTF8.self) } ?? "no file at \(path)"
}

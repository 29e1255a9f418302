import Scenarios
import Transports

/// When each hospital was counted last: from there it goes on with what it remembers.
struct LastCounts {
  /// By the hospital; empty where hospitals remember nothing.
  private var rounds: [String: Int]
  private let hospitals: HospitalList

  init(of experiment: Experiment) {
    hospitals = experiment.scenario.algorithm.name.remembers ? experiment.training : []
    rounds = [:]
  }

  /// Notes whose answers made up a round.
  mutating func note(_ answered: [String], in round: Int) {
    guard !hospitals.isEmpty else { return }
    for hospital in answered { rounds[hospital] = round }
  }

  /// What an assignment for `hospitals` says of them; nothing where they remember nothing.
  func tensors(for hospitals: [String]) -> [Tensor] {
    guard !self.hospitals.isEmpty else { return [] }
    return [.doubles(Meaning.lastCounted, hospitals.map { Double(rounds[$0] ?? 0) })]
  }

  /// The rounds in the scenario's order.
  var numbers: [Int] { hospitals.map { rounds[$0] ?? 0 } }

  /// Takes up what ``numbers`` gave.
  mutating func restore(_ numbers: [Int]) {
    rounds = Dictionary(uniqueKeysWithValues: zip(hospitals, numbers))
  }
}

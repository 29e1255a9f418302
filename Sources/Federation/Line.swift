import Scenarios
import Tensors
public import Transports

/// What becomes of the messages between one hospital and the coordinator, by a timeline.
///
/// Each message has draws of its own, by its direction and its number in it: the first message that
/// a hospital sends meets the same fate in every run.
public struct Line: Sendable {
  private let random: RandomStream
  private var isCut = false
  private var disturbances: [DisturbancePlan] = []
  private var counts: [Passage.Direction: Int] = [:]

  /// The line to `hospital`, on which messages pass as usual.
  public init(of experiment: Experiment, to hospital: String) {
    random = RandomStream(seed: experiment.scenario.seed).child("line").child(hospital)
  }

  /// Takes in what is done to the hospital; what is done to its node changes nothing here.
  public mutating func suffer(_ deed: Deed.Kind) {
    switch deed {
    case .plain(.cut): isCut = true
    case .plain(.reconnect): isCut = false
    case .plain(.calm): disturbances = []
    case .plain: break
    case .disturb(let plan):
      disturbances.removeAll { $0.kind == plan.kind }
      disturbances.append(plan)
      disturbances.sort { $0.kind.order < $1.kind.order }
    case .undisturb(let kind): disturbances.removeAll { $0.kind == kind }
    }
  }

  /// What becomes of the next message in this direction: one passage for each copy that arrives.
  public mutating func next(_ direction: Passage.Direction) -> [Passage] {
    let number = counts[direction, default: 0]
    counts[direction] = number + 1
    if isCut { return [] }
    let draws = random.child(direction.rawValue, number)
    var copies = [Passage()]
    for plan in disturbances {
      var draw = draws.child(plan.kind.rawValue)
      if draw.uniform() < plan.probability { copies.suffer(plan, &draw) }
    }
    return copies
  }
}

extension DisturbancePlan.Kind {
  /// What is done first: copies are made before each of them is late for itself.
  fileprivate var order: Int {
    switch self {
    case .drop: 0
    case .duplicate: 1
    case .corrupt: 2
    case .delay: 3
    case .reorder: 4
    }
  }
}

extension [Passage] {
  fileprivate mutating func suffer(_ plan: DisturbancePlan, _ draw: inout RandomStream) {
    switch plan.kind {
    case .drop: removeAll()
    case .duplicate: append(contentsOf: self)
    case .delay: for index in indices { self[index].delay += .seconds(plan.delay) }
    case .reorder:
      for index in indices { self[index].delay += .seconds(plan.delay * draw.uniform()) }
    case .corrupt: for index in indices { self[index].isDamaged = true }
    }
  }
}

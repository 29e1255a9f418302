import CAllocationCounter
import MetaLearning
import Models
import Tensors

/// What a gradient, a Hessian-vector product and a loss cost on the support sets of a workload, in seconds.
struct UnitCosts {
  private(set) var gradient = Double.infinity
  private(set) var product = Double.infinity
  private(set) var loss = Double.infinity

  private let episodes: [PreparedEpisode]
  private let programs: NetworkPrograms
  private let parameters: [Float]

  init(_ network: Network, _ episodes: [PreparedEpisode]) {
    self.episodes = episodes
    programs = NetworkPrograms(network)
    var random = RandomStream(seed: 2)
    parameters = network.initialParameters(.he, using: &random)
  }

  /// Measures again and keeps the least: clocks and neighbours change.
  mutating func measure() {
    var result = parameters
    gradient = min(gradient, Self.seconds(episodes) { runGradient($0, into: &result) })
    product = min(product, Self.seconds(episodes) { runProduct($0, into: &result) })
    loss = min(loss, Self.seconds(episodes) { runLoss($0) })
  }

  private func runGradient(_ episode: PreparedEpisode, into result: inout [Float]) {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe result.withUnsafeMutableBufferPointer { result in
        episode.support.withRows { rows in
          unsafe _ = programs.gradient(at: here, on: rows, into: result)
        }
      }
    }
  }

  private func runProduct(_ episode: PreparedEpisode, into result: inout [Float]) {
    unsafe parameters.withUnsafeBufferPointer { here in
      unsafe result.withUnsafeMutableBufferPointer { result in
        episode.support.withRows { rows in
          unsafe programs.hessianVectorProduct(at: here, along: here, on: rows, into: result)
        }
      }
    }
  }

  private func runLoss(_ episode: PreparedEpisode) {
    unsafe parameters.withUnsafeBufferPointer { here in
      episode.support.withRows { rows in unsafe _ = programs.loss(at: here, on: rows) }
    }
  }

  /// The least seconds an episode.
  static func seconds(_ episodes: [PreparedEpisode], _ work: (PreparedEpisode) -> Void) -> Double {
    var position = 0
    let rates = Rates(repeats: 5, seconds: 0.05) {
      position = (position + 1) % episodes.count
      work(episodes[position])
    }
    return 1 / rates.highest
  }
}

/// All methods on one workload.
struct MethodMeasurement {
  let workload: Workload

  /// One JSON line a method: its rate, its time over what it counts as, allocations.
  func lines() -> [String] {
    let episodes = workload.episodes()
    return Method.all(steps: workload.inner.steps)
      .filter { $0.name != "prototypes" || workload.network.outputs == 2 }
      .map { method in
        let run = method.make(workload)
        var costs = UnitCosts(workload.network.with(context: method.context), episodes)
        costs.measure()
        let seconds = UnitCosts.seconds(episodes, run)
        costs.measure()
        let counted =
          headSeconds(method) + Double(method.gradients) * costs.gradient + Double(method.products)
          * costs.product
          + Double(method.losses) * costs.loss
        return Self.line([
          ("workload", "\"\(workload.name)\""), ("method", "\"\(method.name)\""),
          ("kernels", "\"\(BLAS.kernels)\""), ("tasksPerSecond", Self.rounded(1 / seconds)),
          ("gradients", "\(method.gradients)"), ("products", "\(method.products)"),
          ("losses", "\(method.losses)"), ("timeOverCount", Self.rounded(seconds / counted)),
          ("allocationsPerTask", Self.rounded(Self.allocations(episodes, run))),
        ])
      }
  }

  /// What the gradients and products of the last layer alone cost.
  private func headSeconds(_ method: Method) -> Double {
    guard method.headGradients + method.headProducts > 0 else { return 0 }
    let head = Workload(
      name: workload.name, network: workload.network.headAlone, points: workload.points,
      inner: workload.inner, tasks: workload.tasks)
    var costs = UnitCosts(head.network, head.episodes())
    costs.measure()
    return Double(method.headGradients) * costs.gradient
      + Double(method.headProducts) * costs.product
  }

  /// Allocations an episode in steady state.
  private static func allocations(
    _ episodes: [PreparedEpisode], _ run: (PreparedEpisode) -> Void
  ) -> Double {
    let before = allocations_so_far()
    for episode in episodes { run(episode) }
    return Double(allocations_so_far() - before) / Double(episodes.count)
  }

  private static func line(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static func rounded(_ number: Double) -> String {
    "\((number * 1000).rounded() / 1000)"
  }
}

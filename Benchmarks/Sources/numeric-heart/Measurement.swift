import CAllocationCounter
import MetaLearning
import Models
import Tensors

/// A workload that is being run.
final class Measurement {
  private let workload: Workload
  private let episodes: [PreparedEpisode]
  private let maml: MAML
  private var optimiser: Optimiser
  private var parameters: [Float]
  private var gradient: [Float]
  private var mean: [Float]
  private var position = 0

  init(_ workload: Workload, keptPasses: Int?) {
    self.workload = workload
    episodes = workload.episodes()
    let (network, inner) = (workload.network, workload.inner)
    maml =
      keptPasses.map { MAML(network: network, inner: inner, order: .second, keptPasses: $0) }
      ?? MAML(network: network, inner: inner, order: .second)
    var random = RandomStream(seed: 2)
    parameters = workload.network.initialParameters(.he, using: &random)
    gradient = parameters
    mean = Array(repeating: 0, count: parameters.count)
    optimiser = Optimiser(
      .adam(rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8), parameterCount: parameters.count)
  }

  /// One JSON line: rates, the share of the peak that useful operations reach, allocations.
  func line() -> String {
    // The peak on both sides of every workload: clocks and neighbours change.
    let peakBefore = Peak.measured()
    let rates = Rates { run() }
    let peak = max(peakBefore, Peak.measured())
    let tasks = Double(workload.tasks)
    let operations = workload.usefulOperations * tasks * rates.median
    let fields = [
      ("workload", "\"\(workload.name)\""), ("kernels", "\"\(BLAS.kernels)\""),
      ("tasksPerSecond", rounded(rates.median * tasks)),
      ("lowest", rounded(rates.lowest * tasks)), ("highest", rounded(rates.highest * tasks)),
      ("repeats", "\(rates.sorted.count)"),
      ("metaStepsPerSecond", workload.tasks > 1 ? rounded(rates.median) : "null"),
      ("gigaflops", rounded(operations / 1e9)), ("peakGigaflops", rounded(peak / 1e9)),
      ("shareOfPeak", rounded(operations / peak)),
      ("allocationsPerTask", rounded(allocations() / tasks)),
      ("trajectoryBytes", "\(maml.trajectoryBytes)"), ("passBytes", "\(maml.passBytes)"),
    ]
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  /// A meta-step, or one meta-gradient.
  private func run() {
    guard workload.tasks > 1 else {
      position = (position + 1) % episodes.count
      _ = maml.metaGradient(at: parameters, of: episodes[position], into: &gradient)
      return
    }
    for episode in episodes {
      _ = maml.metaGradient(at: parameters, of: episode, into: &gradient)
      Self.add(gradient, to: &mean)
    }
    Self.divide(&mean, by: Float(workload.tasks), into: &gradient)
    optimiser.step(&parameters, along: gradient)
  }

  private static func add(_ gradient: [Float], to sum: inout [Float]) {
    for index in sum.indices { sum[index] += gradient[index] }
  }

  /// Leaves `sum` empty for the next meta-step.
  private static func divide(_ sum: inout [Float], by count: Float, into mean: inout [Float]) {
    for index in sum.indices {
      mean[index] = sum[index] / count
      sum[index] = 0
    }
  }

  /// Allocations a run in steady state.
  private func allocations() -> Double {
    let runs = 20
    let before = allocations_so_far()
    for _ in 0..<runs { run() }
    return Double(allocations_so_far() - before) / Double(runs)
  }

  private func rounded(_ number: Double) -> String {
    "\((number * 1000).rounded() / 1000)"
  }
}

public import Models

/// SCAFFOLD: control variates take out of each local step what is peculiar to the hospital.
///
/// A local step is `y <- y - r (g(y) - c_i + c)`, with `c_i` the hospital's own control variate and `c` that of all. Then
/// `c_i` becomes an estimate of the hospital's gradient at `x`: by option I the mean of the gradients there, by
/// option II `c_i - c + (x - y) / (K r)`, which costs nothing. `K r` is exactly what has been run, so the
/// local steps are plain ones of one size.
///
/// Sends down: `x`, then `c`, `2 P` numbers. Sends up: `x - y`, then the change of `c_i`. Keeps: `c_i`; a
/// hospital that is asked rarely has an old one. Cost: `K` gradients and a loss; option I, `K - 1` gradients more.
///
/// Reference: Karimireddy, Kale, Mohri, Reddi, Stich and Suresh, "SCAFFOLD: Stochastic controlled averaging
/// for federated learning", ICML 2020.
public final class SCAFFOLD: LocalAlgorithm {
  /// How a control variate is renewed.
  public enum Option: String, Codable, CaseIterable, Sendable {
    /// The mean of the gradients of the local batches where the hospital set out.
    case gradient
    /// What the local steps have added up to.
    case path
  }

  /// The local steps, one batch each.
  public let local: InnerLoop
  /// How a control variate is renewed.
  public let option: Option

  private let descent: LocalDescent
  private var start: [Float]
  private var correction: [Float]
  private var atStart: [Float]
  private var sum: [Float]

  /// SCAFFOLD of a network's parameters.
  ///
  /// - Precondition: there is at least one local step, and its size is not zero.
  public init(network: Network, local: InnerLoop, option: Option = .path) {
    precondition(
      local.steps > 0 && local.rate != 0, "control variates come from local steps that move")
    self.local = local
    self.option = option
    descent = LocalDescent(network: network, local: local)
    start = .zeros(network.parameterCount)
    (correction, atStart, sum) = (start, start, start)
  }

  /// The number of parameters that are sent down: those of the network, then `c`.
  public var parameterCount: Int { 2 * start.count }
  /// The number of numbers that are sent up.
  public var contributionCount: Int { 2 * start.count }
  /// The number of numbers that are kept: `c_i`.
  public var memoryCount: Int { start.count }

  /// The parameters before the first round: `c` is zero.
  public func initialParameters(from theta: [Float]) -> [Float] { theta + .zeros(theta.count) }

  /// Trains for the local steps and renews the control variate; see ``LocalAlgorithm``.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    let count = start.count
    precondition(
      parameters.count == 2 * count && contribution.count == 2 * count,
      "there are \(2 * count) parameters, not \(parameters.count)")
    if memory.isEmpty { memory = .zeros(count) }
    precondition(memory.count == count, "a control variate has \(count) numbers")
    correction.take(parameters, from: count)
    correction.update(memory) { $0 - $1 }
    if option == .gradient {
      start.take(parameters)
      sum.fill(0)
    }
    let losses = try descent.run(from: parameters, on: batches) { position, gradient, batch in
      if option == .gradient { addGradientAtStart(gradient, position, batch) }
      position.update(gradient, correction) { [rate = local.rate] in $0 - rate * ($1 + $2) }
    }
    descent.writeWayBack(to: parameters, into: &contribution)
    renew(&memory, with: parameters, into: &contribution)
    return losses
  }

  /// Adds the gradient where the hospital set out, which in the first step is the one at hand.
  private func addGradientAtStart(_ gradient: [Float], _ here: [Float], _ batch: PreparedExamples) {
    guard here != start else { return sum.update(gradient) { $0 + $1 } }
    descent.programs.gradient(at: start, on: batch, into: &atStart)
    sum.update(atStart) { $0 + $1 }
  }

  /// Replaces the control variate, and writes by how much it has changed.
  private func renew(
    _ memory: inout [Float], with parameters: [Float], into contribution: inout [Float]
  ) {
    let count = start.count
    let changes = count..<2 * count
    let steps = Float(local.steps)
    switch option {
    case .gradient:
      contribution.update(in: changes, sum, memory) { _, sum, old in sum / steps - old }
    case .path:
      // The way back is at hand in the correction's place, which is not needed any more.
      let share = 1 / (steps * local.rate)
      correction.take(contribution)
      contribution.update(in: changes, correction, parameters, at: count) { _, way, common in
        share * way - common
      }
    }
    memory.update(contribution, from: count) { $0 + $1 }
  }
}

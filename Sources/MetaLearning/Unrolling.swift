import Models

/// Gradient steps on the support set with a rate for every parameter, and the way back through them.
///
/// With `theta_{k+1} = theta_k - A_k ∘ g_k`, the derivative `v` by where the steps end is pulled back through
/// each of them, `v <- v - H_k (A_k ∘ v)`; on the way the derivative by the rates is found, `-g_k ∘ v`. Of
/// first order `H_k` is taken to be zero. A mean of the query losses after several steps adds, at each of
/// them, its share of the query gradient there.
///
/// Steps may be held back to where they started, `g_k + pull (theta_k - theta_0)`, and have momentum,
/// `m_{k+1} = momentum m_k + g_k` in the place of `g_k`. With `d_k = A_k ∘ v_{k+1} + momentum d_{k+1}`, then
/// `v_k = v_{k+1} - (H_k + pull) d_k`, and theta gets `pull` times the sum of all `d_k` as well.
///
/// Cost: `K` gradients, a query loss, a query gradient for each step whose loss counts; of second
/// order also `K` Hessian-vector products. Memory: `2 K + 5` parameter vectors and the kept pass of the last
/// step. After the first episode of a size nothing is allocated.
final class Unrolling {
  let steps: Int
  let layout: RateLayout
  private let parameterCount: Int
  private let programs: NetworkPrograms
  private let passes: [Pass]
  private let pull: Float
  private let momentum: Float
  private var points: [[Float]]
  private var gradients: [[Float]]
  private var rates: [Float]
  private var adjoint: [Float]
  private var direction: [Float]
  private var product: [Float]
  private var anchor: [Float]

  init(
    network: Network, steps: Int, rates: InnerRates, pull: Float = 0, momentum: Float = 0,
    keptPasses: Int = 1
  ) {
    self.steps = steps
    layout = RateLayout(rates, of: network)
    parameterCount = network.parameterCount
    programs = NetworkPrograms(network)
    passes = (0..<min(keptPasses, steps)).map { _ in Pass() }
    let zeros = [Float].zeros(parameterCount)
    (self.pull, self.momentum) = (pull, momentum)
    anchor = pull == 0 ? [] : zeros
    points = Array(repeating: zeros, count: steps + 1)
    gradients = Array(repeating: zeros, count: steps)
    (self.rates, adjoint, direction, product) = (zeros, zeros, zeros, zeros)
  }

  /// The length of the meta-parameters: those of the network, then the learnt rates.
  var count: Int { parameterCount + layout.learntCount }

  /// Overwrites `gradient` with the derivative of the query loss after the steps, or of the mean of the
  /// losses after each step with these weights.
  func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, order: Order, weights: [Float]? = nil,
    into gradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == count && gradient.count == count,
      "there are \(count) meta-parameters, not \(parameters.count) with a gradient of"
        + " \(gradient.count)")
    points[0].take(parameters)
    let before = programs.loss(at: points[0], on: episode.query)
    descend(on: episode.support, parameters, keepsPasses: order == .second)
    let after = programs.gradient(at: points[steps], on: episode.query, into: &adjoint)
    if let weights, let last = weights.last { adjoint.scale(by: last) }
    gradient.fill(0)
    anchor.fill(0)
    direction.fill(0)
    for step in (0..<steps).reversed() {
      pullBack(through: step, of: episode, order, parameters, into: &gradient)
      if step > 0, let weight = weights?[step - 1], weight != 0 {
        programs.gradient(at: points[step], on: episode.query, into: &product)
        adjoint.update(product) { $0 + weight * $1 }
      }
    }
    gradient.put(adjoint, at: 0)
    gradient.update(in: anchor.indices, anchor) { $0 + $1 }
    return EpisodeLosses(before: before, after: after)
  }

  /// Where a gradient is kept for the way back: the last ones, if at all.
  private func pass(of step: Int) -> Pass? {
    let position = step - (steps - passes.count)
    return position < 0 ? nil : passes[position]
  }

  private func descend(on support: PreparedExamples, _ parameters: [Float], keepsPasses: Bool) {
    for step in 0..<steps {
      let here = points[step]
      programs.gradient(
        at: here, on: support, into: &gradients[step], keeping: keepsPasses ? pass(of: step) : nil)
      holdBack(step)
      layout.write(&rates, of: step, from: parameters)
      points[step + 1].set(here, rates, gradients[step]) { $0 - $1 * $2 }
    }
  }

  /// Makes of the gradient of a step what is descended along.
  private func holdBack(_ step: Int) {
    if pull != 0 {
      gradients[step].update(points[step], points[0]) { [pull] in $0 + pull * ($1 - $2) }
    }
    if momentum != 0 && step > 0 {
      let last = gradients[step - 1]
      gradients[step].update(last) { [momentum] in $0 + momentum * $1 }
    }
  }

  private func pullBack(
    through step: Int, of episode: PreparedEpisode, _ order: Order, _ parameters: [Float],
    into gradient: inout [Float]
  ) {
    layout.collect(gradients[step], adjoint, of: step, into: &gradient)
    guard order == .second else { return }
    layout.write(&rates, of: step, from: parameters)
    direction.update(rates, adjoint) { [momentum] last, rate, v in rate * v + momentum * last }
    programs.hessianVectorProduct(
      at: points[step], along: direction, on: episode.support, of: pass(of: step), into: &product)
    adjoint.update(product) { $0 - $1 }
    guard pull != 0 else { return }
    adjoint.update(direction) { [pull] in $0 - pull * $1 }
    anchor.update(direction) { [pull] in $0 + pull * $1 }
  }
}

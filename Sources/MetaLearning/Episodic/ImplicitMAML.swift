public import Models

/// iMAML: the meta-gradient follows from where adaptation ends, whatever way it went there.
///
/// Adaptation descends `L_S(p) + lambda / 2 |p - theta|^2` from theta. At its minimum `phi` the meta-gradient `x`
/// solves `(I + H / lambda) x = v`, with `H` the Hessian of the support loss and `v` the gradient of the query
/// loss, both at `phi`: conjugate gradients on exact Hessian-vector products. This is the paper's
/// system; the authors' code solves a damped one and descends without the proximal term.
///
/// The result is as exact as the two residuals are small. `I + H / lambda` has to be positive
/// definite, which a network grants only if lambda is large enough: see ``diagnostics``.
///
/// Meta-parameters: theta. Cost: `K + 1` gradients, a query loss and gradient, and at most as many Hessian-vector
/// products as iterations. Memory: seven parameter vectors and one pass, whatever `K` is.
///
/// Reference: Rajeswaran, Finn, Kakade and Levine, "Meta-learning with implicit gradients", NeurIPS 2019.
public final class ImplicitMAML: MetaAlgorithm {
  /// How well the last episode was solved, and how often that failed.
  public struct Diagnostics: Equatable, Sendable {
    /// The norm of the gradient that was left when the inner steps ended.
    public internal(set) var innerResidual = 0.0
    /// The norm of `v - (I + H / lambda) x` over that of `v`.
    public internal(set) var solverResidual = 0.0
    /// The Hessian-vector products that were taken.
    public internal(set) var iterations = 0
    /// Whether a direction of zero or negative curvature turned up: lambda is too small for this
    /// episode, and the solver stopped with what it had, at first the query gradient.
    public internal(set) var isIndefinite = false
    /// The episodes so far.
    public internal(set) var episodes = 0
    /// In how many of them such a direction turned up.
    public internal(set) var indefiniteEpisodes = 0
  }

  /// The steps towards the minimum.
  public let inner: InnerLoop
  /// How strongly adaptation is held back to the meta-parameters.
  public let lambda: Float
  /// The most Hessian-vector products that are taken.
  public let iterations: Int
  /// The relative residual at which the solver stops.
  public let tolerance: Double
  /// How well the last episode was solved.
  public private(set) var diagnostics = Diagnostics()

  private let programs: NetworkPrograms
  private let pass = Pass()
  private var solver: ConjugateGradients
  private var position: [Float]
  private var gradient: [Float]
  private var outer: [Float]

  /// iMAML for a network, with its programs.
  ///
  /// - Parameters:
  ///   - network: The network whose parameters are learnt.
  ///   - inner: The steps towards the minimum.
  ///   - lambda: How strongly adaptation is held back to the meta-parameters.
  ///   - iterations: The most Hessian-vector products that are taken; 5 in the paper.
  ///   - tolerance: The relative residual at which the solver stops.
  ///
  /// - Precondition: `lambda` is positive.
  public init(
    network: Network, inner: InnerLoop, lambda: Float, iterations: Int = 5, tolerance: Double = 1e-6
  ) {
    precondition(lambda > 0, "a lambda of \(lambda) does not hold back")
    self.inner = inner
    self.lambda = lambda
    self.iterations = iterations
    self.tolerance = tolerance
    programs = NetworkPrograms(network)
    solver = ConjugateGradients(count: network.parameterCount)
    position = .zeros(network.parameterCount)
    (gradient, outer) = (position, position)
  }

  /// The parameters after the inner steps.
  public func adapted(_ parameters: [Float], to support: PreparedExamples) -> [Float] {
    descend(from: parameters, on: support)
    return position
  }

  /// Overwrites `gradient` with the implicit meta-gradient, and renews ``diagnostics``.
  public func metaGradient(
    at parameters: [Float], of episode: PreparedEpisode, into gradient: inout [Float]
  ) -> EpisodeLosses {
    precondition(
      parameters.count == position.count && gradient.count == position.count,
      "the network has \(position.count) parameters, not \(parameters.count) with a gradient of"
        + " \(gradient.count)")
    let before = programs.loss(at: parameters, on: episode.query)
    descend(from: parameters, on: episode.support)
    measureInnerResidual(around: parameters, on: episode.support)
    let after = programs.gradient(at: position, on: episode.query, into: &outer)
    let outcome = solver.solve(
      outer, into: &gradient, iterations: iterations, tolerance: tolerance
    ) { [programs, position, pass, share = 1 / lambda] direction, product in
      programs.hessianVectorProduct(
        at: position, along: direction, on: episode.support, of: pass, into: &product)
      product.update(direction) { $1 + share * $0 }
    }
    note(outcome)
    return EpisodeLosses(before: before, after: after)
  }

  private func descend(from parameters: [Float], on support: PreparedExamples) {
    position.take(parameters)
    for _ in 0..<inner.steps {
      programs.gradient(at: position, on: support, into: &gradient)
      position.update(gradient, parameters) { [rate = inner.rate, lambda] here, gradient, centre in
        here - rate * (gradient + lambda * (here - centre))
      }
    }
  }

  /// The gradient at the end also keeps the pass that the Hessian-vector products are taken of.
  private func measureInnerResidual(around centre: [Float], on support: PreparedExamples) {
    programs.gradient(at: position, on: support, into: &gradient, keeping: pass)
    gradient.update(position, centre) { [lambda] in $0 + lambda * ($1 - $2) }
    diagnostics.innerResidual = gradient.norm
  }

  private func note(_ outcome: ConjugateGradients.Outcome) {
    diagnostics.solverResidual = outcome.residual
    diagnostics.iterations = outcome.iterations
    diagnostics.isIndefinite = outcome.isIndefinite
    diagnostics.episodes += 1
    diagnostics.indefiniteEpisodes += outcome.isIndefinite ? 1 : 0
  }
}

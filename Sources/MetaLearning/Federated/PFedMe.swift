public import Models

/// pFedMe: every hospital has a personal model that is drawn to its copy of the common one, and the copy
/// follows.
///
/// Each local round takes one batch and `K` steps `theta <- theta - rate (g(theta) + lambda (theta - w))` towards
/// the personal model, then moves the copy, `w <- w - eta lambda (w - theta)`: gradient descent on the loss that
/// the personal model reaches. The first round starts the personal model at what was sent down, as the authors' code does, later
/// ones go on with it. Their hidden weight decay is not here: a network's own penalty says it.
///
/// Sends down: `w`. Sends up: `w_0 - w_R`; the server moves by `beta` times the mean, which is `w = (1 - beta) w +
/// beta mean(w_i)`. Keeps: the personal model, to predict with. Cost of a local round: `K` gradients.
///
/// Reference: Dinh, Tran and Nguyen, "Personalized federated learning with Moreau envelopes", NeurIPS
/// 2020.
public final class PFedMe: LocalAlgorithm {
  /// The number of local rounds, `R`, and the size `eta` of their steps.
  public let local: InnerLoop
  /// The steps towards the personal model within a round.
  public let inner: InnerLoop
  /// How strongly the personal model is drawn to the copy of the common one.
  public let lambda: Float

  private let programs: NetworkPrograms
  private var copy: [Float]
  private var personal: [Float]
  private var gradient: [Float]

  /// pFedMe of a network's parameters.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - local: The number of local rounds, one batch each, and the size `eta` of their steps.
  ///   - inner: The steps towards the personal model within a round; 5 in the paper.
  ///   - lambda: How strongly the personal model is drawn to the copy; 15 to 30 in the paper.
  public init(network: Network, local: InnerLoop, inner: InnerLoop, lambda: Float) {
    self.local = local
    self.inner = inner
    self.lambda = lambda
    programs = NetworkPrograms(network)
    copy = .zeros(network.parameterCount)
    (personal, gradient) = (copy, copy)
  }

  /// The number of parameters that are sent down.
  public var parameterCount: Int { copy.count }
  /// The number of numbers that are sent up.
  public var contributionCount: Int { copy.count }
  /// The number of numbers that are kept: the personal model.
  public var memoryCount: Int { copy.count }

  /// Trains for the local rounds; the loss after them is the personal model's.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    precondition(
      parameters.count == copy.count && contribution.count == copy.count,
      "there are \(copy.count) parameters, not \(parameters.count)")
    copy.take(parameters)
    personal.take(parameters)
    let first = try batches.next()
    let before = programs.loss(at: personal, on: first)
    for round in 0..<local.steps {
      let batch = round == 0 ? first : try batches.next()
      for _ in 0..<inner.steps { approach(on: batch) }
      copy.update(personal) { [step = local.rate * lambda] in $0 - step * ($0 - $1) }
    }
    if memory.isEmpty { memory = personal } else { memory.take(personal) }
    contribution.update(parameters, copy) { _, start, end in start - end }
    return EpisodeLosses(before: before, after: programs.loss(at: personal, on: first))
  }

  private func approach(on batch: PreparedExamples) {
    programs.gradient(at: personal, on: batch, into: &gradient)
    personal.update(gradient, copy) { [rate = inner.rate, lambda] here, gradient, centre in
      here - rate * (gradient + lambda * (here - centre))
    }
  }
}

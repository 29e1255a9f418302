public import Models

/// Per-FedAvg: federated averaging of meta-gradient steps, so that one step at home personalises the
/// model.
///
/// Each of the local steps draws three batches, `D`, `D'` and `D''`, and moves by
/// `w <- w - beta (I - alpha H(w; D'')) G` with `G = g(w - alpha g(w; D); D')`. The product of the Hessian is exact,
/// or a difference of gradients as published, or left out. The batches have to be independent: with the
/// same one for all, the step is biased. Evaluation adapts on training patients, never on those it is
/// judged by.
///
/// Sends down: theta. Sends up: `theta - theta_K`. Keeps: nothing. Cost of a local step: 2 gradients; with a
/// difference 4; exact, 2 gradients and a Hessian-vector product.
///
/// Reference: Fallah, Mokhtari and Ozdaglar, "Personalized federated learning with theoretical guarantees: A
/// model-agnostic meta-learning approach", NeurIPS 2020.
public final class PerFedAvg: LocalAlgorithm {
  /// How the Hessian takes part.
  public enum Curvature: Equatable, Sendable {
    /// Not at all: Per-FedAvg (FO). The batch `D''` is not drawn.
    case none
    /// As `(g(w + d G) - g(w - d G)) / 2 d`: Per-FedAvg (HF). The width `d` is the one given, as published, or,
    /// scaled, that times `max(1, |w|) / |G|`, which keeps the difference clear of rounding. With relu it
    /// crosses kinks and does not tell.
    case difference(width: Float, isScaled: Bool)
    /// As an exact Hessian-vector product.
    case exact
  }

  /// The local steps and their size `beta`.
  public let local: InnerLoop
  /// The size `alpha` of the step that personalises.
  public let rate: Float
  /// How the Hessian takes part.
  public let curvature: Curvature

  private let programs: NetworkPrograms
  private var position: [Float]
  private var ahead: [Float]
  private var outer: [Float]
  private var product: [Float]
  private var gradient: [Float]

  /// Per-FedAvg of a network's parameters.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - local: The local steps and their size `beta`; three batches each, or two.
  ///   - rate: The size `alpha` of the step that personalises.
  ///   - curvature: How the Hessian takes part.
  public init(network: Network, local: InnerLoop, rate: Float, curvature: Curvature) {
    self.local = local
    self.rate = rate
    self.curvature = curvature
    programs = NetworkPrograms(network)
    position = .zeros(network.parameterCount)
    (ahead, outer, product, gradient) = (position, position, position, position)
  }

  /// The number of parameters that are sent down.
  public var parameterCount: Int { position.count }
  /// The number of numbers that are sent up.
  public var contributionCount: Int { position.count }
  /// The number of numbers that are kept: none.
  public var memoryCount: Int { 0 }

  /// Trains for the local steps; see ``LocalAlgorithm``.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    precondition(
      parameters.count == position.count && contribution.count == position.count,
      "there are \(position.count) parameters, not \(parameters.count)")
    position.take(parameters)
    let first = try batches.next()
    var before: Double?
    for step in 0..<local.steps {
      let loss = try move(on: step == 0 ? first : try batches.next(), then: batches)
      before = before ?? loss
    }
    contribution.update(parameters, position) { _, start, end in start - end }
    let after = programs.loss(at: position, on: first)
    return EpisodeLosses(before: before ?? after, after: after)
  }

  /// One local step; returns the loss on the batch `D` before it.
  private func move(on batch: PreparedExamples, then batches: any BatchSource) throws -> Double {
    let loss = programs.gradient(at: position, on: batch, into: &gradient)
    ahead.update(position, gradient) { [rate] _, here, gradient in here - rate * gradient }
    programs.gradient(at: ahead, on: try batches.next(), into: &outer)
    let (alpha, beta) = (rate, local.rate)
    if curvature == .none {
      position.update(outer) { $0 - beta * $1 }
    } else {
      multiplyHessian(on: try batches.next())
      position.update(outer, product) { $0 - beta * ($1 - alpha * $2) }
    }
    return loss
  }

  /// Writes the Hessian times the outer gradient.
  private func multiplyHessian(on batch: PreparedExamples) {
    guard case .difference(let published, let isScaled) = curvature else {
      return programs.hessianVectorProduct(
        at: position, along: outer, on: batch, into: &product)
    }
    let length = outer.norm
    let scale = isScaled && length > 0 ? max(1, position.norm) / length : 1
    let width = Float(Double(published) * scale)
    ahead.update(position, outer) { _, here, along in here + width * along }
    programs.gradient(at: ahead, on: batch, into: &product)
    ahead.update(position, outer) { _, here, along in here - width * along }
    programs.gradient(at: ahead, on: batch, into: &gradient)
    let share = 1 / (2 * width)
    product.update(gradient) { ($0 - $1) * share }
  }
}

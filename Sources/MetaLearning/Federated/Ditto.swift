public import Models

/// Ditto: federated averaging for a model in common, and beside it a personal model that is drawn to it.
///
/// The personal model takes steps `v <- v - eta (g(v) + lambda (v - w))`, with `w` what was sent down, and never
/// leaves the hospital; what the hospital sends is what federated averaging sends. The server may
/// therefore aggregate as robustly as it likes.
///
/// Sends down: `w`. Sends up: `w - w_K`. Keeps: `v`, which starts at the first `w`. Cost: a gradient for each local and
/// each personal step, and a loss.
///
/// Reference: Li, Hu, Beirami and Smith, "Ditto: Fair and robust federated learning through
/// personalization", ICML 2021.
public final class Ditto: LocalAlgorithm {
  /// The steps of the personal model, one batch each.
  public let personal: InnerLoop
  /// How strongly the personal model is drawn to the one in common.
  public let lambda: Float

  private let descent: LocalDescent
  private var gradient: [Float]

  /// Ditto of a network's parameters.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - local: The steps of the model in common, one batch each.
  ///   - personal: The steps of the personal model, on batches drawn after those.
  ///   - lambda: How strongly the personal model is drawn to the one in common; 0.1 to 2 in the paper.
  public init(network: Network, local: InnerLoop, personal: InnerLoop, lambda: Float) {
    self.personal = personal
    self.lambda = lambda
    descent = LocalDescent(network: network, local: local)
    gradient = .zeros(network.parameterCount)
  }

  /// The number of parameters that are sent down.
  public var parameterCount: Int { gradient.count }
  /// The number of numbers that are sent up.
  public var contributionCount: Int { gradient.count }
  /// The number of numbers that are kept: the personal model.
  public var memoryCount: Int { gradient.count }

  /// Trains both models; the losses are those of the one in common.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    if memory.isEmpty { memory = parameters }
    precondition(memory.count == gradient.count, "a personal model has \(gradient.count) numbers")
    let losses = try descent.run(from: parameters, on: batches)
    descent.writeWayBack(to: parameters, into: &contribution)
    for _ in 0..<personal.steps {
      descent.programs.gradient(at: memory, on: try batches.next(), into: &gradient)
      memory.update(gradient, parameters) { [rate = personal.rate, lambda] here, gradient, centre in
        here - rate * (gradient + lambda * (here - centre))
      }
    }
    return losses
  }
}

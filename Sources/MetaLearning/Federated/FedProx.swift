public import Models

/// FedProx: local training that is held back to the model it set out from.
///
/// Every local step descends the loss plus `mu / 2 |w - w_0|^2`, with `w_0` what was sent down. With `mu` zero it is
/// federated averaging.
///
/// Sends down: theta. Sends up: `theta - theta_K`. Keeps: nothing. Cost: `K` gradients and a loss.
///
/// Reference: Li, Sahu, Zaheer, Sanjabi, Talwalkar and Smith, "Federated optimization in heterogeneous
/// networks", MLSys 2020.
public final class FedProx: LocalAlgorithm {
  /// The local steps, one batch each.
  public let local: InnerLoop
  /// How strongly they are held back.
  public let mu: Float

  private let descent: LocalDescent

  /// FedProx of a network's parameters.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - local: The local steps, one batch each.
  ///   - mu: How strongly they are held back.
  public init(network: Network, local: InnerLoop, mu: Float) {
    self.local = local
    self.mu = mu
    descent = LocalDescent(network: network, local: local)
  }

  /// The number of parameters that are sent down.
  public var parameterCount: Int { descent.parameterCount }
  /// The number of numbers that are sent up.
  public var contributionCount: Int { descent.parameterCount }
  /// The number of numbers that are kept: none.
  public var memoryCount: Int { 0 }

  /// Trains for the local steps; see ``LocalAlgorithm``.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    let losses = try descent.run(from: parameters, on: batches) {
      [mu, rate = local.rate] position, gradient, _ in
      position.update(gradient, parameters) { $0 - rate * ($1 + mu * ($0 - $2)) }
    }
    descent.writeWayBack(to: parameters, into: &contribution)
    return losses
  }
}

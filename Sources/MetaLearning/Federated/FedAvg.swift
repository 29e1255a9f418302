public import Models

/// Federated averaging: each hospital takes a few steps of gradient descent, and the mean of where they
/// get to is the next model.
///
/// With fine-tuning, which is a ``GradientAdapter`` at the end, this is also how a model in common is
/// personalised most simply.
///
/// Sends down: theta. Sends up: `theta - theta_K`. Keeps: nothing. Cost: `K` gradients and a loss.
///
/// Reference: McMahan, Moore, Ramage, Hampson and Agüera y Arcas, "Communication-efficient learning of
/// deep networks from decentralized data", AISTATS 2017.
public final class FedAvg: LocalAlgorithm {
  private let descent: LocalDescent

  /// Federated averaging of a network's parameters.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - local: The local steps, one batch each.
  public init(network: Network, local: InnerLoop) {
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
    let losses = try descent.run(from: parameters, on: batches)
    descent.writeWayBack(to: parameters, into: &contribution)
    return losses
  }
}

public import Models

/// FedRep: the body is learnt in common, every hospital has a head of its own.
///
/// A hospital first trains its head with the body fixed, then the body with the head fixed, and sends only the
/// body. A hospital that has not taken part adapts a head to its patients (``InnerRates/head(of:rate:)``)
/// from the one that the parameters started with.
///
/// Sends down: all parameters, of which only the body moves. Sends up: the way back of the body. Keeps: the
/// head. Cost: a gradient for each step of either, and a loss.
///
/// Reference: Collins, Hassani, Mokhtari and Shakkottai, "Exploiting shared representations for
/// personalized federated learning", ICML 2021.
public final class FedRep: LocalAlgorithm {
  /// The steps of the head, one batch each.
  public let headSteps: InnerLoop
  /// The steps of the body after them, one batch each.
  public let bodySteps: InnerLoop

  private let head: Range<Int>
  private let programs: NetworkPrograms
  private var position: [Float]
  private var gradient: [Float]

  /// FedRep of a network's parameters.
  ///
  /// - Precondition: the network has a hidden layer, or there would be no body; and no context.
  public init(network: Network, headSteps: InnerLoop, bodySteps: InnerLoop) {
    precondition(
      !network.layers.isEmpty && network.head.upperBound == network.parameterCount,
      "a network of one layer is all head, and has no body to learn in common")
    self.headSteps = headSteps
    self.bodySteps = bodySteps
    head = network.head
    programs = NetworkPrograms(network)
    position = .zeros(network.parameterCount)
    gradient = position
  }

  /// The number of parameters that are sent down.
  public var parameterCount: Int { position.count }
  /// The number of numbers that are sent up: the body, which comes first.
  public var contributionCount: Int { head.lowerBound }
  /// The number of numbers that are kept: the head.
  public var memoryCount: Int { head.count }

  /// The model of a hospital: the body of `parameters` with the head that it has kept.
  public func personalised(_ parameters: [Float], with memory: [Float]) -> [Float] {
    memory.isEmpty ? parameters : parameters[..<head.lowerBound] + memory
  }

  /// Trains head, then body; see ``LocalAlgorithm``.
  public func contribute(
    at parameters: [Float], from batches: any BatchSource, memory: inout [Float],
    into contribution: inout [Float]
  ) throws -> EpisodeLosses {
    precondition(
      parameters.count == parameterCount && contribution.count == contributionCount,
      "there are \(parameterCount) parameters, not \(parameters.count)")
    if memory.isEmpty { memory = Array(parameters[head]) }
    precondition(memory.count == head.count, "a head has \(head.count) numbers")
    position.take(parameters)
    position.put(memory, at: head.lowerBound)
    let first = try batches.next()
    let before = programs.loss(at: position, on: first)
    for step in 0..<headSteps.steps {
      descend(head, on: step == 0 ? first : try batches.next(), headSteps.rate)
    }
    for step in 0..<bodySteps.steps {
      let isFirst = step == 0 && headSteps.steps == 0
      descend(0..<head.lowerBound, on: isFirst ? first : try batches.next(), bodySteps.rate)
    }
    memory.take(position, from: head.lowerBound)
    contribution.update(parameters, position) { _, start, end in start - end }
    return EpisodeLosses(before: before, after: programs.loss(at: position, on: first))
  }

  private func descend(_ part: Range<Int>, on batch: PreparedExamples, _ rate: Float) {
    programs.gradient(at: position, on: batch, into: &gradient)
    position.update(in: part, gradient, from: part.lowerBound) { $0 - rate * $1 }
  }
}

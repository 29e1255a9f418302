import Models

/// Mini-batch gradient descent at one hospital, and where it has got to.
final class LocalDescent {
  let parameterCount: Int
  let programs: NetworkPrograms
  private let local: InnerLoop
  /// Where it has got to.
  private(set) var position: [Float]
  private var gradient: [Float]

  init(network: Network, local: InnerLoop) {
    parameterCount = network.parameterCount
    programs = NetworkPrograms(network)
    self.local = local
    position = .zeros(parameterCount)
    gradient = position
  }

  /// Takes the local steps from `start`, which may hold more after the parameters of the network, and
  /// gives the loss on the first batch before and after.
  func run(from start: [Float], on batches: any BatchSource) throws -> EpisodeLosses {
    try run(from: start, on: batches) { [rate = local.rate] position, gradient, _ in
      position.update(gradient) { $0 - rate * $1 }
    }
  }

  /// The same with steps of another kind: `move` moves a position along a gradient, given the batch that
  /// it is of.
  func run(
    from start: [Float], on batches: any BatchSource,
    moving move: (inout [Float], [Float], PreparedExamples) -> Void
  ) throws -> EpisodeLosses {
    position.take(start)
    let first = try batches.next()
    var before: Double?
    for step in 0..<local.steps {
      let batch = step == 0 ? first : try batches.next()
      let loss = programs.gradient(at: position, on: batch, into: &gradient)
      before = before ?? loss
      move(&position, gradient, batch)
    }
    let after = programs.loss(at: position, on: first)
    return EpisodeLosses(before: before ?? after, after: after)
  }

  /// Overwrites the first numbers of `contribution` with `start` minus where it has got to.
  func writeWayBack(to start: [Float], into contribution: inout [Float]) {
    precondition(
      start.count >= parameterCount && contribution.count >= parameterCount,
      "the network has \(parameterCount) parameters")
    contribution.update(in: 0..<parameterCount, start, position) { _, start, end in start - end }
  }
}

import Cohorts
import MetaLearning
import Models
import Testing

/// Batches that are drawn once and handed out in turn.
final class DrawnBatches: BatchSource {
  struct Exhausted: Error {}

  private(set) var taken = 0
  private let batches: [PreparedExamples]

  init(_ batches: [PreparedExamples]) { self.batches = batches }

  convenience init(_ random: inout RandomEpisodes, count: Int = 24) {
    self.init((0..<count).map { _ in random.episode().support })
  }

  func next() throws -> PreparedExamples {
    guard taken < batches.count else { throw Exhausted() }
    defer { taken += 1 }
    return batches[taken]
  }

  /// The same batches from the first again.
  func again() -> DrawnBatches { DrawnBatches(batches) }
}

@Suite struct LocalAlgorithmTests {
  static let network = RandomEpisodes.network(.tanh, .binaryCrossEntropy)
  static let local = InnerLoop(steps: 3, rate: 0.25)

  /// What an algorithm sends.
  static func sent(
    _ algorithm: any LocalAlgorithm, _ count: Int, at parameters: [Float],
    from batches: DrawnBatches, remembering memory: inout [Float]
  ) throws -> (sent: [Float], losses: EpisodeLosses) {
    var sent = [Float](repeating: .nan, count: count)
    let losses = try algorithm.contribute(
      at: parameters, from: batches, memory: &memory, into: &sent)
    return (sent, losses)
  }

  /// What an algorithm sends that remembers nothing yet.
  static func sent(
    _ algorithm: any LocalAlgorithm, _ count: Int, at parameters: [Float],
    from batches: DrawnBatches
  ) throws -> [Float] {
    var memory: [Float] = []
    return try sent(algorithm, count, at: parameters, from: batches, remembering: &memory).sent
  }

  @Test("FedProx that is not held back, and SCAFFOLD without variates, are federated averaging")
  func plain() throws {
    var random = RandomEpisodes(Self.network, seed: 1)
    let (theta, batches) = (random.parameters(), DrawnBatches(&random))
    let count = theta.count
    let plain = try Self.sent(
      FedAvg(network: Self.network, local: Self.local), count, at: theta, from: batches)
    let prox = FedProx(network: Self.network, local: Self.local, mu: 0)
    #expect(try Self.sent(prox, count, at: theta, from: batches.again()) == plain)
    for option in SCAFFOLD.Option.allCases {
      let scaffold = SCAFFOLD(network: Self.network, local: Self.local, option: option)
      let sent = try Self.sent(
        scaffold, 2 * count, at: scaffold.initialParameters(from: theta), from: batches.again())
      #expect(Array(sent[..<count]) == plain)
    }
  }

  @Test("the more FedProx is held back, the less it moves")
  func heldBack() throws {
    var random = RandomEpisodes(Self.network, seed: 2)
    let (theta, batches) = (random.parameters(), DrawnBatches(&random))
    let moves = try ([0, 0.5, 2] as [Float]).map { mu in
      let prox = FedProx(network: Self.network, local: Self.local, mu: mu)
      let sent = try Self.sent(prox, theta.count, at: theta, from: batches.again())
      return sent.reduce(0 as Float) { $0 + $1 * $1 }
    }
    #expect(moves[0] > moves[1] && moves[1] > moves[2])
  }

  @Test("a control variate becomes the mean of the gradients of the local steps, by either option")
  func variates() throws {
    var random = RandomEpisodes(Self.network, seed: 3)
    let (theta, batches) = (random.parameters(), DrawnBatches(&random))
    let count = theta.count
    let (c, own) = (random.parameters(), random.parameters())
    let still = InnerLoop(steps: 3, rate: 1e-3)
    // So small steps stay where they are: then both options are the mean of the gradients there.
    let variates = try SCAFFOLD.Option.allCases.map { option in
      var memory = own
      let scaffold = SCAFFOLD(network: Self.network, local: still, option: option)
      let sent = try Self.sent(
        scaffold, 2 * count, at: theta + c, from: batches.again(), remembering: &memory
      ).sent
      let change = zip(memory, own).map { Double($0) - Double($1) }
      #expect(relativeError(Array(sent[count...]), change) < 1e-5)
      return memory
    }
    #expect(relativeError(variates[0], variates[1].map(Double.init)) < 0.02)
  }

  @Test("an exact step of Per-FedAvg on D, D' and D again is MAML on that episode")
  func exactStep() throws {
    var random = RandomEpisodes(Self.network, seed: 4)
    let (theta, episode) = (random.parameters(), random.episode())
    let batches = DrawnBatches([episode.support, episode.query, episode.support])
    for (curvature, order, taken) in [
      (.exact, .second, 3), (.none, .first, 2),
      (.difference(width: 1e-2, isScaled: true), .second, 3),
    ] as [(PerFedAvg.Curvature, Order, Int)] {
      let step = InnerLoop(steps: 1, rate: 1)
      let algorithm = PerFedAvg(
        network: Self.network, local: step, rate: 0.5, curvature: curvature)
      let source = batches.again()
      let sent = try Self.sent(algorithm, theta.count, at: theta, from: source)
      let maml = MAML(network: Self.network, inner: InnerLoop(steps: 1, rate: 0.5), order: order)
        .metaGradient(at: theta, of: episode)
      #expect(relativeError(sent, maml.map(Double.init)) < (curvature == .exact ? 1e-5 : 2e-3))
      #expect(source.taken == taken)
    }
  }

  @Test("a scaled difference does not depend on how long the gradient is")
  func scaledDifference() throws {
    // Outcomes so far off that gradients are thousands long: an unscaled width goes astray.
    let network = RandomEpisodes.network(.tanh, .meanSquaredError)
    var random = RandomEpisodes(network, seed: 5)
    let theta = random.parameters()
    let batches = DrawnBatches(
      (0..<3).map { _ in
        var examples = random.examples(7)
        for index in examples.outcomes.indices { examples.outcomes[index] *= 5000 }
        return PreparedExamples(examples, for: network)
      })
    func step(_ curvature: PerFedAvg.Curvature) throws -> [Float] {
      try Self.sent(
        PerFedAvg(
          network: network, local: InnerLoop(steps: 1, rate: 1), rate: 1e-6,
          curvature: curvature), theta.count, at: theta, from: batches.again())
    }
    let exact = try step(.exact).map(Double.init)
    let plain = try step(.none).map(Double.init)
    let hessian = zip(exact, plain).map { $0 - $1 }
    func error(_ sent: [Float]) -> Double {
      relativeError(zip(sent, plain).map { Float(Double($0) - $1) }, hessian)
    }
    #expect(error(try step(.difference(width: 1e-3, isScaled: true))) < 0.05)
    #expect(error(try step(.difference(width: 1e-3, isScaled: false))) > 0.5)
  }

  @Test("Ditto sends what federated averaging sends, whatever its personal model is")
  func ditto() throws {
    var random = RandomEpisodes(Self.network, seed: 6)
    let (theta, batches) = (random.parameters(), DrawnBatches(&random))
    let plain = try Self.sent(
      FedAvg(network: Self.network, local: Self.local), theta.count, at: theta, from: batches)
    let ditto = Ditto(
      network: Self.network, local: Self.local, personal: Self.local, lambda: 0.5)
    for start in [[], random.parameters()] as [[Float]] {
      var memory = start
      let sent = try Self.sent(
        ditto, theta.count, at: theta, from: batches.again(), remembering: &memory)
      #expect(sent.sent == plain && memory.count == ditto.memoryCount && memory != start)
    }
  }

  @Test("not drawn to its copy, pFedMe's personal model is local descent, and the copy stays")
  func freePersonalModel() throws {
    var random = RandomEpisodes(Self.network, seed: 7)
    let (theta, episode) = (random.parameters(), random.episode())
    let algorithm = PFedMe(
      network: Self.network, local: InnerLoop(steps: 1, rate: 0.1),
      inner: InnerLoop(steps: 4, rate: 0.25), lambda: 0)
    var memory: [Float] = []
    let sent = try Self.sent(
      algorithm, theta.count, at: theta, from: DrawnBatches([episode.support]),
      remembering: &memory)
    let adaptation = Adaptation(network: Self.network)
    #expect(memory == adaptation.adapted(theta, to: episode.support, steps: 4, rate: 0.25))
    #expect(sent.sent.allSatisfy { $0 == 0 })
    #expect(sent.losses.after == adaptation.loss(at: memory, on: episode.support))
  }

  @Test("FedRep sends the body and keeps the head, and goes on with it")
  func fedRep() throws {
    var random = RandomEpisodes(Self.network, seed: 8)
    let (theta, episode) = (random.parameters(), random.episode())
    let steps = InnerLoop(steps: 2, rate: 0.25)
    let still = InnerLoop(steps: 0, rate: 0.25)
    let headOnly = FedRep(network: Self.network, headSteps: steps, bodySteps: still)
    let both = FedRep(network: Self.network, headSteps: steps, bodySteps: steps)
    let bodyOnly = FedRep(network: Self.network, headSteps: still, bodySteps: steps)
    let batches = DrawnBatches(Array(repeating: episode.support, count: 4))
    var head: [Float] = []
    let first = try Self.sent(
      headOnly, headOnly.contributionCount, at: theta, from: batches, remembering: &head)
    #expect(first.sent.allSatisfy { $0 == 0 } && head.count == headOnly.memoryCount)
    #expect(first.losses.after < first.losses.before)
    let adapted = headOnly.personalised(theta, with: head)
    #expect(
      first.losses.after == Adaptation(network: Self.network).loss(at: adapted, on: episode.support)
    )
    // Head, then body, is the body at the head that there is.
    var kept: [Float] = []
    let whole = try Self.sent(
      both, both.contributionCount, at: theta, from: batches.again(), remembering: &kept)
    let body = try Self.sent(
      bodyOnly, both.contributionCount, at: theta, from: batches.again(), remembering: &head)
    #expect(whole.sent == body.sent && kept == head)
  }

  @Test("a hospital that cannot read its patients sends nothing")
  func exhausted() {
    var random = RandomEpisodes(Self.network, seed: 9)
    let theta = random.parameters()
    let batches = DrawnBatches(&random, count: 2)
    #expect(throws: DrawnBatches.Exhausted.self) {
      try Self.sent(
        FedAvg(network: Self.network, local: Self.local), theta.count, at: theta, from: batches)
    }
  }
}

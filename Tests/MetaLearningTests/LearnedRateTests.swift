import MetaLearning
import Models
import Testing

@Suite struct LearnedRateTests {
  static let network = RandomEpisodes.network(.tanh, .softmaxCrossEntropy)

  /// MAML++ in a round, and meta-parameters for it.
  static func algorithm(
    steps: Int, _ schedule: MAMLPlusPlus.Schedule, round: Int = 0
  ) -> MAMLPlusPlus {
    let algorithm = MAMLPlusPlus(
      network: network, inner: InnerLoop(steps: steps, rate: 0.2), schedule: schedule)
    algorithm.round = round
    return algorithm
  }

  /// Rates around 0.2, one for each tensor and step.
  static func rates(_ count: Int) -> [Float] { (0..<count).map { 0.1 + 0.03 * Float($0 % 7) } }

  @Test(
    "the meta-gradient by theta and the inner rate is the derivative of the loss after adaptation")
  func singleRate() {
    for (seed, steps) in [(1, 1), (2, 3), (3, 5)] as [(UInt64, Int)] {
      var random = RandomEpisodes(Self.network, seed: seed)
      let algorithm = LearnedInnerRate(
        network: Self.network, inner: InnerLoop(steps: steps, rate: 0.25), order: .second)
      let parameters = algorithm.initialParameters(from: random.parameters())
      let episode = random.episode()
      for direction in [
        UnrolledTests.direction(parameters.count, &random),
        [Float](repeating: 0, count: parameters.count - 1) + [1],
      ] {
        #expect(
          UnrolledTests.slopeError(
            algorithm, at: parameters, of: episode, along: direction) < 1e-3)
      }
    }
  }

  @Test("the derivative by the one rate is the sum of those by the rates of all parameters")
  func sumOfRates() {
    var random = RandomEpisodes(Self.network, seed: 4)
    let (theta, episode) = (random.parameters(), random.episode())
    let inner = InnerLoop(steps: 3, rate: 0.25)
    for order in Order.allCases {
      let one = LearnedInnerRate(network: Self.network, inner: inner, order: order)
      let all = MetaSGD(network: Self.network, inner: inner, order: order)
      let single = UnrolledTests.metaGradient(
        one, at: one.initialParameters(from: theta), of: episode)
      let each = UnrolledTests.metaGradient(
        all, at: all.initialParameters(from: theta), of: episode)
      let sum = each[theta.count...].reduce(0.0) { $0 + Double($1) }
      #expect(abs(Double(single[theta.count]) - sum) < 1e-5 * abs(sum) + 1e-6)
    }
  }

  @Test(
    "the meta-gradient of MAML++ by theta and every rate is the derivative of the loss at the end")
  func lastStep() {
    for (seed, steps) in [(5, 1), (6, 3)] as [(UInt64, Int)] {
      var random = RandomEpisodes(Self.network, seed: seed)
      let algorithm = Self.algorithm(steps: steps, .init(multiStepRounds: 0))
      let rates = Self.rates(6 * steps)
      let parameters = random.parameters() + rates
      #expect(parameters.count == algorithm.parameterCount)
      let direction = UnrolledTests.direction(parameters.count, &random)
      #expect(
        UnrolledTests.slopeError(
          algorithm, at: parameters, of: random.episode(), along: direction) < 1e-3)
    }
  }

  @Test(
    "while the losses after all steps count, it is the derivative of their mean", arguments: [0, 3])
  func everyStep(round: Int) throws {
    let schedule = MAMLPlusPlus.Schedule(multiStepRounds: 4)
    var random = RandomEpisodes(Self.network, seed: 7)
    let (theta, episode) = (random.parameters(), random.episode())
    let parameters = theta + Self.rates(18)
    let weights = try #require(MAMLPlusPlus.weights(of: 3, in: round, schedule))
    // The loss after k steps is that at the end of k.
    let parts = (1...3).map { Self.algorithm(steps: $0, .init(multiStepRounds: 0)) }
    func mean(_ parameters: [Float]) -> Double {
      zip(parts, weights).reduce(0) { sum, part in
        let own = Array(parameters[..<part.0.parameterCount])
        var unused = own
        let losses = part.0.metaGradient(at: own, of: episode, into: &unused)
        return sum + Double(part.1) * losses.after
      }
    }
    let direction = UnrolledTests.direction(parameters.count, &random)
    let gradient = UnrolledTests.metaGradient(
      Self.algorithm(steps: 3, schedule, round: round), at: parameters, of: episode)
    let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let expected = MetaGradientTests.derivative(of: mean, at: parameters, along: direction)
    let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(slope - expected) < 1e-3 * length)
  }

  @Test("weights begin equal, always sum to one, and in the end leave only the last step")
  func weights() throws {
    let schedule = MAMLPlusPlus.Schedule(multiStepRounds: 10)
    let first = try #require(MAMLPlusPlus.weights(of: 5, in: 0, schedule))
    #expect(first.allSatisfy { abs($0 - 0.2) < 1e-7 })
    for round in 0..<10 {
      let weights = try #require(MAMLPlusPlus.weights(of: 5, in: round, schedule))
      #expect(abs(weights.reduce(0, +) - 1) < 1e-6 && weights[0] >= 0.0059)
    }
    #expect(MAMLPlusPlus.weights(of: 5, in: 10, schedule) == nil)
  }

  @Test("first order in the first rounds, second order after them")
  func annealing() {
    var random = RandomEpisodes(Self.network, seed: 8)
    let (theta, episode) = (random.parameters(), random.episode())
    let schedule = MAMLPlusPlus.Schedule(multiStepRounds: 0, firstOrderRounds: 2)
    for (round, order) in [(0, .first), (1, .first), (2, .second)] as [(Int, Order)] {
      let algorithm = Self.algorithm(steps: 2, schedule, round: round)
      let gradient = UnrolledTests.metaGradient(
        algorithm, at: algorithm.initialParameters(from: theta), of: episode)
      let maml = MAML(network: Self.network, inner: algorithm.inner, order: order)
        .metaGradient(at: theta, of: episode)
      #expect(algorithm.order == order)
      #expect(relativeError(Array(gradient[..<theta.count]), maml.map(Double.init)) < 1e-5)
    }
  }
}

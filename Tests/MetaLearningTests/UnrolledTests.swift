import MetaLearning
import Models
import Testing

/// Algorithms that differentiate through inner steps with rates of their own.
@Suite struct UnrolledTests {
  /// The meta-gradient, as a vector of its own.
  static func metaGradient(
    _ algorithm: any MetaAlgorithm, at parameters: [Float], of episode: PreparedEpisode
  ) -> [Float] {
    var gradient = [Float](repeating: .nan, count: parameters.count)
    _ = algorithm.metaGradient(at: parameters, of: episode, into: &gradient)
    return gradient
  }

  /// A direction of length 1 among so many numbers.
  static func direction(_ count: Int, _ random: inout RandomEpisodes) -> [Float] {
    let parts = (0..<(count / random.network.parameterCount + 1)).flatMap { _ in random.direction()
    }
    let length = parts[..<count].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return parts[..<count].map { Float(Double($0) / length) }
  }

  /// How far the slope of the loss after adaptation, by differences, is from what the gradient says, in
  /// lengths of the gradient.
  static func slopeError(
    _ algorithm: any MetaAlgorithm, at parameters: [Float], of episode: PreparedEpisode,
    along direction: [Float], width: Float = 0x1p-5
  ) -> Double {
    let gradient = metaGradient(algorithm, at: parameters, of: episode)
    var unused = gradient
    let expected = MetaGradientTests.derivative(
      of: { algorithm.metaGradient(at: $0, of: episode, into: &unused).after }, at: parameters,
      along: direction, width: width)
    let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return abs(slope - expected) / length
  }

  @Test(
    "the meta-gradient of Meta-SGD by theta and rates is the derivative of the loss after adaptation",
    arguments: MetaGradientTests.activations, Loss.allCases)
  func metaSGD(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    for (seed, steps) in [(1, 1), (2, 2), (3, 5)] as [(UInt64, Int)] {
      var random = RandomEpisodes(network, seed: seed)
      let algorithm = MetaSGD(
        network: network, inner: InnerLoop(steps: steps, rate: 0.1), order: .second)
      let rates = random.parameters().map { 0.05 + 0.1 * $0 }
      let parameters = random.parameters() + rates
      #expect(parameters.count == algorithm.parameterCount)
      let error = Self.slopeError(
        algorithm, at: parameters, of: random.episode(),
        along: Self.direction(parameters.count, &random))
      #expect(error < 1e-3)
    }
  }

  @Test(
    "the meta-gradient of ANIL is the derivative of the loss after adapting the head",
    arguments: MetaGradientTests.activations, Loss.allCases)
  func anil(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    for (seed, steps) in [(4, 1), (5, 2), (6, 5)] as [(UInt64, Int)] {
      var random = RandomEpisodes(network, seed: seed)
      let algorithm = ANIL(
        network: network, inner: InnerLoop(steps: steps, rate: 0.25), order: .second)
      let error = Self.slopeError(
        algorithm, at: random.parameters(), of: random.episode(), along: random.direction())
      #expect(error < 1e-3)
    }
  }

  @Test(
    "the meta-gradient of ANIL is the one of rates that are zero but for the head, also with a context"
  )
  func anilByRates() {
    for network in [RandomEpisodes.network(.gelu, .softmaxCrossEntropy), CAVIATests.network()] {
      var random = RandomEpisodes(network, seed: 9)
      let inner = InnerLoop(steps: 3, rate: 0.25)
      for order in Order.allCases {
        let anil = ANIL(network: network, inner: inner, order: order)
        let masked = MetaSGD(network: network, inner: inner, order: order)
        for size in [7, 12, 3] {
          let theta = random.parameters()
          let episode = random.episode(support: size, query: 5)
          var rates = [Float](repeating: 0, count: theta.count)
          for index in network.head { rates[index] = inner.rate }
          let expected = Self.metaGradient(masked, at: theta + rates, of: episode)
          #expect(
            relativeError(
              Self.metaGradient(anil, at: theta, of: episode),
              expected[..<theta.count].map(Double.init)) < 1e-5)
        }
      }
    }
  }

  @Test("with the same rate everywhere, Meta-SGD and MAML have the same derivative by theta")
  func sameRate() {
    for loss in Loss.allCases {
      let network = RandomEpisodes.network(.gelu, loss)
      var random = RandomEpisodes(network, seed: 7)
      let (theta, episode) = (random.parameters(), random.episode())
      let inner = InnerLoop(steps: 3, rate: 0.125)
      for order in Order.allCases {
        let metaSGD = MetaSGD(network: network, inner: inner, order: order)
        let gradient = Self.metaGradient(
          metaSGD, at: metaSGD.initialParameters(from: theta), of: episode)
        let maml = MAML(network: network, inner: inner, order: order)
          .metaGradient(at: theta, of: episode)
        #expect(relativeError(Array(gradient[..<theta.count]), maml.map(Double.init)) < 1e-5)
      }
    }
  }

  @Test("a network without hidden layers is all head: ANIL is MAML", arguments: Order.allCases)
  func allHead(order: Order) {
    let network = Network(inputs: 3, hidden: [], outputs: 1, loss: .binaryCrossEntropy, l2: 0.1)
    var random = RandomEpisodes(network, seed: 8)
    let (theta, episode) = (random.parameters(), random.episode())
    let inner = InnerLoop(steps: 3, rate: 0.5)
    let anil = Self.metaGradient(
      ANIL(network: network, inner: inner, order: order), at: theta, of: episode)
    let maml = MAML(network: network, inner: inner, order: order)
      .metaGradient(at: theta, of: episode)
    #expect(relativeError(anil, maml.map(Double.init)) < 1e-5)
  }
}

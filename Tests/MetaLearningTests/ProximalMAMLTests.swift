import MetaLearning
import Models
import Tensors
import Testing

@Suite struct ProximalMAMLTests {
  static let network = RandomEpisodes.network(.tanh, .softmaxCrossEntropy)

  @Test(
    "the meta-gradient is the derivative of the loss after steps that are held back and have momentum",
    arguments: [(0, 0.5), (2, 0), (2, 0.5)] as [(Float, Float)])
  func derivative(lambda: Float, momentum: Float) {
    for (seed, steps) in [(1, 1), (2, 2), (3, 5)] as [(UInt64, Int)] {
      var random = RandomEpisodes(Self.network, seed: seed)
      let algorithm = ProximalMAML(
        network: Self.network, inner: InnerLoop(steps: steps, rate: 0.125), lambda: lambda,
        momentum: momentum, order: .second)
      #expect(
        UnrolledTests.slopeError(
          algorithm, at: random.parameters(), of: random.episode(), along: random.direction())
          < 1e-3)
    }
  }

  @Test("not held back and without momentum it is MAML", arguments: Order.allCases)
  func plain(order: Order) {
    var random = RandomEpisodes(Self.network, seed: 4)
    let (theta, episode) = (random.parameters(), random.episode())
    let inner = InnerLoop(steps: 3, rate: 0.25)
    let gradient = UnrolledTests.metaGradient(
      ProximalMAML(network: Self.network, inner: inner, lambda: 0, order: order), at: theta,
      of: episode)
    let maml = MAML(network: Self.network, inner: inner, order: order)
      .metaGradient(at: theta, of: episode)
    #expect(relativeError(gradient, maml.map(Double.init)) < 1e-5)
  }

  @Test("with many steps it is the implicit meta-gradient", arguments: Loss.allCases)
  func implicit(loss: Loss) {
    let network = RandomEpisodes.network(.gelu, loss)
    var random = RandomEpisodes(network, seed: 5)
    let (theta, episode) = (random.parameters(), random.episode())
    let inner = InnerLoop(steps: 150, rate: 0.1)
    let unrolled = UnrolledTests.metaGradient(
      ProximalMAML(network: network, inner: inner, lambda: 4, order: .second), at: theta,
      of: episode)
    let implicit = UnrolledTests.metaGradient(
      ImplicitMAML(network: network, inner: inner, lambda: 4, iterations: 50), at: theta,
      of: episode)
    #expect(relativeError(unrolled, implicit.map(Double.init)) < 1e-4)
  }

  @Test("the adapter takes the steps that are differentiated")
  func adapter() {
    // Without a penalty the loss is the squared error of the outputs.
    let network = Network(
      inputs: 3, hidden: [Dense(units: 5, activation: .tanh)], outputs: 1, loss: .meanSquaredError)
    var random = RandomEpisodes(network, seed: 6)
    let (theta, episode) = (random.parameters(), random.episode(support: 7, query: 1))
    let algorithm = ProximalMAML(
      network: network, inner: InnerLoop(steps: 4, rate: 0.125), lambda: 1, momentum: 0.5,
      order: .first)
    var gradient = theta
    let losses = algorithm.metaGradient(at: theta, of: episode, into: &gradient)
    let adapter = ProximalAdapter(network: network, rate: 0.125, lambda: 1, momentum: 0.5)
    for _ in 0..<2 {
      let outputs = adapter.outputs(
        of: episode.query, after: [0, 2, 4], on: episode.support, at: theta)
      let errors = outputs.map { output in
        let difference = Double(output.scalars[0] - episode.query.targets.scalars[0])
        return difference * difference
      }
      #expect(abs(errors[0] - losses.before) < 1e-5 && abs(errors[2] - losses.after) < 1e-5)
      #expect(errors[1] != errors[2])
    }
  }

  @Test("with inner steps of size zero, every method has the plain query gradient by theta")
  func noSteps() {
    var random = RandomEpisodes(Self.network, seed: 7)
    let (theta, episode) = (random.parameters(), random.episode())
    let still = InnerLoop(steps: 2, rate: 0)
    let plain = MAML(network: Self.network, inner: still, order: .first)
      .metaGradient(at: theta, of: episode).map(Double.init)
    let metaSGD = MetaSGD(network: Self.network, inner: still, order: .second)
    let plusPlus = MAMLPlusPlus(
      network: Self.network, inner: still, schedule: .init(multiStepRounds: 5))
    let learned = LearnedInnerRate(network: Self.network, inner: still, order: .second)
    for (algorithm, parameters) in [
      (metaSGD, metaSGD.initialParameters(from: theta)),
      (plusPlus, plusPlus.initialParameters(from: theta)),
      (learned, learned.initialParameters(from: theta)),
      (ANIL(network: Self.network, inner: still, order: .second), theta),
      (
        ProximalMAML(network: Self.network, inner: still, lambda: 3, order: .second), theta
      ),
    ] as [(any MetaAlgorithm, [Float])] {
      let gradient = UnrolledTests.metaGradient(algorithm, at: parameters, of: episode)
      #expect(relativeError(Array(gradient[..<theta.count]), plain) < 1e-5)
    }
  }
}

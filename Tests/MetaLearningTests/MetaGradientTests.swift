import MetaLearning
import Models
import Testing

@Suite struct MetaGradientTests {
  /// Smooth activations: differences across the kink of relu would say nothing.
  static let activations: [Activation] = [.tanh, .sigmoid, .gelu, .identity]

  /// The query loss after adaptation, as a function of the meta-parameters.
  static func lossAfterAdaptation(
    _ parameters: [Float], _ episode: PreparedEpisode, _ inner: InnerLoop, _ adaptation: Adaptation
  ) -> Double {
    let adapted = adaptation.adapted(
      parameters, to: episode.support, steps: inner.steps, rate: inner.rate)
    return adaptation.loss(at: adapted, on: episode.query)
  }

  /// The derivative of `function` along `direction`, by central differences of fourth order.
  static func derivative(
    of function: ([Float]) -> Double, at point: [Float], along direction: [Float],
    width: Float = 0x1p-5
  ) -> Double {
    func difference(_ factor: Float) -> Double {
      let ahead = function(zip(point, direction).map { $0 + factor * width * $1 })
      let behind = function(zip(point, direction).map { $0 - factor * width * $1 })
      return ahead - behind
    }
    return (8 * difference(1) - difference(2)) / (12 * Double(width))
  }

  @Test(
    "the meta-gradient of second order is the derivative of the loss after adaptation",
    arguments: activations, Loss.allCases)
  func centralDifferences(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    let adaptation = Adaptation(network: network)
    for (seed, steps) in [(1, 1), (2, 2), (3, 5), (4, 5)] as [(UInt64, Int)] {
      var random = RandomEpisodes(network, seed: seed)
      let (theta, episode, direction) = (random.parameters(), random.episode(), random.direction())
      let inner = InnerLoop(steps: steps, rate: 0.125)
      let gradient = MAML(network: network, inner: inner, order: .second)
        .metaGradient(at: theta, of: episode)
      let expected = Self.derivative(
        of: { Self.lossAfterAdaptation($0, episode, inner, adaptation) }, at: theta,
        along: direction)
      let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let length = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(slope - expected) < 1e-3 * length)
    }
  }

  @Test(
    "first and second order differ where the support loss curves, and nowhere else",
    arguments: Activation.allCases, Loss.allCases)
  func ordersDiffer(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    var random = RandomEpisodes(network, seed: 5)
    let (theta, episode) = (random.parameters(), random.episode())
    for (rate, differs) in [(0.125, true), (0, false)] as [(Float, Bool)] {
      let inner = InnerLoop(steps: 2, rate: rate)
      let second = MAML(network: network, inner: inner, order: .second)
        .metaGradient(at: theta, of: episode)
      let first = MAML(network: network, inner: inner, order: .first)
        .metaGradient(at: theta, of: episode)
      #expect((relativeError(first, second.map(Double.init)) > 1e-2) == differs)
    }
  }

  @Test(
    "without inner steps, or with steps of size zero, the meta-gradient is the plain query gradient",
    arguments: Activation.allCases, Loss.allCases)
  func plainGradient(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    var random = RandomEpisodes(network, seed: 6)
    let (theta, episode) = (random.parameters(), random.episode())
    // One step of size 1 on the query set is the query gradient, but for rounding.
    let moved = Adaptation(network: network)
      .adapted(theta, to: episode.query, steps: 1, rate: 1)
    let plain = zip(theta, moved).map { Double($0) - Double($1) }
    for order in Order.allCases {
      for (steps, rate) in [(0, 0.5), (1, 0), (3, 0)] as [(Int, Float)] {
        let algorithm = MAML(
          network: network, inner: InnerLoop(steps: steps, rate: rate), order: order)
        #expect(relativeError(algorithm.metaGradient(at: theta, of: episode), plain) < 1e-5)
      }
    }
  }

  @Test(
    "the losses are those at the meta-parameters and at the adapted ones", arguments: Order.allCases
  )
  func losses(order: Order) {
    let network = RandomEpisodes.network(.relu, .softmaxCrossEntropy)
    let adaptation = Adaptation(network: network)
    var random = RandomEpisodes(network, seed: 7)
    for steps in [0, 1, 4] {
      let (theta, episode) = (random.parameters(), random.episode())
      let inner = InnerLoop(steps: steps, rate: 0.1)
      var gradient = theta
      let losses = MAML(network: network, inner: inner, order: order)
        .metaGradient(at: theta, of: episode, into: &gradient)
      #expect(losses.before == adaptation.loss(at: theta, on: episode.query))
      #expect(losses.after == Self.lossAfterAdaptation(theta, episode, inner, adaptation))
    }
  }

  @Test("a meta-gradient leaves no trace in later ones, whatever their sizes")
  func noTraces() {
    let network = RandomEpisodes.network(.tanh, .softmaxCrossEntropy)
    let inner = InnerLoop(steps: 3, rate: 0.1)
    let used = MAML(network: network, inner: inner, order: .second)
    var random = RandomEpisodes(network, seed: 8)
    for size in [4, 30, 4, 1, 17, 4] {
      let (theta, episode) = (random.parameters(), random.episode(support: size, query: 2 * size))
      let fresh = MAML(network: network, inner: inner, order: .second)
      #expect(
        used.metaGradient(at: theta, of: episode) == fresh.metaGradient(at: theta, of: episode))
    }
  }

  @Test("memory grows by one parameter vector a step, and not with the number of examples")
  func memory() {
    let network = RandomEpisodes.network(.gelu, .meanSquaredError)
    let vector = network.parameterCount * MemoryLayout<Float>.stride
    var random = RandomEpisodes(network, seed: 9)
    for steps in [0, 1, 5, 50] {
      let algorithm = MAML(
        network: network, inner: InnerLoop(steps: steps, rate: 0.01), order: .second)
      for size in [2, 200] {
        _ = algorithm.metaGradient(
          at: random.parameters(), of: random.episode(support: size, query: size))
        #expect(algorithm.trajectoryBytes == (steps + 1) * vector)
      }
    }
  }

  @Test("the kept pass grows with the number of examples, and not with the number of steps")
  func passMemory() {
    let network = RandomEpisodes.network(.gelu, .meanSquaredError)
    var random = RandomEpisodes(network, seed: 10)
    let theta = random.parameters()
    var bytes: [Int] = []
    for (steps, order, size) in [
      (1, .second, 64), (5, .second, 64), (50, .second, 64), (5, .second, 128), (5, .first, 64),
      (0, .second, 64),
    ] as [(Int, Order, Int)] {
      let algorithm = MAML(
        network: network, inner: InnerLoop(steps: steps, rate: 0.01), order: order)
      _ = algorithm.metaGradient(at: theta, of: random.episode(support: size, query: 2))
      bytes.append(algorithm.passBytes)
    }
    #expect(bytes[0] > 0 && bytes[0..<3].allSatisfy { $0 == bytes[0] })
    #expect(bytes[3] == 2 * bytes[0] && bytes[4] == 0 && bytes[5] == 0)
  }

  @Test(
    "how many passes are kept changes the meta-gradient by rounding only",
    arguments: Activation.allCases, Loss.allCases)
  func keptPasses(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    var random = RandomEpisodes(network, seed: 11)
    let inner = InnerLoop(steps: 3, rate: 0.1)
    let algorithms = [0, 1, 2, 3, 9].map {
      MAML(network: network, inner: inner, order: .second, keptPasses: $0)
    }
    for size in [5, 12, 3] {
      let (theta, episode) = (random.parameters(), random.episode(support: size, query: 7))
      let gradients = algorithms.map { $0.metaGradient(at: theta, of: episode) }
      let plain = gradients[0].map(Double.init)
      #expect(gradients.allSatisfy { relativeError($0, plain) < 1e-6 })
    }
  }
}

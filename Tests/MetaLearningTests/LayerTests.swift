import MetaLearning
import Models
import Testing

@Suite("Algorithms on networks of layers of every kind")
struct LayerTests {
  /// A network whose layers are not all dense, and what it is called.
  struct Layered: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [Layer]
    var inputs = 3
    /// Whether the network has a maximum, which is not differentiable where two inputs tie.
    var hasMaximum = false
    /// The codes of each category, where the network takes codes.
    var levels: [Int] = []

    /// The width of difference quotients: where there is a maximum, so small that few cross a tie.
    var width: Float { hasMaximum ? 0x1p-10 : 0x1p-5 }

    func network(context: Int = 0) -> Network {
      Network(
        inputs: inputs, layers: layers, outputs: 2, loss: .softmaxCrossEntropy, l2: 0.125,
        context: context, time: TimeAxis(first: 0, steps: inputs - 1, isLatestFirst: true),
        categories: levels.isEmpty ? nil : Categories(levels: levels))
    }

    static let all = [
      Layered(
        testDescription: "normalisation",
        layers: [.dense(Dense(units: 5, activation: .tanh)), .normalisation]),
      Layered(
        testDescription: "residual",
        layers: [
          .dense(Dense(units: 4, activation: .tanh)),
          .residual([.normalisation, .dense(Dense(units: 4, activation: .gelu))]),
        ]),
      Layered(
        testDescription: "convolution, mean",
        layers: [.convolution(Convolution(channels: 3, width: 3, activation: .tanh, pool: .mean))],
        inputs: 7),
      Layered(
        testDescription: "convolutions, maximum",
        layers: [
          .convolution(Convolution(channels: 3, width: 2, activation: .tanh)),
          .convolution(
            Convolution(channels: 3, width: 2, activation: .gelu, pool: .max, window: 2)),
          .dense(Dense(units: 4, activation: .tanh)),
        ], inputs: 7, hasMaximum: true),
      Layered(
        testDescription: "recurrent", layers: [.recurrent(GatedRecurrentUnit(units: 4))], inputs: 7),
      Layered(
        testDescription: "recurrent, twice",
        layers: [
          .recurrent(GatedRecurrentUnit(units: 3, givesAllStates: true)), .normalisation,
          .recurrent(GatedRecurrentUnit(units: 3)),
        ], inputs: 5),
      Layered(
        testDescription: "embedding",
        layers: [.embedding(Embedding(width: 2)), .dense(Dense(units: 4, activation: .tanh))],
        inputs: 4, levels: [3, 4]),
    ]
  }

  private static let inner = InnerLoop(steps: 3, rate: 0.125)

  @Test("the meta-gradient of MAML and ANIL is the derivative by theta", arguments: Layered.all)
  func secondOrder(of layered: Layered) {
    let network = layered.network()
    let algorithms: [any MetaAlgorithm] = [
      MAML(network: network, inner: Self.inner, order: .second),
      ANIL(network: network, inner: Self.inner, order: .second),
    ]
    for (seed, algorithm) in zip([1, 2] as [UInt64], algorithms) {
      var random = RandomEpisodes(network, seed: seed)
      let error = UnrolledTests.slopeError(
        algorithm, at: random.parameters(), of: random.episode(), along: random.direction())
      #expect(error < 1e-3)
    }
  }

  @Test("so it is with learnt rates of every tensor, and of a context", arguments: Layered.all)
  func ratesAndContext(of layered: Layered) {
    let errors = (100..<110 as Range<UInt64>).flatMap { seed in
      [rateError(of: layered, seed: seed), contextError(of: layered, seed: seed)]
    }
    // Adaptation itself jumps where a step takes the inputs of a maximum past a tie: a difference quotient
    // across such a jump grows as it narrows, and says nothing of the derivative.
    #expect(errors.count { $0 < 1e-3 } >= (layered.hasMaximum ? 17 : 20), "\(errors)")
  }

  private func rateError(of layered: Layered, seed: UInt64) -> Double {
    var random = RandomEpisodes(layered.network(), seed: seed)
    let rates = MetaSGD(network: random.network, inner: Self.inner, order: .second)
    let start = rates.initialParameters(from: random.parameters())
    return UnrolledTests.slopeError(
      rates, at: start, of: random.episode(),
      along: UnrolledTests.direction(start.count, &random), width: layered.width)
  }

  private func contextError(of layered: Layered, seed: UInt64) -> Double {
    var random = RandomEpisodes(layered.network(context: 2), seed: seed)
    let cavia = CAVIA(network: random.network, inner: Self.inner, order: .second, clamp: nil)
    let shared = cavia.initialParameters(from: random.parameters())
    return UnrolledTests.slopeError(
      cavia, at: shared, of: random.episode(),
      along: UnrolledTests.direction(shared.count, &random), width: layered.width)
  }

  @Test("the implicit gradient solves its system", arguments: Layered.all)
  func implicit(of layered: Layered) {
    var random = RandomEpisodes(layered.network(), seed: 5)
    let algorithm = ImplicitMAML(
      network: random.network, inner: InnerLoop(steps: 50, rate: 0.05), lambda: 8, iterations: 20)
    _ = UnrolledTests.metaGradient(algorithm, at: random.parameters(), of: random.episode())
    #expect(algorithm.diagnostics.solverResidual < 1e-3)
  }
}

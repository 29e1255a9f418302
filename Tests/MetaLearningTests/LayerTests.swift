import MetaLearning
import Models
import Testing

@Suite("Algorithms on networks of layers of every kind")
struct LayerTests {
  /// A network whose layers are not all dense, and what it is called.
  struct Layered: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [Layer]

    func network(context: Int = 0) -> Network {
      Network(
        inputs: 3, layers: layers, outputs: 2, loss: .softmaxCrossEntropy, l2: 0.125,
        context: context)
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
    var random = RandomEpisodes(layered.network(), seed: 3)
    let rates = MetaSGD(network: random.network, inner: Self.inner, order: .second)
    let start = rates.initialParameters(from: random.parameters())
    #expect(
      UnrolledTests.slopeError(
        rates, at: start, of: random.episode(),
        along: UnrolledTests.direction(start.count, &random)) < 1e-3)
    random = RandomEpisodes(layered.network(context: 2), seed: 4)
    let cavia = CAVIA(network: random.network, inner: Self.inner, order: .second, clamp: nil)
    let shared = cavia.initialParameters(from: random.parameters())
    #expect(
      UnrolledTests.slopeError(
        cavia, at: shared, of: random.episode(),
        along: UnrolledTests.direction(shared.count, &random)) < 1e-3)
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

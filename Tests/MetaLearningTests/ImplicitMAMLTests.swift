import MetaLearning
import Models
import Testing

@Suite struct ImplicitMAMLTests {
  @Test("it is the derivative of the loss at the minimum", arguments: Loss.allCases)
  func derivative(loss: Loss) {
    let network = RandomEpisodes.network(.tanh, loss)
    var random = RandomEpisodes(network, seed: 1)
    let algorithm = ImplicitMAML(
      network: network, inner: InnerLoop(steps: 200, rate: 0.125), lambda: 4, iterations: 50)
    let (theta, episode, direction) = (random.parameters(), random.episode(), random.direction())
    #expect(
      UnrolledTests.slopeError(algorithm, at: theta, of: episode, along: direction) < 1e-3)
    #expect(algorithm.diagnostics.innerResidual < 1e-5)
    #expect(algorithm.diagnostics.solverResidual < 1e-6)
    #expect(!algorithm.diagnostics.isIndefinite && algorithm.diagnostics.iterations < 50)
  }

  @Test("held back without limit it is the plain query gradient, after one iteration or none")
  func heldBack() {
    let network = RandomEpisodes.network(.tanh, .softmaxCrossEntropy)
    var random = RandomEpisodes(network, seed: 2)
    let (theta, episode) = (random.parameters(), random.episode())
    let plain = MAML(network: network, inner: InnerLoop(steps: 0, rate: 0), order: .first)
      .metaGradient(at: theta, of: episode)
    let algorithm = ImplicitMAML(
      network: network, inner: InnerLoop(steps: 3, rate: 1e-7), lambda: 1e7)
    let gradient = UnrolledTests.metaGradient(algorithm, at: theta, of: episode)
    #expect(relativeError(gradient, plain.map(Double.init)) < 1e-5)
  }

  @Test("more iterations leave less")
  func residuals() {
    let network = RandomEpisodes.network(.gelu, .meanSquaredError)
    var random = RandomEpisodes(network, seed: 3)
    let (theta, episode) = (random.parameters(), random.episode())
    let residuals = [1, 3, 6].map { iterations in
      let algorithm = ImplicitMAML(
        network: network, inner: InnerLoop(steps: 50, rate: 0.05), lambda: 4,
        iterations: iterations)
      _ = UnrolledTests.metaGradient(algorithm, at: theta, of: episode)
      #expect(algorithm.diagnostics.iterations == iterations)
      return algorithm.diagnostics.solverResidual
    }
    #expect(residuals[0] > residuals[1] && residuals[1] > residuals[2] && residuals[2] < 0.01)
  }

  @Test("curvature that is not positive is detected, said and counted")
  func indefinite() {
    let network = Network(
      inputs: 2, hidden: [Dense(units: 6, activation: .tanh)], outputs: 1, loss: .meanSquaredError)
    var found = 0
    for seed in 0..<20 as Range<UInt64> {
      var random = RandomEpisodes(network, seed: seed)
      let (theta, episode) = (random.parameters(), random.episode())
      // Without steps it stays where the Hessian has negative eigenvalues; hardly held back, they count.
      let loose = ImplicitMAML(
        network: network, inner: InnerLoop(steps: 0, rate: 0), lambda: 1e-3, iterations: 30)
      let gradient = UnrolledTests.metaGradient(loose, at: theta, of: episode)
      #expect(gradient.allSatisfy { $0.isFinite })
      #expect(loose.diagnostics.indefiniteEpisodes == (loose.diagnostics.isIndefinite ? 1 : 0))
      found += loose.diagnostics.indefiniteEpisodes
      let firm = ImplicitMAML(
        network: network, inner: InnerLoop(steps: 0, rate: 0), lambda: 100, iterations: 30)
      _ = UnrolledTests.metaGradient(firm, at: theta, of: episode)
      #expect(!firm.diagnostics.isIndefinite && firm.diagnostics.episodes == 1)
    }
    #expect(found > 10)
  }
}

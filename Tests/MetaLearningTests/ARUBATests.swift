import MetaLearning
import Models
import Testing

@Suite struct ARUBATests {
  static let network = RandomEpisodes.network(.tanh, .meanSquaredError)

  @Test("before learning it descends at epsilon over zeta and reports moves, squares and gradients")
  func firstEpisode() {
    var random = RandomEpisodes(Self.network, seed: 1)
    let (theta, episode) = (random.parameters(), random.episode())
    let aruba = ARUBA(network: Self.network, steps: 3, sums: .init(epsilon: 0.05, zeta: 0.5))
    let sent = UnrolledTests.metaGradient(
      aruba, at: aruba.initialParameters(from: theta), of: episode)
    let count = theta.count
    let reptile = Reptile(network: Self.network, inner: InnerLoop(steps: 3, rate: 0.1))
    let move = UnrolledTests.metaGradient(reptile, at: theta, of: episode).map(Double.init)
    #expect(sent.count == aruba.parameterCount)
    #expect(relativeError(Array(sent[..<count]), move) < 1e-5)
    #expect(relativeError(Array(sent[count..<2 * count]), move.map { $0 * $0 }) < 1e-5)
    // The gradients are the moves of one step, over the rate.
    let adaptation = Adaptation(network: Self.network)
    let path = (0...3).map {
      adaptation.adapted(theta, to: episode.support, steps: $0, rate: 0.1).map(Double.init)
    }
    let squares = theta.indices.map { index in
      (0..<3).reduce(0.0) { sum, step in
        let gradient = (path[step][index] - path[step + 1][index]) / 0.1
        return sum + gradient * gradient
      }
    }
    #expect(relativeError(Array(sent[(2 * count)...]), squares) < 1e-4)
  }

  @Test("the sums grow by every hospital's squares, and by what dies out with the rounds")
  func growth() {
    let sums = ARUBA.Sums(epsilon: 0.5, zeta: 2, power: 2)
    var update = MetaUpdate(
      Optimiser(.sgd(rate: 1), parameterCount: 2), rule: .aruba(sums))
    var parameters: [Float] = [1, 2, 0.25, 0.25, 4, 4]
    update.step(&parameters, along: [0.5, -0.5, 1, 2, 3, 4], contributors: 4)
    #expect(parameters == [0.5, 2.5, 0.25 + 2 + 0.0625, 0.25 + 4 + 0.0625, 17, 21])
    update.step(&parameters, along: [0, 0, 0, 0, 0, 0], contributors: 1)
    #expect(abs(parameters[4] - (17 + 4.0 / 9)) < 1e-5)
  }

  @Test("rates follow the sums: what is sent does not depend on the sums of the episode before")
  func renewed() {
    var random = RandomEpisodes(Self.network, seed: 6)
    let (theta, episode) = (random.parameters(), random.episode())
    let used = ARUBA(network: Self.network, steps: 2)
    let start = used.initialParameters(from: theta)
    var steeper = start
    steeper[3 * theta.count - 1] = 9
    for parameters in [start, start, steeper, start] {
      let fresh = ARUBA(network: Self.network, steps: 2)
      #expect(
        UnrolledTests.metaGradient(used, at: parameters, of: episode)
          == UnrolledTests.metaGradient(fresh, at: parameters, of: episode))
    }
    #expect(
      UnrolledTests.metaGradient(used, at: start, of: episode)
        != UnrolledTests.metaGradient(used, at: steeper, of: episode))
  }

  @Test("the isotropic rate is the root of the quotient of all sums")
  func isotropic() {
    var random = RandomEpisodes(Self.network, seed: 2)
    let (theta, episode) = (random.parameters(), random.episode())
    let count = theta.count
    let b = (0..<count).map { Float($0 % 3) * 0.01 }
    let g = (0..<count).map { Float($0 % 5) + 1 }
    let rate = (b.reduce(0, +) / g.reduce(0, +)).squareRoot()
    let aruba = ARUBA(network: Self.network, steps: 2, isIsotropic: true)
    let sent = UnrolledTests.metaGradient(aruba, at: theta + b + g, of: episode)
    let reptile = Reptile(network: Self.network, inner: InnerLoop(steps: 2, rate: rate))
    let move = UnrolledTests.metaGradient(reptile, at: theta, of: episode).map(Double.init)
    #expect(relativeError(Array(sent[..<count]), move) < 1e-5)
  }
}

import MetaLearning
import Models
import Tensors
import Testing

@Suite struct CAVIATests {
  static func network(_ loss: Loss = .meanSquaredError) -> Network {
    Network(
      inputs: 3, hidden: [Dense(units: 5, activation: .tanh), Dense(units: 4, activation: .tanh)],
      outputs: loss == .softmaxCrossEntropy ? 2 : 1, loss: loss, l2: 0.125, context: 2)
  }

  @Test(
    "the meta-gradient is the derivative of the loss after adapting the context",
    arguments: Loss.allCases)
  func derivative(loss: Loss) {
    let network = Self.network(loss)
    for (seed, steps) in [(1, 1), (2, 2), (3, 4)] as [(UInt64, Int)] {
      var random = RandomEpisodes(network, seed: seed)
      let algorithm = CAVIA(
        network: network, inner: InnerLoop(steps: steps, rate: 0.5), order: .second, clamp: nil)
      let shared = algorithm.initialParameters(from: random.parameters())
      #expect(shared.count == network.parameterCount - 2)
      let direction = UnrolledTests.direction(shared.count, &random)
      #expect(
        UnrolledTests.slopeError(
          algorithm, at: shared, of: random.episode(), along: direction) < 1e-3)
    }
  }

  @Test("a context adapts: the loss falls, and the adapter's outputs are those it falls with")
  func adaptation() {
    var random = RandomEpisodes(Self.network(), seed: 4)
    let inner = InnerLoop(steps: 3, rate: 0.5)
    let algorithm = CAVIA(network: random.network, inner: inner, order: .first)
    let shared = algorithm.initialParameters(from: random.parameters())
    let examples = random.episode().support
    let episode = PreparedEpisode(support: examples, query: examples)
    var gradient = shared
    let losses = algorithm.metaGradient(at: shared, of: episode, into: &gradient)
    #expect(losses.after < losses.before)
    let outputs = ContextAdapter(network: random.network, rate: inner.rate)
      .outputs(of: examples, after: [0, 3], on: examples, at: shared)
    let errors = outputs.map { outputs in
      zip(outputs.scalars, examples.targets.scalars).reduce(0.0) {
        $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
      } / Double(examples.count)
    }
    // The penalty is the same before and after: it is not on the context.
    #expect(abs(losses.before - losses.after - (errors[0] - errors[1])) < 1e-5)
  }

  @Test("no number of an episode's meta-gradient is beyond the clamp")
  func clamp() {
    var random = RandomEpisodes(Self.network(), seed: 5)
    let inner = InnerLoop(steps: 1, rate: 0.5)
    let (theta, episode) = (random.parameters(), random.episode())
    let free = CAVIA(network: random.network, inner: inner, order: .second, clamp: nil)
    let clamped = CAVIA(network: random.network, inner: inner, order: .second, clamp: 0.01)
    let shared = free.initialParameters(from: theta)
    let expected = UnrolledTests.metaGradient(free, at: shared, of: episode)
      .map { min(max($0, -0.01), 0.01) }
    let gradient = UnrolledTests.metaGradient(clamped, at: shared, of: episode)
    #expect(gradient == expected && gradient.contains(0.01))
  }

  @Test("what adapted on one episode is forgotten in the next")
  func forgotten() {
    var random = RandomEpisodes(Self.network(), seed: 6)
    let inner = InnerLoop(steps: 2, rate: 0.5)
    let used = CAVIA(network: random.network, inner: inner, order: .second)
    for _ in 0..<3 {
      let shared = used.initialParameters(from: random.parameters())
      let episode = random.episode()
      let fresh = CAVIA(network: random.network, inner: inner, order: .second)
      #expect(
        UnrolledTests.metaGradient(used, at: shared, of: episode)
          == UnrolledTests.metaGradient(fresh, at: shared, of: episode))
    }
  }
}

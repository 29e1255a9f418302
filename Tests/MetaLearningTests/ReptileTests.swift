import MetaLearning
import Models
import Tensors
import Testing

@Suite struct ReptileTests {
  static let network = RandomEpisodes.network(.tanh, .binaryCrossEntropy)

  /// The rows of examples in `range`.
  static func rows(_ examples: PreparedExamples, _ range: Range<Int>) -> PreparedExamples {
    PreparedExamples(
      inputs: examples.inputs.rows(at: range), targets: examples.targets.rows(at: range))
  }

  /// All examples of an episode.
  static func all(_ episode: PreparedEpisode) -> PreparedExamples {
    func joined(_ a: Matrix, _ b: Matrix) -> Matrix {
      Matrix(rows: a.rows + b.rows, columns: a.columns, scalars: a.scalars + b.scalars)
    }
    return PreparedExamples(
      inputs: joined(episode.support.inputs, episode.query.inputs),
      targets: joined(episode.support.targets, episode.query.targets))
  }

  /// The way back after descending on batches, one step each.
  static func wayBack(_ theta: [Float], _ batches: [PreparedExamples], rate: Float) -> [Double] {
    let adaptation = Adaptation(network: network)
    var position = theta
    for batch in batches { adaptation.adapt(&position, to: batch, steps: 1, rate: rate) }
    return zip(theta, position).map { Double($0) - Double($1) }
  }

  @Test("mini-batches follow each other through support and query, and begin again after the last")
  func miniBatches() {
    var random = RandomEpisodes(Self.network, seed: 1)
    let (theta, episode) = (random.parameters(), random.episode(support: 4, query: 2))
    let all = Self.all(episode)
    let inner = InnerLoop(steps: 4, rate: 0.5)
    let reptile = Reptile(network: Self.network, inner: inner, examples: .all, batch: 2)
    let batches = [0..<2, 2..<4, 4..<6, 0..<2].map { Self.rows(all, $0) }
    let gradient = UnrolledTests.metaGradient(reptile, at: theta, of: episode)
    #expect(relativeError(gradient, Self.wayBack(theta, batches, rate: 0.5)) < 1e-6)
    let support = Reptile(network: Self.network, inner: inner, batch: 2)
    let halves = [0..<2, 2..<4, 0..<2, 2..<4].map { Self.rows(episode.support, $0) }
    #expect(
      relativeError(
        UnrolledTests.metaGradient(support, at: theta, of: episode),
        Self.wayBack(theta, halves, rate: 0.5)) < 1e-6)
  }

  @Test("with all examples in each step, support and query are one set")
  func fullBatches() {
    var random = RandomEpisodes(Self.network, seed: 2)
    let (theta, episode) = (random.parameters(), random.episode())
    let reptile = Reptile(
      network: Self.network, inner: InnerLoop(steps: 3, rate: 0.5), examples: .all)
    let expected = Self.wayBack(
      theta, Array(repeating: Self.all(episode), count: 3), rate: 0.5)
    #expect(
      relativeError(UnrolledTests.metaGradient(reptile, at: theta, of: episode), expected) < 1e-6)
  }

  @Test("one scaled step is the gradient: Reptile needs two to learn to adapt")
  func oneStep() {
    var random = RandomEpisodes(Self.network, seed: 3)
    let (theta, episode) = (random.parameters(), random.episode())
    let reptile = Reptile(
      network: Self.network, inner: InnerLoop(steps: 1, rate: 0.25), isScaled: true)
    let swapped = PreparedEpisode(support: episode.query, query: episode.support)
    let plain = MAML(network: Self.network, inner: InnerLoop(steps: 0, rate: 0), order: .first)
      .metaGradient(at: theta, of: swapped)
    let gradient = UnrolledTests.metaGradient(reptile, at: theta, of: episode)
    #expect(relativeError(gradient, plain.map(Double.init)) < 1e-5)
  }

  @Test(
    "with Adam, inner steps are those of the optimiser without a first moment, anew in each task")
  func adam() {
    var random = RandomEpisodes(Self.network, seed: 5)
    let (theta, episode) = (random.parameters(), random.episode())
    let reptile = Reptile(
      network: Self.network, inner: InnerLoop(steps: 6, rate: 0.03), adam: InnerAdam())
    let adapter = AdamAdapter(network: Self.network, rate: 0.03)
    let plain = MAML(network: Self.network, inner: InnerLoop(steps: 0, rate: 0), order: .first)
    let swapped = PreparedEpisode(support: episode.query, query: episode.support)
    var optimiser = Optimiser(.adam(rate: 0.03, beta1: 0), parameterCount: theta.count)
    var position = theta
    for _ in 0..<6 {
      let gradient = plain.metaGradient(at: position, of: swapped)
      optimiser.step(&position, along: gradient)
    }
    let expected = zip(theta, position).map { Double($0) - Double($1) }
    for _ in 0..<2 {
      // A task before it leaves nothing behind.
      let found = UnrolledTests.metaGradient(reptile, at: theta, of: episode)
      #expect(relativeError(found, expected) < 1e-5)
      _ = UnrolledTests.metaGradient(reptile, at: random.parameters(), of: random.episode())
    }
    for steps in [[6], [0, 2, 6]] {
      let adapted = AdapterTests.outputs(adapter, steps, episode, theta)
      let end = AdapterTests.outputs(
        GradientAdapter(network: Self.network, rate: 0), [0], episode, position)
      #expect(zip(adapted[steps.count - 1], end[0]).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test("larger and smaller episodes leave no trace in later ones")
  func noTraces() {
    var random = RandomEpisodes(Self.network, seed: 4)
    let inner = InnerLoop(steps: 3, rate: 0.1)
    let used = Reptile(network: Self.network, inner: inner, examples: .all, batch: 5)
    for size in [4, 30, 2, 17, 4] {
      let (theta, episode) = (random.parameters(), random.episode(support: size, query: 3))
      let fresh = Reptile(network: Self.network, inner: inner, examples: .all, batch: 5)
      #expect(
        UnrolledTests.metaGradient(used, at: theta, of: episode)
          == UnrolledTests.metaGradient(fresh, at: theta, of: episode))
    }
  }
}

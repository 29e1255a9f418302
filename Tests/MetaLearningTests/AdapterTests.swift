import MetaLearning
import Models
import Tensors
import Testing

@Suite struct AdapterTests {
  static let network = RandomEpisodes.network(.tanh, .softmaxCrossEntropy)

  /// The numbers of the outputs after each of so many steps.
  static func outputs(
    _ adapter: any Adapter, _ steps: [Int], _ episode: PreparedEpisode, _ parameters: [Float]
  ) -> [[Float]] {
    adapter.outputs(of: episode.query, after: steps, on: episode.support, at: parameters)
      .map(\.scalars)
  }

  @Test("gradient steps of an adapter are those of adaptation, whatever follows the parameters")
  func gradientSteps() {
    let adaptation = Adaptation(network: Self.network)
    let adapter = GradientAdapter(network: Self.network, rate: 0.1)
    for seed in 0..<5 as Range<UInt64> {
      var random = RandomEpisodes(Self.network, seed: seed)
      let (theta, episode) = (random.parameters(), random.episode())
      let steps = [0, 1, 1, 4]
      let expected = steps.map { steps in
        let adapted = adaptation.adapted(theta, to: episode.support, steps: steps, rate: 0.1)
        return adaptation.outputs(at: adapted, of: episode.query).scalars
      }
      #expect(Self.outputs(adapter, steps, episode, theta) == expected)
      #expect(Self.outputs(adapter, steps, episode, theta + [7]) == expected)
    }
  }

  @Test("rates that are all the same adapt as one rate does")
  func sameRates() {
    let count = Self.network.parameterCount
    var random = RandomEpisodes(Self.network, seed: 6)
    let (theta, episode) = (random.parameters(), random.episode())
    let steps = [0, 1, 2, 5]
    let expected = Self.outputs(
      GradientAdapter(network: Self.network, rate: 0.25), steps, episode, theta)
    let all = [Float](repeating: 0.25, count: count)
    for (rates, learnt) in [
      (.fixed(all), []), (.single, [0.25]), (.perParameter, all),
      (.perTensor(steps: 2), [Float](repeating: 0.25, count: 12)),
    ] as [(InnerRates, [Float])] {
      let adapter = RateAdapter(network: Self.network, rates: rates)
      #expect(Self.outputs(adapter, steps, episode, theta + learnt) == expected)
    }
  }

  @Test("rates of the head move what ANIL moves: its loss after adaptation is that of the outputs")
  func head() {
    let network = RandomEpisodes.network(.tanh, .meanSquaredError)
    var random = RandomEpisodes(network, seed: 7)
    let (theta, episode) = (random.parameters(), random.episode())
    let inner = InnerLoop(steps: 3, rate: 0.25)
    var gradient = theta
    let anil = ANIL(network: network, inner: inner, order: .first)
    let losses = anil.metaGradient(at: theta, of: episode, into: &gradient)
    let rates = InnerRates.head(of: network, rate: inner.rate)
    let outputs = Self.outputs(
      RateAdapter(network: network, rates: rates), [0, 3], episode, theta)
    let errors = outputs.map { outputs in
      zip(outputs, episode.query.targets.scalars).reduce(0.0) { sum, pair in
        sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
      } / Double(outputs.count)
    }
    // The penalty on the weights is in the losses alone, and only the head's changes.
    #expect(abs(errors[0] - errors[1]) > 0.01)
    let head = zip(network.tensors, 0...).filter { $0.1.isMultiple(of: 2) }.map(\.0)
    let penalty = head.joined().reduce(0.0) { $0 + Double(theta[$1] * theta[$1]) } * 0.125 / 2
    #expect(abs(losses.before - errors[0] - penalty) < 1e-5)
    #expect(losses.after < losses.before)
  }

  @Test("beyond the learnt steps the rates of the last one are used")
  func lastRates() {
    var random = RandomEpisodes(Self.network, seed: 8)
    let (theta, episode) = (random.parameters(), random.episode())
    let two = [Float](repeating: 0.1, count: 6) + [Float](repeating: 0.3, count: 6)
    let four = two + [Float](repeating: 0.3, count: 12)
    #expect(
      Self.outputs(
        RateAdapter(network: Self.network, rates: .perTensor(steps: 2)), [1, 4], episode,
        theta + two)
        == Self.outputs(
          RateAdapter(network: Self.network, rates: .perTensor(steps: 4)), [1, 4], episode,
          theta + four))
  }

  @Test("not held back, proximal steps are gradient steps; held back, they stay nearer")
  func proximal() {
    var random = RandomEpisodes(Self.network, seed: 9)
    let (theta, episode) = (random.parameters(), random.episode())
    let plain = Self.outputs(
      GradientAdapter(network: Self.network, rate: 0.25), [0, 8], episode, theta)
    func distance(_ lambda: Float) -> Float {
      let outputs = Self.outputs(
        ProximalAdapter(network: Self.network, rate: 0.25, lambda: lambda), [0, 8], episode, theta)
      #expect(outputs[0] == plain[0])
      return zip(outputs[0], outputs[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let free = zip(plain[0], plain[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(distance(0) == free && distance(1) < free && distance(3) < distance(1))
  }

  @Test("ARUBA adapts at the root of b over g, and ARUBA++ at less and less")
  func aruba() {
    var random = RandomEpisodes(Self.network, seed: 10)
    let (theta, episode) = (random.parameters(), random.episode())
    let b = [Float](repeating: 0.25, count: theta.count)
    let g = [Float](repeating: 4, count: theta.count)
    let plain = Self.outputs(
      GradientAdapter(network: Self.network, rate: 0.25), [0, 1, 5], episode, theta)
    let learnt = Self.outputs(
      ARUBAAdapter(network: Self.network), [0, 1, 5], episode, theta + b + g)
    #expect(learnt == plain)
    let growing = Self.outputs(
      ARUBAAdapter(network: Self.network, growth: 1e4), [0, 1, 5], episode, theta + b + g)
    // The first step is the same: sums grow after it.
    #expect(growing[1] == plain[1] && growing[2] != plain[2])
    func distance(_ outputs: [[Float]]) -> Float {
      zip(outputs[1], outputs[2]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(distance(growing) < distance(plain))
  }
}

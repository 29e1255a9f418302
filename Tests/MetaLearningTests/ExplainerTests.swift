import Cohorts
import MetaLearning
import Models
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("On which features a model relies")
struct ExplainerTests {
  private static func explainer(
    _ network: Network, _ adapter: (any Adapter)? = nil, steps: Int = 3
  ) -> Explainer {
    Explainer(
      network: network, kind: network.loss == .meanSquaredError ? .regression : .classification,
      adapter: adapter ?? GradientAdapter(network: network, rate: 0.1), steps: steps)
  }

  private static func adapters(_ network: Network) -> [(adapter: any Adapter, extra: Int)] {
    [
      (GradientAdapter(network: network, rate: 0.1), 0),
      (RateAdapter(network: network, rates: .single), 1),
      (ProximalAdapter(network: network, rate: 0.1, lambda: 1), 0),
      (PrototypeAdapter(network: network), 0),
    ]
  }

  /// The score whose gradients are integrated.
  private static func scores(_ model: any AdaptedModel, _ inputs: Matrix) -> [Double] {
    let none = Matrix(rows: inputs.rows, columns: 0, scalars: [])
    let outputs = model.outputs(of: PreparedExamples(inputs: inputs, targets: none))
    return (0..<outputs.rows).map { row in
      outputs.columns == 2
        ? Double(outputs[row, 1]) - Double(outputs[row, 0]) : Double(outputs[row, 0])
    }
  }

  @Test(
    "attributions add up to the score less that of the baseline, whoever adapts",
    arguments: [Activation.tanh, .gelu, .relu], [Loss.softmaxCrossEntropy, .binaryCrossEntropy])
  func completeness(activation: Activation, loss: Loss) {
    let network = RandomEpisodes.network(activation, loss)
    // The midpoint rule is of second order, but over the kinks of rectified units.
    let tolerance = activation == .relu ? 0.03 : 0.003
    for (adapter, extra) in Self.adapters(network) {
      var random = RandomEpisodes(network, seed: 3)
      let theta = random.parameters() + Array(repeating: 0.1, count: extra)
      let (episode, inputs) = (random.episode(), random.examples(20).inputs)
      let explainer = Self.explainer(network, adapter)
      let checked = adapter.models(after: [0, 4], on: episode.support, at: theta) { model in
        let parts = explainer.attributions(of: model, to: inputs)
        let ends = Self.scores(model, inputs)
        let start = Self.scores(model, Matrix(rows: 1, columns: network.inputs))[0]
        for row in 0..<inputs.rows {
          let sum = parts.row(row).reduce(0.0) { $0 + Double($1) }
          #expect(abs(sum - (ends[row] - start)) < tolerance * (1 + abs(ends[row] - start)))
        }
        return inputs.rows
      }
      #expect(checked == [20, 20])
    }
  }

  @Test(
    "so they do with codes, which count from what is not known; and one that is ignored counts nothing"
  )
  func codes() {
    let categories = Categories(levels: [3, 5])
    let network = Network(
      inputs: 4,
      layers: [.embedding(Embedding(width: 2)), .dense(Dense(units: 4, activation: .tanh))],
      outputs: 2, loss: .softmaxCrossEntropy, categories: categories)
    for (adapter, extra) in Self.adapters(network) {
      var random = RandomEpisodes(network, seed: 4)
      var theta = random.parameters() + Array(repeating: 0.1, count: extra)
      // All vectors of the second category are the same; before adaptation nothing else can tell them apart.
      for place in 6..<16 { theta[place] = theta[place % 2] }
      let (episode, inputs) = (random.episode(), random.examples(20).inputs)
      let explainer = Self.explainer(network, adapter)
      let unknown = Matrix(rows: 1, columns: 4, scalars: [0, 0, 0, 3])
      _ = adapter.models(after: [0, 4], on: episode.support, at: theta) { model in
        let parts = explainer.attributions(of: model, to: inputs)
        #expect(parts.columns == 4)
        let ends = Self.scores(model, inputs)
        let start = Self.scores(model, unknown)[0]
        for row in 0..<inputs.rows {
          let sum = parts.row(row).reduce(0.0) { $0 + Double($1) }
          #expect(abs(sum - (ends[row] - start)) < 0.003 * (1 + abs(ends[row] - start)))
        }
      }
      let before = adapter.models(after: [0], on: episode.support, at: theta) { model in
        explainer.attributions(of: model, to: inputs)
      }[0]
      #expect((0..<20).allSatisfy { abs(before[$0, 3]) < 1e-5 })
      #expect((0..<20).contains { abs(before[$0, 2]) > 1e-3 })
    }
  }

  @Test("derivatives by the inputs are those of difference quotients")
  func slopes() {
    for loss in [Loss.softmaxCrossEntropy, .meanSquaredError] {
      let network = RandomEpisodes.network(.tanh, loss)
      for (adapter, extra) in Self.adapters(network)
      where loss == .softmaxCrossEntropy || !(adapter is PrototypeAdapter) {
        var random = RandomEpisodes(network, seed: 5)
        let theta = random.parameters() + Array(repeating: 0.1, count: extra)
        let (episode, inputs) = (random.episode(), random.examples(6).inputs)
        let weights: [Float] = network.outputs == 2 ? [-1, 1] : [1]
        let targets = Matrix(
          rows: 6, columns: weights.count, scalars: (0..<6).flatMap { _ in weights })
        let worst = adapter.models(after: [2], on: episode.support, at: theta) { model in
          let slopes = model.slopes(of: PreparedExamples(inputs: inputs, targets: targets))
          return (0..<network.inputs).flatMap { column in
            let (up, down) = (1, -1)
            let moved = [up, down].map { sign in
              var moved = inputs
              for row in 0..<6 { moved[row, column] += Float(sign) / 64 }
              return Self.scores(model, moved)
            }
            return (0..<6).map { row in
              abs((moved[0][row] - moved[1][row]) * 32 - Double(slopes[row, column]))
            }
          }.max() ?? 1
        }
        #expect(worst[0] < 0.005)
      }
    }
  }

  @Test("a feature that the model ignores has no importance, to the last bit")
  func ignored() {
    let network = Network(
      inputs: 3, hidden: [Dense(units: 4, activation: .tanh)], outputs: 2,
      loss: .softmaxCrossEntropy)
    var random = RandomEpisodes(network, seed: 8)
    var theta = random.parameters()
    // The weights of the second input.
    for unit in 4..<8 { theta[unit] = 0 }
    var episode = Episode(support: random.examples(8), query: random.examples(30))
    // And no gradient moves them, as the support set has only zeros there.
    for row in 0..<8 { episode.support.inputs[row, 1] = 0 }
    let sums = Self.explainer(network).reliance(
      of: episode, at: theta, using: RandomStream(seed: 1))
    #expect(sums.explained == 30)
    #expect(sums.features[1] == RelianceSums(features: 1).features[0])
    for feature in [0, 2] {
      #expect(sums.features[feature].attributionAfter > 0)
      #expect(sums.features[feature].permutationAfter != 0)
    }
  }

  @Test(
    "the feature with the one strong coefficient comes first, by either measure and once adapted")
  func strong() throws {
    let network = Network(inputs: 4, hidden: [], outputs: 1, loss: .binaryCrossEntropy)
    for seed in 1...8 as ClosedRange<UInt64> {
      var random = RandomStream(seed: seed)
      func examples(_ count: Int) -> Examples {
        let inputs = (0..<count * 4).map { _ in Float(random.normal()) }
        let outcomes = (0..<count).map { row in
          Float(random.uniform() < 1 / (1 + exp(-3 * Double(inputs[row * 4 + 2]))) ? 1 : 0)
        }
        return Examples(
          inputs: Matrix(rows: count, columns: 4, scalars: inputs), outcomes: outcomes)
      }
      let episode = Episode(support: examples(60), query: examples(100))
      let sums = Self.explainer(network, GradientAdapter(network: network, rate: 0.5), steps: 20)
        .reliance(of: episode, at: [0, 0, 0, 0, 0], using: RandomStream(seed: seed))
      let means = try #require(sums.means)
      #expect(means.indices.max { means[$0].permutationAfter < means[$1].permutationAfter } == 2)
      #expect(means.indices.max { means[$0].attributionAfter < means[$1].attributionAfter } == 2)
      #expect(means.allSatisfy { $0.permutationBefore == 0 && $0.attributionBefore == 0 })
    }
  }

  @Test(
    "of a linear model attribution is the coefficient times the input, in the outcome's own units")
  func linear() {
    let network = Network(inputs: 2, hidden: [], outputs: 1, loss: .meanSquaredError)
    var episode = Episode(
      support: Examples(inputs: Matrix(rows: 1, columns: 2, scalars: [0, 0]), outcomes: [0]),
      query: Examples(
        inputs: Matrix(rows: 2, columns: 2, scalars: [1, -2, 3, 4]), outcomes: [0, 0]))
    episode.outcomeUnit = 10
    let sums = Self.explainer(network, steps: 0)
      .reliance(of: episode, at: [0.5, -2, 1], using: RandomStream(seed: 1))
    #expect(abs(sums.features[0].attributionBefore - 10 * (0.5 + 1.5)) < 1e-4)
    #expect(abs(sums.features[1].attributionAfter - 10 * (4 + 8)) < 1e-4)
  }

  @Test("what shuffles draw depends on the stream alone, and before and after see the same")
  func draws() {
    let network = RandomEpisodes.network(.tanh, .meanSquaredError)
    var random = RandomEpisodes(network, seed: 2)
    let theta = random.parameters()
    let episode = Episode(support: random.examples(6), query: random.examples(12))
    func sums(_ seed: UInt64, steps: Int) -> RelianceSums {
      Self.explainer(network, steps: steps)
        .reliance(of: episode, at: theta, using: RandomStream(seed: seed))
    }
    #expect(sums(1, steps: 3) == sums(1, steps: 3))
    #expect(sums(1, steps: 3) != sums(2, steps: 3))
    for feature in sums(1, steps: 0).features {
      #expect(feature.permutationBefore == feature.permutationAfter)
      #expect(feature.attributionBefore == feature.attributionAfter)
    }
  }
}

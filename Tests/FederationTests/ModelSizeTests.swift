import Cohorts
import Models
import Scenarios
import Tensors
import Testing

@testable import Federation

@Suite("Models as scenarios count them, and as they are")
struct ModelSizeTests {
  private static let sources: [(cohorts: String, kind: String)] = [
    ("{ synthetic: { features: 7 }, hospitals: 3 }", "classification"),
    ("{ dataset: heart-disease, held-out: [va] }", "classification"),
    ("{ dataset: ist, hospitals: [1, 2], held-out: [2] }", "classification"),
    ("{ dataset: eicu-demo, hospitals: [73, 79], held-out: [79] }", "classification"),
    ("{ dataset: hupa-ucm-cgm, held-out: 4 }", "regression"),
    ("{ ten-classes: {}, hospitals: 3 }", "classification"),
  ]

  private func scenario(_ source: (cohorts: String, kind: String)) throws -> Scenario {
    try Scenario.read(
      """
      scenario: counted
      summary: A model whose numbers are counted.
      cohorts: \(source.cohorts)
      task: { kind: \(source.kind), support: 6, query: 6 }
      model: { layers: [] }
      algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 1 }
      """, file: "counted.yaml")
  }

  @Test("categories of scenarios are those of the readers, column for column")
  func categories() throws {
    for source in Self.sources {
      let source = try scenario(source).cohorts.source
      let read = source.columnsOfCategories
      #expect(source.categories.map(\.name) == read.map(\.name))
      #expect(source.categories.map(\.columns) == read.map(\.columns.count))
      #expect(source.categories.map(\.codes) == read.map(\.levels))
    }
  }

  @Test(
    "before there is a network, as many parameters are counted as it has then",
    arguments: 0..<40 as Range<UInt64>)
  func parameters(seed: UInt64) throws {
    var stack = RandomStack(seed: seed)
    for source in Self.sources {
      var scenario = try scenario(source)
      scenario.model.layers = stack.layers(for: scenario.cohorts.source)
      #expect(
        scenario.model.parameterCount(of: scenario.cohorts.source)
          == Experiment(scenario).network.parameterCount, "\(scenario.model.layers)")
    }
  }
}

/// Draws layers of every kind that go together.
private struct RandomStack {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed) }

  private mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.integer(below: range.count)
  }

  mutating func layers(for source: CohortSourcePlan) -> [ModelPlan.Layer] {
    var layers: [ModelPlan.Layer] = []
    let names = source.categories.map(\.name)
    if !names.isEmpty, whole(0...2) > 0 {
      let some = names.prefix(whole(1...names.count))
      layers.append(
        .embedding(width: whole(1...5), features: whole(0...1) == 0 ? nil : Array(some)))
    }
    if case .published(let plan) = source, plan.dataSet == .glucose { layers += sequence() }
    for _ in 0..<whole(0...3) { layers += dense() }
    return layers
  }

  private mutating func sequence() -> [ModelPlan.Layer] {
    let pool = ModelPlan.Convolution.Pool.allCases[whole(0...2)]
    let convolution = ModelPlan.Convolution(
      channels: whole(1...5), width: whole(1...4), activation: .tanh, pool: pool,
      window: pool == .none ? nil : whole(1...4))
    let all: [ModelPlan.Layer] = [
      .gru(units: whole(1...5), states: .all), .convolution(convolution),
    ]
    return [[], all, all.reversed() + [.normalisation, .gru(units: whole(1...5), states: .last)]][
      whole(0...2)]
  }

  private mutating func dense() -> [ModelPlan.Layer] {
    let dense = ModelPlan.Layer(units: whole(1...9), activation: .tanh)
    let inner: [ModelPlan.Layer] = [.normalisation, .init(units: whole(1...9), activation: .relu)]
    return [[dense], [.normalisation, dense], [dense, .residual(inner + [dense])]][whole(0...2)]
  }
}

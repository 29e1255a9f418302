import Glibc
import MetaLearning
import Models
import Tensors
import Testing

@Suite struct PrototypeTests {
  /// An embedding in three dimensions; its loss is not looked at.
  static let network = Network(
    inputs: 3, hidden: [Dense(units: 5, activation: .tanh)], outputs: 3,
    loss: .meanSquaredError, l2: 0.125)

  /// Examples of so many classes, by number or by a column for each.
  static func examples(
    _ count: Int, classes: Int, isByColumn: Bool, _ random: inout RandomStream
  ) -> PreparedExamples {
    var inputs = Matrix(rows: count, columns: 3)
    for index in inputs.scalars.indices { inputs.scalars[index] = Float(random.normal()) }
    var targets = Matrix(rows: count, columns: isByColumn ? classes : 1)
    for row in 0..<count {
      let label = (row < classes ? row : random.integer(below: classes))
      if isByColumn { targets[row, label] = 1 } else { targets[row, 0] = Float(label) }
    }
    return PreparedExamples(inputs: inputs, targets: targets)
  }

  static func episode(
    classes: Int = 2, isByColumn: Bool = true, seed: UInt64
  ) -> PreparedEpisode {
    var random = RandomStream(seed: seed)
    return PreparedEpisode(
      support: examples(7, classes: classes, isByColumn: isByColumn, &random),
      query: examples(5, classes: classes, isByColumn: isByColumn, &random))
  }

  static func parameters(seed: UInt64) -> [Float] {
    var random = RandomStream(seed: seed).child("parameters")
    return (0..<network.parameterCount).map { _ in Float(random.normal() * 0.6) }
  }

  /// Minus the squared distances of queries to the prototypes, from the definition.
  static func logits(_ parameters: [Float], _ episode: PreparedEpisode, classes: Int) -> [[Double]]
  {
    let adaptation = Adaptation(network: network)
    func embedded(_ examples: PreparedExamples) -> [[Double]] {
      let outputs = adaptation.outputs(at: parameters, of: examples)
      return (0..<outputs.rows).map { outputs.row($0).map(Double.init) }
    }
    let (seen, asked) = (embedded(episode.support), embedded(episode.query))
    let prototypes = (0..<classes).map { label in
      let own = seen.indices.filter { episode.support.targets[$0, label] == 1 }
      return (0..<3).map { axis in
        own.reduce(0.0) { $0 + seen[$1][axis] } / Double(max(own.count, 1))
      }
    }
    return asked.map { query in
      prototypes.map { prototype in
        zip(query, prototype).reduce(0.0) { $0 - ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
    }
  }

  /// The mean negative log likelihood of the classes of the query set.
  static func loss(_ logits: [[Double]], _ query: PreparedExamples) -> Double {
    let losses = logits.enumerated().map { row, logits in
      let total = log(logits.reduce(0.0) { $0 + exp($1) })
      return logits.indices.reduce(total) { $0 - Double(query.targets[row, $1]) * logits[$1] }
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  @Test(
    "the loss is the one of the definition, and its gradient the derivative", arguments: [2, 3, 5])
  func definition(classes: Int) {
    let algorithm = PrototypicalNetwork(network: Self.network, classes: classes)
    for seed in 0..<4 as Range<UInt64> {
      let (theta, episode) = (
        Self.parameters(seed: seed), Self.episode(classes: classes, seed: seed)
      )
      var gradient = theta
      let losses = algorithm.metaGradient(at: theta, of: episode, into: &gradient)
      let expected = Self.loss(Self.logits(theta, episode, classes: classes), episode.query)
      let penalty = losses.before - log(Double(classes))
      #expect(abs(losses.after - penalty - expected) < 1e-5 * max(1, expected))
      var random = RandomEpisodes(Self.network, seed: seed)
      #expect(
        UnrolledTests.slopeError(
          algorithm, at: theta, of: episode, along: random.direction()) < 1e-3)
    }
  }

  @Test("the adapter's logits are the distances, but for what is the same for all classes")
  func outputs() {
    let (theta, episode) = (Self.parameters(seed: 7), Self.episode(classes: 3, seed: 7))
    let adapter = PrototypeAdapter(network: Self.network, classes: 3)
    let outputs = adapter.outputs(
      of: episode.query, after: [0, 5], on: episode.support, at: theta)
    #expect(outputs[0] == outputs[1])
    for (row, expected) in Self.logits(theta, episode, classes: 3).enumerated() {
      for label in 1..<3 {
        let difference = Double(outputs[0][row, label] - outputs[0][row, 0])
        #expect(abs(difference - (expected[label] - expected[0])) < 1e-5)
      }
    }
  }

  @Test("classes by number and by column are the same, and one column gets log odds")
  func forms() {
    let theta = Self.parameters(seed: 8)
    let (columns, numbers) = (
      Self.episode(seed: 8), Self.episode(isByColumn: false, seed: 8)
    )
    let algorithm = PrototypicalNetwork(network: Self.network)
    let gradient = UnrolledTests.metaGradient(algorithm, at: theta, of: columns)
    #expect(UnrolledTests.metaGradient(algorithm, at: theta, of: numbers) == gradient)
    let adapter = PrototypeAdapter(network: Self.network)
    let logits = adapter.outputs(of: columns.query, after: [0], on: columns.support, at: theta)[0]
    let odds = adapter.outputs(of: numbers.query, after: [0], on: numbers.support, at: theta)[0]
    #expect(odds.columns == 1 && odds.rows == logits.rows)
    #expect((0..<odds.rows).allSatisfy { odds[$0, 0] == logits[$0, 1] - logits[$0, 0] })
  }

  @Test("a class that the support set does not have is at the origin, and all stays finite")
  func absentClass() {
    let theta = Self.parameters(seed: 9)
    let whole = Self.episode(seed: 9)
    let ones = (0..<whole.support.count).filter { whole.support.targets[$0, 1] == 1 }
    let support = PreparedExamples(
      inputs: whole.support.inputs.rows(at: ones), targets: whole.support.targets.rows(at: ones))
    let episode = PreparedEpisode(support: support, query: whole.query)
    let algorithm = PrototypicalNetwork(network: Self.network)
    var gradient = theta
    let losses = algorithm.metaGradient(at: theta, of: episode, into: &gradient)
    let expected = Self.loss(Self.logits(theta, episode, classes: 2), episode.query)
    #expect(abs(losses.after - (losses.before - log(2)) - expected) < 1e-5)
    #expect(gradient.allSatisfy { $0.isFinite } && gradient.contains { $0 != 0 })
  }

  @Test("the order of the support set does not matter, but for rounding")
  func order() {
    let (theta, episode) = (Self.parameters(seed: 10), Self.episode(seed: 10))
    let back = (0..<episode.support.count).reversed()
    let turned = PreparedExamples(
      inputs: episode.support.inputs.rows(at: back),
      targets: episode.support.targets.rows(at: back))
    let algorithm = PrototypicalNetwork(network: Self.network)
    let one = UnrolledTests.metaGradient(algorithm, at: theta, of: episode)
    let other = UnrolledTests.metaGradient(
      algorithm, at: theta, of: PreparedEpisode(support: turned, query: episode.query))
    #expect(relativeError(one, other.map(Double.init)) < 1e-5)
  }
}

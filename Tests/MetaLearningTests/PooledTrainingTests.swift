import Cohorts
import MetaLearning
import Models
import Tensors
import Testing

@Suite("Training on the patients of several hospitals together")
struct PooledTrainingTests {
  private static let network = Network(
    inputs: 2, hidden: [Dense(units: 3, activation: .tanh)], outputs: 1, loss: .binaryCrossEntropy)

  private static func patients(_ count: Int) -> Examples {
    var random = RandomStream(seed: 4)
    return Examples(
      inputs: Matrix(
        rows: count, columns: 2, scalars: (0..<2 * count).map { _ in Float(random.normal()) }),
      outcomes: (0..<count).map { Float($0 % 2) })
  }

  private static var start: [Float] {
    var random = RandomStream(seed: 5)
    return network.initialParameters(.glorot, using: &random)
  }

  /// The parameters after steps of Adam on batches of these rows.
  private static func byHand(_ batches: [[Int]], of patients: Examples) throws -> [Float] {
    var parameters = start
    var optimiser = Optimiser(.adam(rate: 0.01), parameterCount: parameters.count)
    for rows in batches {
      let batch = Examples(
        inputs: patients.inputs.rows(at: rows), outcomes: rows.map { patients.outcomes[$0] })
      let descent = Adaptation(network: network)
      let prepared = PreparedExamples(batch, for: network)
      // A step of rate 1 against the gradient is the gradient, with its sign.
      let moved = descent.adapted(parameters, to: prepared, steps: 1, rate: 1)
      let gradient = zip(parameters, moved).map { $0 - $1 }
      optimiser.step(&parameters, along: gradient)
    }
    return parameters
  }

  @Test(
    "is Adam on batches of an order drawn anew for each epoch, whose last batch is what is left",
    arguments: [(4, 3), (5, 5), (6, 2), (3, 7)])
  func epochs(count: Int, batch: Int) throws {
    let patients = Self.patients(count)
    let random = RandomStream(seed: 9)
    var draws = random
    var batches: [[Int]] = []
    for _ in 0..<3 {
      let order = draws.sample(count, of: count)
      batches += stride(from: 0, to: count, by: batch).map {
        Array(order[$0..<min($0 + batch, count)])
      }
    }
    let training = PooledTraining(
      network: Self.network, steps: InnerLoop(steps: batches.count, rate: 0.01), batch: batch)
    let found = training.parameters(from: Self.start, on: patients, using: random)
    let expected = try Self.byHand(batches, of: patients)
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-4) }
    #expect(found != Self.start)
  }

  @Test("without steps it is where it started")
  func still() {
    let training = PooledTraining(
      network: Self.network, steps: InnerLoop(steps: 0, rate: 0.01), batch: 2)
    let found = training.parameters(
      from: Self.start, on: Self.patients(4), using: RandomStream(seed: 9))
    #expect(found == Self.start)
  }
}

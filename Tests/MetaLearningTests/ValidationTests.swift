import Cohorts
import Models
import Tensors
import Testing

@testable import MetaLearning

@Suite("Methods validated within a support set")
struct ValidationTests {
  private static let network = Network(inputs: 2, hidden: [], outputs: 1, loss: .meanSquaredError)

  private func examples(_ count: Int, seed: UInt64) -> Examples {
    var stream = RandomStream(seed: seed)
    let inputs = (0..<(2 * count)).map { _ in Float(stream.normal()) }
    return Examples(
      inputs: Matrix(rows: count, columns: 2, scalars: inputs),
      outcomes: (0..<count).map { _ in Float(stream.normal()) })
  }

  private func judge(_ contenders: [Contender], _ division: SupportDivision) -> Judge {
    Judge(
      network: Self.network, kind: .regression,
      adapter: GradientAdapter(network: Self.network, rate: 0.1),
      alone: InnerLoop(steps: 1, rate: 0.1),
      contenders: contenders, division: division)
  }

  private func results(of judge: Judge, _ support: Examples, _ query: Examples) -> [MetricSums] {
    judge.results(
      of: Episode(support: support, query: query), at: [0.3, -0.2, 0.1], fresh: [0, 0, 0]
    ).map(\.sums)
  }

  private func rows(_ examples: Examples, _ rows: [Int]) -> Examples {
    Examples(inputs: examples.inputs.rows(at: rows), outcomes: rows.map { examples.outcomes[$0] })
  }

  @Test("each part is predicted from the others, as if it were a query set", arguments: 2...5)
  func parts(count: Int) {
    let (support, query) = (examples(7, seed: 1), examples(4, seed: 2))
    let found = results(
      of: judge([.validated(steps: 0), .validated(steps: 3)], .parts(count)), support, query)
    let plain = judge([.adapted(steps: 0), .adapted(steps: 3)], .parts(count))
    var expected = [MetricSums(), MetricSums()]
    for part in 0..<count {
      let own = (0..<7).filter { $0 % count == part }
      let rest = (0..<7).filter { $0 % count != part }
      let sums = results(of: plain, rows(support, rest), rows(support, own))
      expected = zip(expected, sums).map { $0 + $1 }
    }
    #expect(found == expected)
    #expect(found[0].judged == 7)
  }

  @Test("records of one patient are never on both sides of a validation")
  func patients() {
    var support = examples(8, seed: 5)
    support.owners = [1, 2, 1, 2, 3, 3, 1, 2]
    let query = examples(4, seed: 2)
    let found = results(of: judge([.validated(steps: 1)], .parts(4)), support, query)
    let plain = judge([.adapted(steps: 1)], .parts(4))
    let expected = [[0, 2, 6], [1, 3, 7], [4, 5]].map { own in
      results(
        of: plain, rows(support, (0..<8).filter { !own.contains($0) }), rows(support, own))[0]
    }
    #expect(found == [expected.reduce(MetricSums(), +)])
  }

  @Test("a regression that knows whose records are whose does not learn patients by heart")
  func heart() {
    var stream = RandomStream(seed: 6)
    let people = (0..<12).map { _ in (0..<9).map { _ in Float(stream.normal()) } }
    var support = Examples(
      inputs: Matrix(rows: 60, columns: 8, scalars: (0..<60).flatMap { people[$0 % 12].prefix(8) }),
      outcomes: (0..<60).map { people[$0 % 12][8] })
    func spread() -> Double {
      let scores = LinearModel(of: support, kind: .regression).scores(of: support.inputs)
      let mean = scores.reduce(0, +) / 60
      return scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let byRecord = spread()
    support.owners = (0..<60).map { $0 % 12 }
    #expect(spread() < byRecord / 4)
  }

  @Test("records in order of time are validated by the last of them")
  func order() {
    let (support, query) = (examples(9, seed: 3), examples(4, seed: 4))
    let found = results(of: judge([.validated(steps: 2)], .last(of: 4)), support, query)
    let plain = judge([.adapted(steps: 2)], .last(of: 4))
    #expect(found == results(of: plain, rows(support, Array(0..<7)), rows(support, [7, 8])))
  }

  @Test("the query set has no part in it")
  func query() {
    let support = examples(6, seed: 5)
    let judge = judge([.validated(steps: 1)], .parts(3))
    #expect(
      results(of: judge, support, examples(4, seed: 6))
        == results(of: judge, support, examples(9, seed: 7)))
  }

  @Test("a single example validates nothing")
  func single() {
    let found = results(
      of: judge([.validated(steps: 1)], .parts(2)), examples(1, seed: 8), examples(2, seed: 9))
    #expect(found == [MetricSums()])
  }
}

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

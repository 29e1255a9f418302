import Testing

@testable import Reports

@Suite("Distances between label distributions")
struct LabelDistancesTests {
  @Test("a hospital without labels stands in no pair, few hospitals or many", arguments: [2, 600])
  func empty(copies: Int) throws {
    let some: [[Double]?] = Array(repeating: [[0.2, 0.8], [0.9, 0.1]], count: copies)
      .flatMap(\.self)
    let plain = try #require(LabelDistances(some, seed: 1).summary)
    let distances = LabelDistances(some + [nil, nil, nil], seed: 1)
    let summary = try #require(distances.summary)
    #expect(summary.pairs == plain.pairs && summary.mean == plain.mean)
    #expect(summary.largest == plain.largest && summary.isSample == (copies == 600))
    #expect(distances.without == 3)
    #expect(distances.between(0, some.count) == nil && distances.between(1, 0) != nil)
  }

  @Test("without two hospitals that have labels there is no distance")
  func none() {
    #expect(LabelDistances([nil, [1, 0], nil], seed: 1).summary == nil)
  }
}

import Cohorts
import Tensors

/// Jensen-Shannon distances between the label distributions of hospitals.
struct LabelDistances {
  /// Hospitals up to which every pair is measured; of more, pairs are drawn.
  static let hospitalsInPairs = 1000
  /// The pairs that are drawn.
  static let drawnPairs = 200_000

  /// How far hospitals are apart.
  struct Summary {
    let pairs: Int
    let isSample: Bool
    let mean, median, largest: Double
  }

  private let all: [[Double]?]
  /// The distances over pairs; nil where there are no two hospitals with labels.
  let summary: Summary?

  /// The distances between label distributions; `nil` is a hospital that has no labels, which stands in no pair.
  init(_ all: [[Double]?], seed: UInt64) {
    self.all = all
    let shares = all.compactMap(\.self)
    let isSample = shares.count > Self.hospitalsInPairs
    let pairs = isSample ? Self.drawn(of: shares.count, seed: seed) : Self.all(of: shares.count)
    let distances = pairs.map {
      LabelMeasures.jensenShannonDistance(shares[$0.0], shares[$0.1])
    }.sorted()
    summary = distances.last.map { largest in
      Summary(
        pairs: distances.count, isSample: isSample,
        mean: distances.reduce(0, +) / Double(distances.count),
        median: (distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2,
        largest: largest)
    }
  }

  /// The distance of two hospitals, by their positions; nil where one of them has no labels.
  func between(_ one: Int, _ other: Int) -> Double? {
    guard let one = all[one], let other = all[other] else { return nil }
    return LabelMeasures.jensenShannonDistance(one, other)
  }

  /// How many hospitals have no labels.
  var without: Int { all.count { $0 == nil } }

  private static func all(of count: Int) -> [(Int, Int)] {
    (0..<count).flatMap { one in (0..<one).map { (one, $0) } }
  }

  private static func drawn(of count: Int, seed: UInt64) -> [(Int, Int)] {
    var random = RandomStream(seed: seed).child("label-distances")
    return (0..<drawnPairs).map { _ in
      let one = random.integer(below: count)
      // Another than the first, all equally likely.
      let other = random.integer(below: count - 1)
      return (one, other < one ? other : other + 1)
    }
  }
}

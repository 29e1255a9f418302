import Tensors

/// Intervals for means over seeds and hospitals, and for differences of such means.
///
/// Seeds and hospitals are both drawn with replacement, and a figure counts as often as its seed times
/// as its hospital was drawn: the pigeonhole bootstrap of Owen 2007, which is mildly conservative. A
/// difference is of figures at the same places, and is resampled as one figure, so that what is common
/// to both methods cancels.
struct PairedBootstrap {
  /// Where a figure was found.
  struct Place: Hashable {
    /// The seed of the run.
    var seed: UInt64
    /// What tells the hospital from others; with the seed in it where each seed makes hospitals anew.
    var hospital: String
  }

  /// The ends of an interval that holds 95 % of resampled means.
  struct Interval: Equatable {
    var low: Double
    var high: Double
  }

  /// How many resamples there are: 2,000, and fewer of very many places.
  let resamples: Int
  private let seeds: [Int]
  private let hospitals: [Int]
  private let seedCount: Int
  private let hospitalCount: Int

  /// Intervals over these places; the same ones whenever the places are the same.
  init(places: [Place]) {
    let seedNames = Self.numbered(places.map(\.seed))
    let hospitalNames = Self.numbered(places.map(\.hospital))
    seeds = places.map { seedNames[$0.seed] ?? 0 }
    hospitals = places.map { hospitalNames[$0.hospital] ?? 0 }
    seedCount = seedNames.count
    hospitalCount = hospitalNames.count
    resamples = min(2000, max(200, 20_000_000 / max(1, places.count)))
  }

  private static func numbered<Name: Hashable>(_ names: [Name]) -> [Name: Int] {
    names.reduce(into: [:]) { numbers, name in
      if numbers[name] == nil { numbers[name] = numbers.count }
    }
  }

  /// The interval of the mean of each column, whose elements are figures at the places in order, `nil`
  /// where one is not defined.
  ///
  /// - Returns: `nil` for a column that has no figure, or one that is not finite, or where there is but one seed and one hospital to
  ///   draw from.
  func intervals(of columns: [[Double?]]) -> [Interval?] {
    guard seeds.count > 1 else { return columns.map { _ in nil } }
    var stream = RandomStream(seed: 0).child("paired-bootstrap")
    var means = Array(repeating: [Double](), count: columns.count)
    for _ in 0..<resamples {
      let weights = weights(from: &stream)
      for (number, column) in columns.enumerated() {
        if let mean = Self.mean(of: column, weights) { means[number].append(mean) }
      }
    }
    return means.map(Self.interval)
  }

  private func weights(from stream: inout RandomStream) -> [Double] {
    let seedTimes = Self.times(seedCount, from: &stream)
    let hospitalTimes = Self.times(hospitalCount, from: &stream)
    return seeds.indices.map { seedTimes[seeds[$0]] * hospitalTimes[hospitals[$0]] }
  }

  /// How often each of `count` was drawn in as many draws.
  private static func times(_ count: Int, from stream: inout RandomStream) -> [Double] {
    var times = Array(repeating: 0.0, count: count)
    for _ in 0..<count { times[stream.integer(below: count)] += 1 }
    return times
  }

  /// The weighted mean of what is defined; `nil` where nothing that is has a weight.
  private static func mean(of column: [Double?], _ weights: [Double]) -> Double? {
    var (sum, whole) = (0.0, 0.0)
    for (figure, weight) in zip(column, weights) where weight > 0 {
      guard let figure else { continue }
      sum += weight * figure
      whole += weight
    }
    return whole > 0 ? sum / whole : nil
  }

  private static func interval(of means: [Double]) -> Interval? {
    guard means.count > 1, means.allSatisfy(\.isFinite) else { return nil }
    let ordered = means.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(ordered.count - 1)
      let below = Int(place)
      let above = min(below + 1, ordered.count - 1)
      return ordered[below] + (place - Double(below)) * (ordered[above] - ordered[below])
    }
    return Interval(low: quantile(0.025), high: quantile(0.975))
  }
}

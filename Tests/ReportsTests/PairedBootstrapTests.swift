import Tensors
import Testing

@testable import Reports

@Suite("Intervals by a paired bootstrap over seeds and hospitals")
struct PairedBootstrapTests {
  private func places(seeds: Int, hospitals: Int) -> [PairedBootstrap.Place] {
    (0..<seeds).flatMap { seed in
      (0..<hospitals).map { .init(seed: UInt64(seed), hospital: "h\($0)") }
    }
  }

  @Test("figures without any spread have an interval without any width")
  func constant() throws {
    let bootstrap = PairedBootstrap(places: places(seeds: 3, hospitals: 4))
    let interval = try #require(bootstrap.intervals(of: [Array(repeating: 2.5, count: 12)])[0])
    #expect(interval == .init(low: 2.5, high: 2.5))
  }

  @Test("the same places have the same intervals, each column its own whatever stands beside it")
  func reproducible() {
    let bootstrap = PairedBootstrap(places: places(seeds: 3, hospitals: 4))
    let columns = [(0..<12).map { Double($0) }, (0..<12).map { Double(($0 * 7) % 5) }]
    #expect(bootstrap.intervals(of: columns) == bootstrap.intervals(of: columns))
    #expect(bootstrap.intervals(of: [columns[1]])[0] == bootstrap.intervals(of: columns)[1])
  }

  /// With one seed it is the bootstrap of the mean, whose normal interval is known.
  @Test("over hospitals alone the width is that of the normal interval of the mean, within a tenth")
  func width() throws {
    var stream = RandomStream(seed: 4)
    let figures = (0..<200).map { _ in stream.normal() }
    let mean = figures.reduce(0, +) / 200
    let spread = (figures.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 200).squareRoot()
    let bootstrap = PairedBootstrap(places: places(seeds: 1, hospitals: 200))
    let interval = try #require(bootstrap.intervals(of: [figures])[0])
    let expected = 2 * 1.96 * spread / Double(200).squareRoot()
    #expect(abs((interval.high - interval.low) / expected - 1) < 0.1)
    #expect(interval.low < mean && mean < interval.high)
  }

  /// Both ways of drawing add, exactly in expectation where a figure is a sum of the two (Owen 2007).
  @Test("what differs by seed and what differs by hospital both widen an interval")
  func twoWays() throws {
    var stream = RandomStream(seed: 5)
    let bySeed = (0..<40).map { _ in stream.normal() }
    let byHospital = (0..<40).map { _ in stream.normal() }
    let bootstrap = PairedBootstrap(places: places(seeds: 40, hospitals: 40))
    func width(_ seedShare: Double, _ hospitalShare: Double) throws -> Double {
      let figures = bySeed.flatMap { seed in
        byHospital.map { seedShare * seed + hospitalShare * $0 }
      }
      let interval = try #require(bootstrap.intervals(of: [figures])[0])
      return interval.high - interval.low
    }
    let (seeds, hospitals, both) = (try width(1, 0), try width(0, 1), try width(1, 1))
    #expect(abs(both / (seeds * seeds + hospitals * hospitals).squareRoot() - 1) < 0.1)
  }

  @Test("a true mean lies outside of the interval about as seldom as it says")
  func coverage() {
    var stream = RandomStream(seed: 6)
    let bootstrap = PairedBootstrap(places: places(seeds: 1, hospitals: 60))
    // Resamples are the same in all, which does not matter: the figures are not.
    let columns = (0..<300).map { _ in (0..<60).map { _ in Optional(stream.normal()) } }
    let missed = bootstrap.intervals(of: columns).count {
      $0.map { $0.low > 0 || $0.high < 0 } ?? true
    }
    // 5 % of 300 are 15, with a spread of 4; the bootstrap of 60 is a little narrow.
    #expect((4...31).contains(missed), "\(missed) of 300")
  }

  @Test("what is not defined counts for nothing, and one place alone has no interval")
  func undefined() throws {
    let bootstrap = PairedBootstrap(places: places(seeds: 2, hospitals: 2))
    #expect(bootstrap.intervals(of: [[nil, nil, nil, nil]]) == [nil])
    let interval = try #require(bootstrap.intervals(of: [[1, nil, 1, nil]])[0])
    #expect(interval == .init(low: 1, high: 1))
    #expect(PairedBootstrap(places: places(seeds: 1, hospitals: 1)).intervals(of: [[1]]) == [nil])
  }
}

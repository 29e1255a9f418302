import Glibc

/// A key and the range that its values are drawn from: `algorithm.inner.rate=0.001..1`.
///
/// Whole numbers where both ends are written as such; evenly on a logarithmic scale where the range is above 0
/// and spans a factor of ten or more, as of rates, and evenly else.
public struct SearchRange: Sendable {
  /// The dotted path of the key.
  public let key: String
  private let low: Double
  private let high: Double
  private let isWhole: Bool
  private let words: String

  /// Reads `key.path=low..high`.
  ///
  /// - Throws: What is wrong with it: no range, ends that are no numbers, or in the wrong order.
  public init(_ text: String) throws(ScenarioProblems) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    let ends = parts.count == 2 ? parts[1].split(separator: "..", maxSplits: 1) : []
    guard let key = parts.first, !key.isEmpty, ends.count == 2, let low = Double(ends[0]),
      let high = Double(ends[1]), low.isFinite, high.isFinite, low < high
    else {
      throw ScenarioProblems([
        ScenarioProblem(
          file: "", place: .override("--range \(text)"), path: "", found: "no range to draw from",
          accepted:
            "key.path=low..high with numbers that rise, such as algorithm.inner.rate=0.001..1")
      ])
    }
    self.key = key
    self.low = low
    self.high = high
    words = "--range \(text)"
    isWhole = ends.allSatisfy { Int($0) != nil }
  }

  /// The setting at a share of the range from 0 to 1, with three significant digits unless it is whole.
  public func setting(at share: Double) throws(ScenarioProblems) -> Override {
    if isWhole {
      let count = high - low + 1
      let whole = min(high, low + (share * count).rounded(.down))
      return try Override("\(key)=\(Int(whole))", from: words)
    }
    return try Override("\(key)=\(Self.rounded(number(at: share)))", from: words)
  }

  private func number(at share: Double) -> Double {
    guard low > 0, high / low >= 10 else { return low + share * (high - low) }
    return low * pow(high / low, share)
  }

  /// The number with three significant digits.
  private static func rounded(_ number: Double) -> Double {
    guard number != 0 else { return 0 }
    var scale = 1.0
    while number.magnitude * scale < 100 { scale *= 10 }
    while number.magnitude * scale >= 1000 { scale /= 10 }
    return (number * scale).rounded() / scale
  }
}

/// The names of hospitals, written short: `h3..h17` stands for `h3`, `h4` and so on to `h17`.
///
/// Both ends have the same text before their number, which is written without leading zeros.
public struct HospitalRange: Equatable, Sendable {
  /// The most names that a range or a scenario may have.
  public static let limit = 100_000

  /// What comes before the number.
  public let prefix: String
  /// The numbers, in order.
  public let numbers: ClosedRange<Int>

  /// The range `h1` to `hn` that a plain count stands for.
  public init(count: Int) {
    prefix = "h"
    numbers = 1...max(1, count)
  }

  /// Reads `h3..h17`; nil for any other text, and for a range that is empty or beyond ``limit``.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let first = Self.split(parts[0]),
      let last = Self.split(parts[2]), first.prefix == last.prefix,
      first.number <= last.number, last.number - first.number < Self.limit
    else { return nil }
    prefix = first.prefix
    numbers = first.number...last.number
  }

  /// The names that the range stands for.
  public var names: [String] {
    numbers.map { "\(prefix)\($0)" }
  }

  /// The names written short: those that follow each other as a range, the others as they are.
  ///
  /// No name among them may itself read as a range.
  public static func shortened(_ names: [String]) -> [String] {
    var runs: [(prefix: String, numbers: ClosedRange<Int>)?] = []
    var first: [String] = []
    for name in names {
      let parts = split(name[...])
      if let parts, let last = runs.last ?? nil, last.prefix == parts.prefix,
        last.numbers.upperBound + 1 == parts.number
      {
        runs[runs.count - 1] = (parts.prefix, last.numbers.lowerBound...parts.number)
      } else {
        runs.append(parts.map { ($0.prefix, $0.number...$0.number) })
        first.append(name)
      }
    }
    return zip(runs, first).map { run, name in
      guard let run, run.numbers.count > 1 else { return name }
      return "\(name)..\(run.prefix)\(run.numbers.upperBound)"
    }
  }

  private static func split(_ name: Substring) -> (prefix: String, number: Int)? {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
    guard !digits.isEmpty, digits.count <= 9, let number = Int(String(digits)),
      String(number) == String(digits)
    else { return nil }
    return (String(name.dropLast(digits.count)), number)
  }
}

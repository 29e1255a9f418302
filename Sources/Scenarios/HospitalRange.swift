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

  /// The range that stands for exactly these names, in their order; nil where there is none.
  init?(of names: [String]) {
    guard let first = names.first.flatMap({ Self.split($0[...]) }) else { return nil }
    prefix = first.prefix
    numbers = first.number...first.number + names.count - 1
    for (place, name) in names.enumerated() where self.place(of: name) != place { return nil }
  }

  /// The names that the range stands for.
  public var names: [String] {
    (0..<numbers.count).map { self[$0] }
  }

  /// The name at a place from 0.
  public subscript(place: Int) -> String { prefix + String(numbers.lowerBound + place) }

  /// The place of a name from 0; nil where the range does not stand for it.
  ///
  /// Letters are compared by their bytes.
  public func place(of name: String) -> Int? {
    let bytes = name.utf8
    guard bytes.count - prefix.utf8.count <= 10, bytes.starts(with: prefix.utf8),
      let number = Self.number(bytes.dropFirst(prefix.utf8.count)), numbers.contains(number)
    else { return nil }
    return number - numbers.lowerBound
  }

  /// The number of some digits without leading zeros.
  private static func number(_ digits: Substring.UTF8View) -> Int? {
    guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else {
      return nil
    }
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = 10 * number + Int(digit - UInt8(ascii: "0"))
    }
    return number
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

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
    guard let range = Self.ends(of: text), range.numbers.count <= Self.limit else { return nil }
    (prefix, numbers) = range
  }

  /// How many names a text stands for that reads as a range but is beyond ``limit``; nil for any other.
  static func excess(_ text: String) -> Int? {
    ends(of: text).map(\.numbers.count).flatMap { $0 > limit ? $0 : nil }
  }

  private static func ends(of text: String) -> (prefix: String, numbers: ClosedRange<Int>)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty, let first = split(parts[0]),
      let last = split(parts[2]), first.prefix == last.prefix, first.number <= last.number
    else { return nil }
    return (first.prefix, first.number...last.number)
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

  /// The names written short: those that follow each other as a range, where they are `least` or more, the
  /// others as they are.
  ///
  /// No name among them may itself read as a range.
  public static func shortened(_ names: [String], atLeast least: Int = 2) -> [String] {
    var short: [String] = []
    var run: (prefix: String, numbers: ClosedRange<Int>)?
    func end(at place: Int) {
      guard let numbers = run?.numbers else { return }
      let members = names[place - numbers.count..<place]
      short +=
        numbers.count < least ? Array(members) : ["\(members.first ?? "")..\(names[place - 1])"]
    }
    for (place, name) in names.enumerated() {
      let parts = writable(name)
      if let parts, let last = run, last.numbers.upperBound + 1 == parts.number,
        last.prefix.utf8.elementsEqual(parts.prefix.utf8)
      {
        run = (last.prefix, last.numbers.lowerBound...parts.number)
        continue
      }
      end(at: place)
      run = parts.map { ($0.prefix, $0.number...$0.number) }
      if parts == nil { short.append(name) }
    }
    end(at: names.count)
    return short
  }

  /// Names by what comes before their number, then by the number; those without one last.
  static func inOrder(_ names: [String]) -> [String] {
    let parts = names.map { split($0[...]) }
    let numbered = parts.indices.compactMap { place in
      parts[place].map { (key: ($0.prefix, $0.number), name: names[place]) }
    }
    let others = parts.indices.filter { parts[$0] == nil }.map { names[$0] }
    return numbered.sorted { $0.key < $1.key }.map(\.name) + others.sorted()
  }

  /// The parts of a name that can stand at an end of a range: with a point in it, it would not be read again.
  private static func writable(_ name: String) -> (prefix: String, number: Int)? {
    name.utf8.contains(UInt8(ascii: ".")) ? nil : split(name[...])
  }

  /// The number at the end of a name, and what comes before it; bytes, as many names are looked at.
  private static func split(_ name: Substring) -> (prefix: String, number: Int)? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let count = name.utf8.reversed().prefix { digits.contains($0) }.count
    guard (1...9).contains(count), let number = number(name.utf8.suffix(count)) else { return nil }
    return (String(name[..<name.utf8.index(name.endIndex, offsetBy: -count)]), number)
  }
}

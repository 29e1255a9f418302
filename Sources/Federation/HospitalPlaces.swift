/// Where hospitals stand in a list of them, by their names.
///
/// Where they are `h1`, `h2` and so on, in this order, a name tells its place and nothing is kept but the
/// list, which is shared with whoever else has it.
struct HospitalPlaces {
  /// The hospitals, in order.
  let names: [String]
  /// The places of names that do not tell them.
  private let known: [String: Int32]?

  init(_ names: [String]) {
    self.names = names
    let areNumbered = names.indices.allSatisfy { Self.number(in: names[$0]) == $0 + 1 }
    known =
      areNumbered
      ? nil : Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { $1 })
  }

  /// The place of a hospital, from 0; `nil` if it is none of them.
  subscript(hospital: String) -> Int? {
    if let known { return known[hospital].map(Int.init) }
    guard let number = Self.number(in: hospital), number <= names.count else { return nil }
    return number - 1
  }

  /// The number in a name such as `h12`; `nil` in any other, such as `h012`.
  private static func number(in name: String) -> Int? {
    var bytes = name.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "h"), let first = bytes.next(),
      (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first), name.utf8.count <= 10
    else { return nil }
    var number = Int(first - UInt8(ascii: "0"))
    while let digit = bytes.next() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = 10 * number + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }
}

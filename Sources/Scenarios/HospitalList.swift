/// The names of hospitals, in order, in next to no memory where they follow each other.
///
/// Of `h1`, `h2` and so on, which is what a plain count stands for, no list is kept: a name is made
/// when it is asked for. Those chosen from such names take four bytes each, or four for each that was
/// left out. Other names are kept as they are.
public struct HospitalList: Sendable {
  private enum Names {
    case range(HospitalRange)
    case listed([String])
  }

  /// Which of the names are in the list, by their places.
  private enum Choice {
    case all
    case only([Int32])
    /// In ascending order.
    case allBut([Int32])
  }

  private let names: Names
  private let choice: Choice

  private init(_ names: Names, _ choice: Choice = .all) {
    (self.names, self.choice) = (names, choice)
  }

  /// These names; as a range where one stands for them.
  public init(_ names: [String]) {
    self = HospitalRange(of: names).map { Self($0) } ?? Self(.listed(names))
  }

  /// The names that a range stands for.
  public init(_ range: HospitalRange) {
    // Letters beyond ASCII have several spellings, which only texts know to be equal.
    let isPlain = range.prefix.utf8.allSatisfy { $0 < 0x80 }
    self.init(isPlain ? .range(range) : .listed(range.names))
  }

  /// The range that stands for exactly these names; `nil` where there is none, or it is not known.
  public var range: HospitalRange? {
    if case (.range(let range), .all) = (names, choice) { range } else { nil }
  }

  /// Those at `places`, in that order.
  public func choosing(_ places: [Int]) -> HospitalList {
    HospitalList(names, .only(places.map { Int32(origin(of: $0)) }))
  }

  /// All but those at `places`, which ascend.
  public func leavingOut(_ places: [Int]) -> HospitalList {
    guard !places.isEmpty else { return self }
    if case .all = choice { return HospitalList(names, .allBut(places.map { Int32($0) })) }
    let left = Set(places)
    return choosing(indices.filter { !left.contains($0) })
  }
}

// MARK: By places

extension HospitalList: RandomAccessCollection {
  /// The first place.
  public var startIndex: Int { 0 }

  /// The number of names.
  public var endIndex: Int {
    switch choice {
    case .all: all
    case .only(let places): places.count
    case .allBut(let places): all - places.count
    }
  }

  /// The name at a place from 0; made anew where no list is kept.
  public subscript(place: Int) -> String {
    switch names {
    case .range(let range): range[origin(of: place)]
    case .listed(let names): names[origin(of: place)]
    }
  }

  private var all: Int {
    switch names {
    case .range(let range): range.numbers.count
    case .listed(let names): names.count
    }
  }

  /// The place among all names of the one that is at `place` here.
  private func origin(of place: Int) -> Int {
    switch choice {
    case .all: place
    case .only(let places): Int(places[place])
    // As many come before it as are before the one left out that would be the first behind it.
    case .allBut(let left): place + left.firstPlace { Int(left[$0]) - $0 > place }
    }
  }
}

// MARK: By names

extension HospitalList {
  /// Where a hospital stands in the list; `nil` if it does not.
  ///
  /// It costs no more than to read the name where the list is a range; in other lists it is looked for.
  public func firstIndex(of hospital: String) -> Int? {
    guard case .range(let range) = names else { return indices.first { self[$0] == hospital } }
    guard let origin = range.place(of: hospital) else { return nil }
    switch choice {
    case .all: return origin
    case .only(let places): return places.firstIndex(of: Int32(origin))
    case .allBut(let left):
      let before = left.firstPlace { left[$0] >= origin }
      return before < left.count && left[before] == origin ? nil : origin - before
    }
  }

  /// Whether a hospital is in the list; it costs what ``firstIndex(of:)`` does.
  public func contains(_ hospital: String) -> Bool { firstIndex(of: hospital) != nil }
}

extension [Int32] {
  /// The first place of which something holds that then holds of all that follow; the end if of none.
  fileprivate func firstPlace(where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// MARK: As a list of texts

extension HospitalList: Equatable {
  /// Whether both have the same names in the same order, however they are kept.
  public static func == (one: HospitalList, other: HospitalList) -> Bool {
    if let range = one.range, let another = other.range { return range == another }
    return one.elementsEqual(other)
  }
}

extension HospitalList: ExpressibleByArrayLiteral {
  /// These names.
  public init(arrayLiteral names: String...) { self.init(names) }
}

extension HospitalList: Codable {
  /// Reads a list of texts.
  public init(from decoder: any Decoder) throws {
    self.init(try [String](from: decoder))
  }

  /// Writes a list of texts.
  public func encode(to encoder: any Encoder) throws {
    try Array(self).encode(to: encoder)
  }
}

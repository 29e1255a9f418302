/// Where hospitals stand in a list of them, by their names.
///
/// Where the list is a range, such as `h1`, `h2` and so on, a name tells its place and nothing is kept;
/// else a table of the names.
public struct HospitalPlaces: Sendable {
  /// The hospitals, in order.
  public let names: HospitalList
  /// The places of names that do not tell them.
  private let known: [String: Int32]?

  /// The places of these hospitals; of one that is there twice, the last.
  public init(_ names: HospitalList) {
    self.names = names
    known =
      names.range == nil
      ? Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { $1 }) : nil
  }

  /// The place of a hospital, from 0; `nil` if it is none of them.
  public subscript(hospital: String) -> Int? {
    if let known { return known[hospital].map(Int.init) }
    return names.firstIndex(of: hospital)
  }

  /// Whether it is one of them.
  public func contains(_ hospital: String) -> Bool { self[hospital] != nil }
}

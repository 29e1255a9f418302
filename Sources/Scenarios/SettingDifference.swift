/// A setting in which two scenarios differ.
public struct SettingDifference: Equatable, Sendable {
  /// The dotted path of the key.
  public var path: String
  /// The value in the one scenario, as YAML; nil where it has no such key.
  public var one: String?
  /// The value in the other.
  public var other: String?

  /// Takes the parts as they are.
  public init(path: String, one: String?, other: String?) {
    self.path = path
    self.one = one
    self.other = other
  }
}

extension Scenario {
  /// The settings in which the scenarios differ, key by key, in the order in which they are written.
  ///
  /// Every default counts as given; a list is one value. Equal scenarios have none.
  public func differences(to other: Scenario) -> [SettingDifference] {
    let (mine, theirs) = (document.settings(at: ""), other.document.settings(at: ""))
    let (one, two) = (values(of: mine), values(of: theirs))
    let mineOrTheirs = mine.map(\.path) + theirs.map(\.path).filter { one[$0] == nil }
    return mineOrTheirs.filter { one[$0] != two[$0] }
      .map { SettingDifference(path: $0, one: one[$0], other: two[$0]) }
  }

  private func values(of settings: [(path: String, value: String)]) -> [String: String] {
    Dictionary(settings.map { ($0.path, $0.value) }) { first, _ in first }
  }
}

extension ScenarioDocument {
  /// The values that are not mappings, each with its dotted path.
  fileprivate func settings(at path: String) -> [(path: String, value: String)] {
    guard case .mapping(let entries) = spelled else { return [(path, flow)] }
    return entries.flatMap { key, value in value.settings(at: path.key(key)) }
  }
}

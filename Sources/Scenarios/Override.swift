/// A setting from the command line that replaces one of the file: `algorithm.inner.steps=3`.
///
/// The value is YAML, so `evaluation.steps=[1, 5]` sets a list. A number in the path names a member
/// of a list, counted from 0: `model.layers.0.dense=32`.
public struct Override: Equatable, Sendable {
  /// The keys from the document down.
  public let path: [String]
  /// The override as it was given.
  public let text: String
  let value: Tree

  /// Reads `key.path=value`.
  ///
  /// - Parameters:
  ///   - text: The setting.
  ///   - words: What asks for it on the command line, for messages; by default `--set` and the text.
  /// - Throws: A missing `=`, an empty key or a value that is not YAML.
  public init(_ text: String, from words: String? = nil) throws(ScenarioProblems) {
    let words = words ?? "--set \(text)"
    let accepted = "key.path=value, such as algorithm.inner.steps=3"
    guard let equals = text.firstIndex(of: "=") else {
      throw Self.problem(words, found: "no = in the override", accepted: accepted)
    }
    let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    guard keys.allSatisfy({ !$0.isEmpty }) else {
      throw Self.problem(words, found: "an empty key", accepted: accepted)
    }
    var composer = YAMLComposer(override: words, file: "")
    let value = try composer.compose(String(text[text.index(after: equals)...]))
    self.text = text
    path = keys.map(String.init)
    self.value = value ?? Tree(content: .scalar("", plain: true), place: .override(words))
  }

  private static func problem(
    _ words: String, found: String, accepted: String
  ) -> ScenarioProblems {
    ScenarioProblems([
      ScenarioProblem(
        file: "", place: .override(words), path: "", found: found, accepted: accepted)
    ])
  }
}

extension Tree {
  /// Puts the value of an override in its place, making the sections on the way that are absent.
  mutating func apply(_ override: Override, findings: Findings) {
    set(override.path[...], to: override.value, below: "", findings)
  }

  private mutating func set(
    _ keys: ArraySlice<String>, to value: Tree, below path: String, _ findings: Findings
  ) {
    guard let key = keys.first else {
      self = value
      return
    }
    let here = path.isEmpty ? key : "\(path).\(key)"
    switch content {
    case .mapping(var entries):
      // A copy taken out and put back: a mapping is small, and an override is rare.
      let index = entries.firstIndex { $0.key == key } ?? entries.endIndex
      if index == entries.endIndex {
        let empty = Tree(content: .mapping([]), place: value.place)
        entries.append(Entry(key: key, place: value.place, value: empty))
      }
      entries[index].value.set(keys.dropFirst(), to: value, below: here, findings)
      content = .mapping(entries)
    case .list(var nodes):
      guard let index = Int(key), nodes.indices.contains(index) else {
        let accepted = nodes.isEmpty ? "no member: the list is empty" : "0 to \(nodes.count - 1)"
        findings.report(
          "no such member of a list", accepted: accepted, at: here, place: value.place)
        return
      }
      nodes[index].set(keys.dropFirst(), to: value, below: here, findings)
      content = .list(nodes)
    case .scalar:
      findings.report(
        "\(path) holds a value and no keys", accepted: "the path of a key in a section", at: here,
        place: value.place)
    }
  }
}

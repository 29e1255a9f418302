/// A scenario and the files that it extends, laid over each other.
///
/// A file that says `extends: base.yaml` takes over what that file says, less what `without` names,
/// and says the rest itself: sections merge key by key, and a list or a value replaces the base's as
/// a whole. Every node keeps the place where it stands, so a problem is reported in the file that has
/// it. What comes out knows nothing of where it came from.
struct Lineage {
  /// The keys by which a file extends another.
  static let keys = ["extends", "without"]
  /// How many files may follow each other.
  static let limit = 32

  private let findings: Findings
  private var ancestors: [(name: String, identity: ScenarioFile.Identity?)] = []

  init(findings: Findings) {
    self.findings = findings
  }

  /// The tree of the text `yaml` of `file`, laid over that of the file it extends, if it does.
  mutating func tree(_ yaml: String, of file: String) throws(ScenarioProblems) -> Tree {
    let isBase = !ancestors.isEmpty
    ancestors.append((file, ScenarioFile(file).identity))
    var composer = isBase ? YAMLComposer(base: file) : YAMLComposer(file: file)
    guard var tree = try composer.compose(yaml), !tree.isNothing else {
      throw problem(
        "an empty document",
        accepted: "a mapping of keys to values that begins with scenario: and a name", path: "",
        at: composer.place(1, 1))
    }
    // The reader complains of a scenario that is no mapping; a base would vanish without a word.
    guard case .mapping(let entries) = tree.content else {
      guard isBase else { return tree }
      throw problem(
        tree.found, accepted: "a mapping of keys to values", path: "", at: tree.place)
    }
    tree.content = .mapping(entries.filter { !Self.keys.contains($0.key) })
    return try lay(
      tree, extending: only("extends", of: entries), without: only("without", of: entries))
  }

  private mutating func lay(
    _ tree: Tree, extending extends: Tree.Entry?, without: Tree.Entry?
  ) throws(ScenarioProblems) -> Tree {
    guard let extends else {
      if let without {
        findings.report(
          "the key has no effect without extends", accepted: "without beside extends",
          at: without.key, place: without.place)
      }
      return tree
    }
    let name = try path(extends.value)
    var base = try self.base(name, wantedAt: extends.value.place)
    for key in without.map({ keys($0.value) }) ?? [] { remove(key, from: &base, of: name) }
    return tree.laid(over: base, at: "", findings)
  }
}

// MARK: The file that is extended

extension Lineage {
  private func problem(
    _ found: String, accepted: String, path: String, at place: ScenarioProblem.Place
  ) -> ScenarioProblems {
    ScenarioProblems([
      ScenarioProblem(
        file: ancestors.last?.name ?? "", place: place, path: path, found: found,
        accepted: accepted)
    ])
  }

  /// The value of a key that may be given once.
  private func only(
    _ key: String, of entries: [Tree.Entry]
  ) throws(ScenarioProblems) -> Tree.Entry? {
    let given = entries.filter { $0.key == key }
    guard given.count > 1 else { return given.first }
    throw problem(
      "key given twice\(given[0].place.phrase)", accepted: "each key once", path: key,
      at: given[1].place)
  }

  /// The path that `extends` gives, from the directory of the file that gives it.
  private func path(_ value: Tree) throws(ScenarioProblems) -> String {
    guard let text = value.text, !text.isBlank else {
      throw problem(
        value.found, accepted: "the path of a scenario file, relative to this file",
        path: "extends", at: value.place)
    }
    let file = ancestors.last?.name ?? ""
    guard !text.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return text }
    return file[...slash] + text
  }

  private mutating func base(
    _ name: String, wantedAt place: ScenarioProblem.Place
  ) throws(ScenarioProblems) -> Tree {
    try checkAncestors(of: name, wantedAt: place)
    let text: String
    do { text = try ScenarioFile(name).text() } catch {
      let reason = error.problems.first?.found ?? "a file that cannot be read"
      throw problem(
        "cannot extend \(name): \(reason)",
        accepted: "the path of a scenario file, relative to this file", path: "extends", at: place)
    }
    findings.note(base: name)
    return try tree(text, of: name)
  }

  private func checkAncestors(
    of name: String, wantedAt place: ScenarioProblem.Place
  ) throws(ScenarioProblems) {
    let identity = ScenarioFile(name).identity
    if identity != nil, let first = ancestors.firstIndex(where: { $0.identity == identity }) {
      let chain = ancestors[first...].map(\.name) + [name]
      throw problem(
        "a cycle: \(chain.joined(separator: " extends "))",
        accepted: "a scenario file that does not lead back here", path: "extends", at: place)
    }
    guard ancestors.count < Self.limit else {
      throw problem(
        "\(ancestors.count) files that extend each other, and \(name)",
        accepted: "a chain of at most \(Self.limit) files", path: "extends", at: place)
    }
  }
}

// MARK: What of it is left out

extension Lineage {
  /// The paths that `without` names.
  private func keys(_ value: Tree) -> [Tree] {
    if case .list(let paths) = value.content { return paths }
    findings.report(
      value.found, accepted: "a list of keys of the file extended, such as [cohorts.synthetic]",
      at: "without", place: value.place)
    return []
  }

  private func remove(_ key: Tree, from base: inout Tree, of name: String) {
    let names = (key.text ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard let missing = base.remove(names.map(String.init)[...]) else { return }
    findings.report(
      key.text == nil ? key.found : "\(name) gives no \(key.found.dropFirst("found ".count))",
      accepted: missing.isEmpty ? "keys that it gives" : missing.joined(separator: ", "),
      nearest: names.last.flatMap { Nearest.match(String($0), among: missing) },
      at: "without", place: key.place)
  }
}

extension Tree {
  /// Removes the value of a key, or gives the keys that stand where it was looked for in vain.
  fileprivate mutating func remove(_ path: ArraySlice<String>) -> [String]? {
    guard case .mapping(var entries) = content else { return [] }
    guard let key = path.first, let index = entries.firstIndex(where: { $0.key == key }) else {
      return entries.map(\.key)
    }
    guard path.count > 1 else {
      content = .mapping(entries.filter { $0.key != key })
      return nil
    }
    let missing = entries[index].value.remove(path.dropFirst())
    content = .mapping(entries)
    return missing
  }
}

// MARK: One over the other

extension Tree {
  /// This tree over that of the file it extends: mappings merge key by key, all else replaces.
  ///
  /// Keys come in the order of the base, those that it lacks after them.
  func laid(over base: Tree, at path: String, _ findings: Findings) -> Tree {
    guard case .mapping(let own) = content, case .mapping(let given) = base.content else {
      return self
    }
    var left = own.unrepeated(at: path, findings)
    var entries = given.unrepeated(at: path, findings).map { entry in
      guard let index = left.firstIndex(where: { $0.key == entry.key }) else { return entry }
      var mine = left.remove(at: index)
      mine.value = mine.value.laid(over: entry.value, at: path.key(entry.key), findings)
      return mine
    }
    entries += left
    return Tree(content: .mapping(entries), place: place)
  }

  /// Whether a document holds nothing.
  fileprivate var isNothing: Bool {
    guard case .scalar = content else { return false }
    return text == nil
  }
}

extension [Tree.Entry] {
  /// The first of entries with the same key; the others, which could not be told from those of
  /// another file afterwards, are reported.
  fileprivate func unrepeated(at path: String, _ findings: Findings) -> [Tree.Entry] {
    var first: [String: Tree.Entry] = [:]
    return filter { entry in
      guard let earlier = first[entry.key] else {
        first[entry.key] = entry
        return true
      }
      findings.reportRepeated(entry, first: earlier, at: path.key(entry.key))
      return false
    }
  }
}

import Yams

/// Turns YAML text into a tree, and what the YAML library finds wrong into problems.
///
/// The one file that knows the library.
struct YAMLComposer {
  /// Nodes that a scenario may have, aliases counted as often as they are used.
  private static let nodeLimit = 200_000
  /// Repeated keys that are told apart before reading is given up.
  private static let repeatLimit = 100

  /// Where the nodes of this text stand, given the marks of the library.
  let place: (_ line: Int, _ column: Int) -> ScenarioProblem.Place
  private let file: String
  private var budget = Self.nodeLimit
  private var renamed: [String: String] = [:]

  /// Composes the text of a scenario file.
  init(file: String) {
    self.file = file
    place = { .file(line: $0, column: $1) }
  }

  /// Composes the text of a file that a scenario extends.
  init(base file: String) {
    self.file = file
    place = { .base(file, line: $0, column: $1) }
  }

  /// Composes the value of an override, all of which stands in the override.
  init(override words: String, file: String) {
    self.file = file
    place = { _, _ in .override(words) }
  }

  /// The tree of the only document in `yaml`; nil for a text without any.
  mutating func compose(_ yaml: String) throws(ScenarioProblems) -> Tree? {
    // The library looks for a mark of byte order only where it guesses the encoding.
    var text = yaml.hasByteOrderMark ? String(yaml.unicodeScalars.dropFirst()) : yaml
    for _ in 0..<Self.repeatLimit {
      do {
        let root = try Parser(yaml: text, encoding: .utf8).singleRoot()
        guard let root else { return nil }
        return try tree(root)
      } catch let YamlError.duplicatedKeysInMapping(keys, context) {
        text = try rename(keys, at: context.mark, in: text)
      } catch let error as YamlError {
        throw problem(of: error, in: text)
      } catch let error as ScenarioProblems {
        throw error
      } catch {
        throw problem("the YAML library refused the text: \(error)", line: 1, column: 1)
      }
    }
    throw problem("keys given twice, in very many places", line: 1, column: 1)
  }
}

// MARK: Nodes

extension YAMLComposer {
  private mutating func tree(_ node: Node) throws(ScenarioProblems) -> Tree {
    let place = self.place(node.mark?.line ?? 1, node.mark?.column ?? 1)
    budget -= 1
    guard budget > 0 else {
      throw ScenarioProblems([
        ScenarioProblem(
          file: file, place: place, path: "",
          found: "the document grows beyond \(Self.nodeLimit) values, aliases counted",
          accepted: "fewer aliases, or aliases of smaller values")
      ])
    }
    switch node {
    case .scalar(let scalar):
      return Tree(content: .scalar(scalar.string, plain: scalar.style == .plain), place: place)
    case .sequence(let nodes):
      var list: [Tree] = []
      for node in nodes { list.append(try tree(node)) }
      return Tree(content: .list(list), place: place)
    case .mapping(let pairs): return Tree(content: try mapping(pairs), place: place)
    case .alias: return Tree(content: .scalar("", plain: true), place: place)
    }
  }

  private mutating func mapping(_ pairs: Node.Mapping) throws(ScenarioProblems) -> Tree.Content {
    var entries: [Tree.Entry] = []
    for (key, value) in pairs {
      let mark = (line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
      guard let name = key.scalar?.string else {
        throw problem("a key that is a list or a mapping", line: mark.line, column: mark.column)
      }
      entries.append(
        Tree.Entry(
          key: renamed[name] ?? name, place: place(mark.line, mark.column), value: try tree(value)))
    }
    return .mapping(entries)
  }
}

// MARK: Repeated keys

extension YAMLComposer {
  /// The text with the first of some repeated keys replaced by a stand-in of the same length.
  ///
  /// The library gives up at a repeated key. Problems are to be reported all at once, so the key is
  /// renamed to private-use characters, which moves no mark, and the text is read again; the tree
  /// then has the key twice, under its own name.
  private mutating func rename(
    _ keys: [String], at mark: Mark, in text: String
  ) throws(ScenarioProblems) -> String {
    var lines = text.unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" }
    ).map(Array.init)
    guard let key = keys.first.map({ Array($0.unicodeScalars) }), !key.isEmpty,
      lines.indices.contains(mark.line - 1)
    else { throw repeated(keys, at: mark) }
    let line = lines[mark.line - 1]
    var start = mark.column - 1
    if line.indices.contains(start), line[start] == "\"" || line[start] == "'" { start += 1 }
    let end = start + key.count
    // A key with escapes, or one behind an alias or a tag, stands there in other characters.
    guard start >= 0, end <= line.count, Array(line[start..<end]) == key,
      let standIn = standIn(for: key)
    else { throw repeated(keys, at: mark) }
    lines[mark.line - 1].replaceSubrange(start..<end, with: standIn)
    return String(String.UnicodeScalarView(lines.joined(separator: ["\n"])))
  }

  private mutating func standIn(for key: [Unicode.Scalar]) -> [Unicode.Scalar]? {
    let number = UInt32(renamed.count)
    guard let letter = Unicode.Scalar(0xE000 + number) else { return nil }
    let standIn = [Unicode.Scalar](repeating: letter, count: key.count)
    renamed[String(String.UnicodeScalarView(standIn))] = String(String.UnicodeScalarView(key))
    return standIn
  }

  private func repeated(_ keys: [String], at mark: Mark) -> ScenarioProblems {
    let names = keys.map(\.excerpt).joined(separator: ", ")
    return ScenarioProblems([
      ScenarioProblem(
        file: file, place: place(mark.line, mark.column), path: "",
        found: "keys given twice: \(names)", accepted: "each key once")
    ])
  }
}

// MARK: Errors of the library

extension YAMLComposer {
  private func problem(_ found: String, line: Int, column: Int) -> ScenarioProblems {
    ScenarioProblems([
      ScenarioProblem(
        file: file, place: place(line, column), path: "", found: found,
        accepted: "one YAML document, its brackets and quotes closed, indented by spaces")
    ])
  }

  private func problem(of error: YamlError, in text: String) -> ScenarioProblems {
    switch error {
    case .scanner(let context, let message, let mark, _),
      .parser(let context, let message, let mark, _),
      .composer(let context, let message, let mark, _):
      // The library's own words speak of a function to call.
      let isDeep = message.hasPrefix("Maximum nesting level")
      let around = isDeep ? "" : context.map { "\($0.text), " } ?? ""
      let words = isDeep ? "lists and mappings more than 1000 deep" : message
      return problem(
        "the YAML cannot be read: \(around)\(words)", line: mark.line, column: mark.column)
    case .reader(let message, let offset, _, _):
      let before = text.prefix(offset ?? 0).unicodeScalars.split(
        omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
      return problem(
        "the YAML cannot be read: \(message)", line: max(1, before.count),
        column: (before.last?.count ?? 0) + 1)
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded,
      .duplicatedKeysInMapping:
      return problem("the YAML cannot be read: \(error)", line: 1, column: 1)
    }
  }
}

extension String {
  fileprivate var hasByteOrderMark: Bool { unicodeScalars.first == "\u{FEFF}" }
}

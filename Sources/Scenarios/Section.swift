/// A mapping that is being read: its keys are taken one by one, and those that nobody took are
/// reported.
///
/// Reading goes on after a problem: what was wrong is in the findings, and the reader fills in a
/// value that never leaves it.
final class Section {
  /// The dotted path of the section; empty for the document.
  let path: String
  private let findings: Findings
  private var entries: [String: Tree.Entry] = [:]
  private var order: [String] = []
  private var accepted: [String] = []
  /// Whether there is a mapping to take from.
  ///
  /// A section that is missing as a whole is one problem, and not one more for each of its keys.
  private let isPresent: Bool

  /// Opens a mapping; anything else is reported, and read as a section without keys.
  init(_ tree: Tree?, path: String, findings: Findings) {
    self.path = path
    self.findings = findings
    guard let tree else {
      isPresent = false
      return
    }
    findings.note(tree.place, of: path)
    guard case .mapping(let entries) = tree.content else {
      isPresent = false
      findings.report(tree.found, accepted: "a mapping of keys to values", at: path)
      return
    }
    isPresent = true
    enter(entries)
  }

  private func enter(_ entries: [Tree.Entry]) {
    for entry in entries {
      if let first = self.entries[entry.key] {
        findings.reportRepeated(entry, first: first, at: path(of: entry.key))
      } else {
        self.entries[entry.key] = entry
        order.append(entry.key)
      }
    }
  }

  /// The dotted path of a key of this section.
  func path(of key: String) -> String {
    path.key(key)
  }

  /// Whether the file gives this key.
  func gives(_ key: String) -> Bool {
    entries[key] != nil
  }

  /// Whether the file gives this key a single value.
  func givesScalar(_ key: String) -> Bool {
    if case .scalar = entries[key]?.value.content { true } else { false }
  }

  /// The value of a key that may be absent; nil also where it was wrong, which is reported.
  func take<Value>(ifPresent key: String, as kind: Kind<Value>) -> Value? {
    accepted.append(key)
    guard let entry = entries[key] else { return nil }
    findings.note(entry.value.place, of: path(of: key))
    return kind.read(entry.value, path(of: key), findings)
  }

  /// The value of a key that has a default.
  func take<Value>(_ key: String, as kind: Kind<Value>, default value: Value) -> Value {
    take(ifPresent: key, as: kind) ?? value
  }

  /// The value of a key that must be given; nil where it is absent or wrong, which is reported.
  func take<Value>(_ key: String, as kind: Kind<Value>) -> Value? {
    if isPresent, entries[key] == nil {
      findings.report("the key is missing", accepted: kind.accepted, at: path(of: key))
    }
    return take(ifPresent: key, as: kind)
  }

  /// A section below this one.
  ///
  /// An absent one has no keys; a required one that is absent is reported.
  func section(_ key: String, required: Bool = false) -> Section {
    accepted.append(key)
    if required, isPresent, entries[key] == nil {
      findings.report(
        "the section is missing", accepted: "a mapping of keys to values", at: path(of: key))
    }
    let section = Section(entries[key]?.value, path: path(of: key), findings: findings)
    // A required key that is missing is reported at the section's own key.
    if let entry = entries[key] { findings.note(entry.place, of: path(of: key)) }
    return section
  }

  /// Names keys that are accepted here, and taken elsewhere.
  func accept(_ keys: [String]) {
    accepted += keys
  }

  /// Reports a problem of the section as a whole.
  func report(_ found: String, accepted: String) {
    findings.report(found, accepted: accepted, at: path)
  }

  /// Reports a key that is given but has no effect beside another setting.
  func refuse(_ key: String, because reason: String, accepted: String) {
    guard let entry = entries[key] else { return }
    findings.report(
      "the key has no effect \(reason)", accepted: accepted, at: path(of: key), place: entry.place)
  }

  /// Reports the keys that nobody took, with the nearest key that is accepted here.
  func close() {
    for key in order where !accepted.contains(key) {
      findings.report(
        "unknown key", accepted: accepted.joined(separator: ", "),
        nearest: Nearest.match(key, among: accepted), at: path(of: key.excerpt),
        place: entries[key]?.place)
    }
  }
}

extension Findings {
  /// Reports the second of two entries that have the same key.
  func reportRepeated(_ entry: Tree.Entry, first: Tree.Entry, at path: String) {
    report(
      "key given twice\(first.place.phrase)", accepted: "each key once", at: path,
      place: entry.place)
  }
}

extension String {
  /// The dotted path of a key of the section at this path.
  func key(_ key: String) -> String {
    isEmpty ? key : "\(self).\(key)"
  }
}

extension ScenarioProblem.Place {
  /// Where the first of two equal keys stands, as the end of a sentence.
  var phrase: String {
    switch self {
    case .file(let line, let column): ", first at \(line):\(column)"
    case .base(let file, let line, let column): ", first at \(file):\(line):\(column)"
    case .wholeFile: ""
    case .override(let words): ", first in \(words)"
    case .method(let name): ", first in --method \(name)"
    }
  }
}

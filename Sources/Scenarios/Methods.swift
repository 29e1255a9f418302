/// The `methods` of a scenario: settings under names, each laid over the scenario's own, so that
/// several ways of learning are compared on the same hospitals.
///
/// A method that is not declared, and has the name of an algorithm, is that algorithm with what it
/// shares with the scenario's own. What comes out knows nothing of methods.
struct Methods {
  /// The key of the section.
  static let key = "methods"
  /// What a method may set: how learning goes, and nothing of whom it is about or how it is judged.
  static let sections = ["algorithm", "model", "federation"]

  private let declared: [Tree.Entry]
  private let findings: Findings

  /// Takes the section out of the tree of a scenario.
  init(takenFrom tree: inout Tree, findings: Findings) {
    self.findings = findings
    guard case .mapping(let entries) = tree.content,
      let entry = entries.first(where: { $0.key == Self.key })
    else {
      declared = []
      return
    }
    tree.content = .mapping(entries.filter { $0.key != Self.key })
    declared = Self.declared(in: entry.value, findings)
    for repeated in entries.filter({ $0.key == Self.key }).dropFirst() {
      findings.reportRepeated(repeated, first: entry, at: Self.key)
    }
  }

  /// The names that are declared, in order.
  var names: [String] { declared.map(\.key) }
}

// MARK: What is declared

extension Methods {
  private static func declared(in tree: Tree, _ findings: Findings) -> [Tree.Entry] {
    guard case .mapping(let entries) = tree.content, !entries.isEmpty else {
      findings.report(
        tree.found, accepted: "a mapping of names to settings", at: key, place: tree.place)
      return []
    }
    var first: [String: Tree.Entry] = [:]
    return entries.filter { entry in
      if let earlier = first[entry.key] {
        findings.reportRepeated(entry, first: earlier, at: key.key(entry.key))
        return false
      }
      first[entry.key] = entry
      return isSound(entry, findings)
    }
  }

  private static func isSound(_ entry: Tree.Entry, _ findings: Findings) -> Bool {
    let path = key.key(entry.key.excerpt)
    guard isName(entry.key) else {
      findings.report(
        "found the name \(entry.key.excerpt)",
        accepted:
          "a name of letters, digits, hyphens, points and plus signs that begins with a letter",
        at: path, place: entry.place)
      return false
    }
    guard entry.key != Auto.word else {
      findings.report(
        "found the name \(Auto.word), which stands for what each hospital chooses",
        accepted: "another name", at: path, place: entry.place)
      return false
    }
    guard case .mapping(let settings) = entry.value.content else {
      // A name alone declares an algorithm as it is.
      if entry.value.text == nil, case .scalar = entry.value.content,
        AlgorithmPlan.Name(rawValue: entry.key) != nil
      {
        return true
      }
      findings.report(
        entry.value.found,
        accepted:
          "a mapping of \(sections.joined(separator: ", ")); the name of an algorithm may stand alone"
          + reference(entry.key), at: path, place: entry.value.place)
      return false
    }
    for setting in settings where !sections.contains(setting.key) {
      findings.report(
        "a method cannot set \(setting.key.excerpt): all are compared on the same hospitals, in the same way",
        accepted: sections.joined(separator: ", "),
        nearest: Nearest.match(setting.key, among: sections), at: path.key(setting.key.excerpt),
        place: setting.place)
    }
    return settings.allSatisfy { sections.contains($0.key) }
  }

  /// What is said of pooled training, which is asked for as if it were a method.
  private static func reference(_ name: String) -> String {
    name == "pooled"
      ? "; training on all patients together is no method but a reference, evaluation.pooled" : ""
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.first, first.isASCII, first.isLetter else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-+.".contains($0)) }
  }
}

// MARK: One over the scenario

extension Methods {
  /// The scenario as the method has it; a name that nobody knows is reported.
  func lay(_ name: String, over tree: Tree) -> Tree {
    guard let settings = settings(of: name) else {
      let algorithms = AlgorithmPlan.Name.allCases.map(\.rawValue).filter { !names.contains($0) }
      findings.report(
        "no such method",
        accepted: names.isEmpty
          ? "the name of an algorithm: \(algorithms.joined(separator: ", "))"
            + Self.reference(name)
          : "\(names.joined(separator: ", ")), or an algorithm: \(algorithms.joined(separator: ", "))"
            + Self.reference(name),
        nearest: Nearest.match(name, among: names + algorithms), at: Self.key,
        place: .method(name.excerpt))
      return tree
    }
    let base = Succession(from: tree, to: settings, place: .method(name.excerpt)).base
    return settings.laid(over: base, at: Self.key.key(name), findings)
  }

  private func settings(of name: String) -> Tree? {
    let own = declared.first { $0.key == name }?.value
    let isAlgorithm = AlgorithmPlan.Name(rawValue: name) != nil
    guard own != nil || isAlgorithm else { return nil }
    let place = ScenarioProblem.Place.method(name.excerpt)
    var settings = Tree(content: .mapping([]), place: place)
    if let own, case .mapping = own.content { settings = own }
    guard isAlgorithm, settings["algorithm"]?["name"] == nil else { return settings }
    settings.give(
      Tree(content: .scalar(name, plain: true), place: place), to: ["algorithm", "name"])
    return settings
  }
}

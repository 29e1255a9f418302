extension Scenario {
  /// The scenario as YAML with every default filled in; reading it gives an equal scenario.
  public var yaml: String { document.yaml }

  /// The scenario as canonical JSON: sorted keys, no white space, shortest numbers.
  ///
  /// Equal scenarios have equal bytes and different ones differ, so that the SHA-256 of the bytes
  /// names a scenario.
  public var canonical: [UInt8] {
    var text = ""
    document.writeCanonical(to: &text)
    return Array(text.utf8)
  }
}

extension ScenarioDocument {
  /// The document as YAML, in blocks.
  var yaml: String {
    var text = ""
    writeBlock(to: &text, indent: "")
    return text
  }

  /// Sections as indented blocks; lists, and mappings that hold plain values only, on one line.
  fileprivate func writeBlock(to text: inout String, indent: String) {
    guard case .mapping(let entries) = short else { return }
    for (key, value) in entries {
      text += "\(indent)\(key.word):"
      if value.isBlock {
        text += "\n"
        value.writeBlock(to: &text, indent: indent + "  ")
      } else {
        text += " "
        value.writeFlow(to: &text)
        text += "\n"
      }
    }
  }

  private var isBlock: Bool {
    guard case .mapping(let entries) = short else { return false }
    return entries.count > 3
      || entries.contains { entry in
        switch entry.value {
        case .mapping, .byHospital: true
        case .text, .whole, .number, .truth, .list, .names: false
        }
      }
  }

  /// The value on one line, as YAML.
  var flow: String {
    var text = ""
    writeFlow(to: &text)
    return text
  }

  private func writeFlow(to text: inout String) {
    switch self {
    case .text(let value): text += value.word
    case .whole(let value): text += String(value)
    case .number(let value): text += value.yaml
    case .truth(let value): text += String(value)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        text += index == 0 ? "" : ", "
        value.writeFlow(to: &text)
      }
      text += "]"
    case .mapping(let entries):
      text += "{ "
      for (index, entry) in entries.enumerated() {
        text += "\(index == 0 ? "" : ", ")\(entry.key.word): "
        entry.value.writeFlow(to: &text)
      }
      text += " }"
    case .names, .byHospital: short.writeFlow(to: &text)
    }
  }

  fileprivate func writeCanonical(to text: inout String) {
    switch self {
    case .text(let value): text += value.quoted
    case .whole(let value): text += String(value)
    case .number(let value): text += value.json
    case .truth(let value): text += String(value)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        text += index == 0 ? "" : ","
        value.writeCanonical(to: &text)
      }
      text += "]"
    case .mapping(let entries):
      text += "{"
      for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
        text += "\(index == 0 ? "" : ",")\(entry.key.quoted):"
        entry.value.writeCanonical(to: &text)
      }
      text += "}"
    case .names, .byHospital: spelled.writeCanonical(to: &text)
    }
  }
}

// MARK: Names of hospitals

extension ScenarioDocument {
  /// The fewest names that follow each other and are written as a range.
  ///
  /// So that 100,000 hospitals fit into a file that can be read again; a list that a person has written stays
  /// as it was, name by name.
  private static let fewestOfRange = 100

  /// Names and values by the hospital as YAML has them, where many names that follow each other are a range.
  fileprivate var short: ScenarioDocument {
    switch self {
    case .names(let names):
      .list(HospitalRange.shortened(names, atLeast: Self.fewestOfRange).map { .text($0) })
    case .byHospital(let values, let others): .mapping(Self.keyed(Self.ranges(in: values), others))
    default: self
    }
  }

  /// Names and values by the hospital as lists and mappings of single names: so the canonical bytes have them,
  /// by which equal scenarios are known however they were written.
  var spelled: ScenarioDocument {
    switch self {
    case .names(let names): .list(names.map { .text($0) })
    case .byHospital(let values, let others): .mapping(Self.keyed(values, others))
    default: self
    }
  }

  private static func keyed(
    _ values: [String: ScenarioDocument], _ others: ScenarioDocument?
  ) -> [(key: String, value: ScenarioDocument)] {
    (others.map { [("others", $0)] } ?? [])
      + values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The values, those of many hospitals that follow each other and have the same under their range.
  private static func ranges(in values: [String: ScenarioDocument]) -> [String: ScenarioDocument] {
    guard values.count >= fewestOfRange else { return values }
    let alike = Dictionary(grouping: values) { $0.value.flow }.values.flatMap { group in
      HospitalRange.shortened(HospitalRange.inOrder(group.map(\.key)), atLeast: fewestOfRange)
        .map { ($0, group[0].value) }
    }
    return Dictionary(alike) { first, _ in first }
  }
}

extension Double {
  /// The shortest text that reads back as the same number; both zeros are `0`.
  fileprivate var json: String { self == 0 ? "0" : short }

  /// The same with a point before the exponent, without which YAML 1.1 takes it for text.
  fileprivate var yaml: String {
    guard let exponent = json.firstIndex(of: "e"), !json.contains(".") else { return json }
    return "\(json[..<exponent]).0\(json[exponent...])"
  }
}

extension String {
  /// The text as YAML: as it is where it stands for itself, else in quotes.
  fileprivate var word: String { isPlainWord ? self : quoted }

  /// Whether the text stands for itself in YAML without quotes.
  ///
  /// The reader asks for numbers where numbers are due, so a name made of digits needs no quotes; an
  /// empty word and what YAML takes for a null or a truth value do.
  fileprivate var isPlainWord: Bool {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    guard let first = utf8.first, letters.utf8.contains(first) else { return false }
    return utf8.allSatisfy { letters.utf8.contains($0) || "-.".utf8.contains($0) }
      && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(lowercased())
  }

  /// The text in double quotes with the escapes that JSON and YAML share.
  fileprivate var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

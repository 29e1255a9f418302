/// A JSON value whose members keep their order, so that equal values have equal bytes.
indirect enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([(name: String, value: JSON)])

  static func == (left: JSON, right: JSON) -> Bool { left.text == right.text }
}

// MARK: Making values

extension JSON {
  /// A whole number of any width.
  static func integer(_ number: some BinaryInteger) -> JSON { .number(String(number)) }

  /// The shortest text that reads back as the same number.
  ///
  /// JSON has no word for what is not finite: that becomes the string that Python's `float` reads.
  static func real(_ number: Double?) -> JSON {
    guard let number else { return .null }
    guard number.isFinite else {
      return .string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
    }
    return .number(number.description)
  }

  static func strings(_ strings: [String]) -> JSON { .array(strings.map(JSON.string)) }

  static func integers(_ integers: [Int]) -> JSON { .array(integers.map { .integer($0) }) }
}

// MARK: Text

extension JSON {
  /// The value on one line, without spaces.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .string(let string): Self.quoted(string)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }

  /// The value over several lines, indented by two spaces; arrays of scalars stay on one.
  func indented(_ margin: String = "") -> String {
    let inner = margin + "  "
    switch self {
    case .array(let values) where values.contains(where: \.hasParts):
      return Self.block("[", values.map { $0.indented(inner) }, "]", inner: inner, margin: margin)
    case .object(let members) where members.contains(where: \.value.hasParts):
      let lines = members.map { Self.quoted($0.name) + ": " + $0.value.indented(inner) }
      return Self.block("{", lines, "}", inner: inner, margin: margin)
    case .object(let members):
      let parts = members.map { Self.quoted($0.name) + ": " + $0.value.text }
      return "{ " + parts.joined(separator: ", ") + " }"
    default: return text
    }
  }

  private var hasParts: Bool {
    switch self {
    case .array(let values): values.contains(where: \.hasParts)
    case .object: true
    default: false
    }
  }

  private static func block(
    _ opening: String, _ lines: [String], _ closing: String, inner: String, margin: String
  ) -> String {
    opening + "\n" + lines.map { inner + $0 }.joined(separator: ",\n") + "\n" + margin + closing
  }

  private static func quoted(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

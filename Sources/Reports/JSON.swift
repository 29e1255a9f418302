import Scenarios

/// A JSON value whose members keep their order, so that equal values have equal bytes.
indirect enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  /// Names as an array of strings, of which no other list is made.
  case names(HospitalList)
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

  /// A string, or null for none.
  init(_ string: String?) { self = string.map(JSON.string) ?? .null }

  static func strings(_ strings: [String]) -> JSON { .array(strings.map(JSON.string)) }

  static func integers(_ integers: [Int]) -> JSON { .array(integers.map { .integer($0) }) }
}

// MARK: Text

extension JSON {
  /// The value on one line, without spaces.
  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): text += Self.quoted(string)
    case .array(let values):
      Self.write("[", values, "]", to: &text) { $0.write(to: &$1) }
    case .names(let names):
      Self.write("[", names, "]", to: &text) { $1 += Self.quoted($0) }
    case .object(let members):
      Self.write("{", members, "}", to: &text) { member, text in
        text += Self.quoted(member.name) + ":"
        member.value.write(to: &text)
      }
    }
  }

  private static func write<Part>(
    _ opening: String, _ parts: some Sequence<Part>, _ closing: String, to text: inout String,
    each write: (Part, inout String) -> Void
  ) {
    text += opening
    for (place, part) in parts.enumerated() {
      if place > 0 { text += "," }
      write(part, &text)
    }
    text += closing
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

/// A node of a scenario's text: a scalar, a list or a mapping, and where it stands.
///
/// The reader works on this type rather than on the YAML library's nodes, so that a value of the
/// file and a value of the command line are told apart, and one file alone knows the library.
struct Tree: Sendable, Equatable {
  /// What a node holds.
  enum Content: Sendable, Equatable {
    /// Text; `plain` where it stands without quotes and may be a number.
    case scalar(String, plain: Bool)
    /// Nodes in order.
    case list([Tree])
    /// Keys and their nodes in order. A key may come twice: the reader reports it.
    case mapping([Entry])
  }

  /// A key of a mapping, where it stands, and its node.
  struct Entry: Sendable, Equatable {
    var key: String
    var place: ScenarioProblem.Place
    var value: Tree
  }

  var content: Content
  var place: ScenarioProblem.Place

  /// The text of a scalar that is not empty and not a null; nil otherwise.
  var text: String? {
    guard case .scalar(let text, let plain) = content, !(plain && Self.isNull(text)) else {
      return nil
    }
    return text
  }

  /// The text of a scalar without quotes, which may be a number; nil otherwise.
  var plainText: String? {
    guard case .scalar(_, plain: true) = content else { return nil }
    return text
  }

  /// What a message says was found.
  var found: String {
    switch content {
    case .scalar(let text, plain: true):
      Self.isNull(text) ? "found nothing" : "found \(text.excerpt)"
    case .scalar(let text, plain: false): "found the text \"\(text.excerpt)\" in quotes"
    case .list(let nodes): "found \(Self.phrase(nodes))"
    case .mapping: "found a mapping of keys"
    }
  }

  /// A short list of words as it stands; the length of any other.
  private static func phrase(_ nodes: [Tree]) -> String {
    let words = nodes.compactMap(\.text)
    guard words.count == nodes.count, words.count <= 4 else { return "a list of \(nodes.count)" }
    return "[\(words.joined(separator: ", ").excerpt)]"
  }

  private static func isNull(_ text: String) -> Bool {
    ["", "~", "null", "Null", "NULL"].contains(text)
  }
}

extension String {
  /// At most 60 characters, with control characters shown by number: fit for a message.
  var excerpt: String {
    let shown = unicodeScalars.prefix(60).map { scalar in
      scalar.isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return shown.joined() + (unicodeScalars.count > 60 ? "…" : "")
  }
}

extension Unicode.Scalar {
  /// Whether the scalar controls a terminal or the direction of text, or has no sign to show.
  var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      true
    default: false
    }
  }
}

extension String {
  /// The text as a reason may travel: no control characters, within the standard limit.
  var fitForTheWire: String {
    var text = String.UnicodeScalarView()
    var room = Limits.standard.reasonBytes
    for scalar in unicodeScalars {
      let printable = scalar.isControl ? " " : scalar
      room -= UTF8.width(printable)
      guard room >= 0 else { break }
      text.append(printable)
    }
    return String(text)
  }

  /// Whether a terminal or a log could take part of the text for something else than text.
  var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }
}

extension Unicode.Scalar {
  /// Control characters and the separators that end a line.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }
}

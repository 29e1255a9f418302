/// What a key accepts: a phrase for messages, and how a node becomes a value.
struct Kind<Value> {
  /// What is accepted, as a phrase: "a whole number from 1 to 1000".
  let accepted: String
  /// Makes the value, or reports what was found and gives nil.
  let read: (_ tree: Tree, _ path: String, _ findings: Findings) -> Value?

  /// A kind whose reading reports its own problems.
  init(accepted: String, read: @escaping (Tree, String, Findings) -> Value?) {
    self.accepted = accepted
    self.read = read
  }

  /// A kind that takes one node or refuses it.
  init(_ accepted: String, convert: @escaping (Tree) -> Value?) {
    self.init(accepted: accepted) { tree, path, findings in
      if let value = convert(tree) { return value }
      findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
      return nil
    }
  }
}

// MARK: Numbers

extension Kind where Value: FixedWidthInteger {
  /// A whole number within a range, in decimal digits.
  static func count(_ range: ClosedRange<Value>) -> Self {
    Kind("a whole number from \(range.lowerBound) to \(range.upperBound)") { tree in
      tree.plainText.flatMap { Value($0) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Kind where Value == Double {
  /// A finite number within a range.
  static func number(_ range: ClosedRange<Double>) -> Self {
    Kind("a number from \(range.lowerBound.short) to \(range.upperBound.short)") { tree in
      tree.plainText.flatMap(Double.init(decimal:)).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A finite number above zero.
  static func positive(upTo limit: Double) -> Self {
    Kind("a number above 0, to \(limit.short)") { tree in
      tree.plainText.flatMap(Double.init(decimal:)).flatMap { $0 > 0 && $0 <= limit ? $0 : nil }
    }
  }

  /// A finite number from zero to below a limit.
  static func factor(below limit: Double) -> Self {
    Kind("a number from 0 to below \(limit.short)") { tree in
      tree.plainText.flatMap(Double.init(decimal:)).flatMap { $0 >= 0 && $0 < limit ? $0 : nil }
    }
  }

  /// A number strictly between two others.
  static func number(between lower: Double, and upper: Double) -> Self {
    Kind("a number between \(lower.short) and \(upper.short), both excluded") { tree in
      tree.plainText.flatMap(Double.init(decimal:)).flatMap { $0 > lower && $0 < upper ? $0 : nil }
    }
  }

  /// A length of time with its unit, in seconds: from a millisecond to a day.
  static var duration: Self {
    Kind("a length of time from 1ms to 24h, such as 500ms, 30s, 2m or 1h") { tree in
      tree.plainText.flatMap(Double.init(duration:))
        .flatMap { $0 >= 0.001 && $0 <= 86_400 ? $0 : nil }
    }
  }
}

extension Double {
  /// A decimal number; nil for other spellings that Swift takes, such as `nan`, `inf` and `0x1p3`.
  init?(decimal text: String) {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text),
      value.isFinite
    else { return nil }
    // Minus zero equals zero, and equal scenarios are written in the same way.
    self = value == 0 ? 0 : value
  }

  /// Seconds from a number and its unit: `ms`, `s`, `m` or `h`.
  init?(duration text: String) {
    let unit = text.reversed().prefix { $0.isLetter }.reversed()
    guard let number = Double(decimal: String(text.dropLast(unit.count))) else { return nil }
    switch String(unit) {
    case "ms": self = number / 1000
    case "s": self = number
    case "m": self = number * 60
    case "h": self = number * 3600
    default: return nil
    }
  }

  /// The shortest text that reads back as the same number, without `.0`.
  var short: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

// MARK: Words

extension Kind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the words of an enumeration.
  static var choice: Self {
    let words = Value.allCases.map(\.rawValue)
    let accepted = words.joined(separator: ", ")
    return Kind(accepted: accepted) { tree, path, findings in
      let text = tree.text ?? ""
      if let value = Value(rawValue: text) { return value }
      findings.report(
        tree.found, accepted: accepted, nearest: Nearest.match(text, among: words), at: path,
        place: tree.place)
      return nil
    }
  }
}

extension Kind where Value == String {
  /// A line of text without control characters.
  static func line(upTo limit: Int) -> Self {
    Kind("a line of 1 to \(limit) characters, without control characters") { tree in
      tree.text.flatMap { text in
        let sound = text.unicodeScalars.allSatisfy { !$0.isControl } && !text.isBlank
        return sound && text.count <= limit ? text : nil
      }
    }
  }

  /// A name that can also name a directory.
  static var identifier: Self {
    Kind("1 to 64 letters a-z, digits and hyphens, with a letter or digit first") { tree in
      tree.text.flatMap { text in
        let allowed = text.utf8.allSatisfy {
          "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0)
        }
        return allowed && (1...64).contains(text.utf8.count) && text.first != "-" ? text : nil
      }
    }
  }
}

extension String {
  /// Whether nothing but white space is there.
  var isBlank: Bool { allSatisfy(\.isWhitespace) }
}

// MARK: Lists and ranges

extension Kind where Value == ClosedRange<Double> {
  /// Two numbers, the lower first.
  static func range(within limits: ClosedRange<Double>) -> Self {
    let accepted =
      "two numbers from \(limits.lowerBound.short) to \(limits.upperBound.short), the lower first,"
      + " such as [0.1, 5]"
    return Kind(accepted) { tree in
      guard case .list(let nodes) = tree.content, nodes.count == 2 else { return nil }
      let ends = nodes.compactMap { $0.plainText.flatMap(Double.init(decimal:)) }
      guard ends.count == 2, ends[0] <= ends[1], ends.allSatisfy(limits.contains) else {
        return nil
      }
      return ends[0]...ends[1]
    }
  }
}

extension Kind {
  /// A list whose members are all of one kind; every wrong member is reported.
  static func list<Member>(of kind: Kind<Member>, atMost limit: Int) -> Kind<[Member]>
  where Value == [Member] {
    let accepted = "a list of at most \(limit), each \(kind.accepted)"
    return Kind<[Member]>(accepted: accepted) { tree, path, findings in
      guard case .list(let nodes) = tree.content, nodes.count <= limit else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let members = nodes.indices.map { kind.read(nodes[$0], "\(path)[\($0)]", findings) }
      return members.contains { $0 == nil } ? nil : members.compactMap(\.self)
    }
  }
}

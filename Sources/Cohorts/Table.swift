/// The rows of a text of separated fields, one after the other, with the place of every field.
///
/// Fields are what stands between separators. A field that begins with a quotation mark goes on to the
/// next one, and separators in between belong to it; quotation marks within it are not known, as no
/// table that is read here has them. Lines end with a line feed or with carriage return and line feed;
/// empty lines are passed over.
struct Table {
  private let text: SourceText
  private let separator: UInt8
  /// The names of the columns, in their order.
  let columns: [String]
  private let start: Int

  /// A table without a header line, whose columns have these names, separated by commas.
  init(_ text: SourceText, columns: [String]) {
    self.text = text
    separator = UInt8(ascii: ",")
    self.columns = columns
    start = 0
  }

  /// A table whose first line names at least the columns `required`, in any order.
  init(
    _ text: SourceText, requiring required: [String], separator: UInt8 = UInt8(ascii: ",")
  ) throws(CohortError) {
    let header = Self.line(of: text, from: 0)
    let names = Self.fields(of: text, in: header.range, separator: separator).map {
      String(decoding: text.bytes[$0], as: UTF8.self)
    }
    self.text = text
    self.separator = separator
    columns = names
    start = header.next
    try require(required)
  }

  /// The position of the column `name`.
  ///
  /// - Precondition: the table has it.
  func position(of name: String) -> Int {
    guard let position = columns.firstIndex(of: name) else {
      preconditionFailure(
        "\(text.file): column \(name) was not asked for when the table was opened")
    }
    return position
  }

  /// Calls `body` with every row in order.
  func forEachRow(_ body: (TableRow) throws(CohortError) -> Void) throws(CohortError) {
    var position = start
    var line = start == 0 ? 0 : 1
    while position < text.bytes.count {
      let next = Self.line(of: text, from: position)
      line += 1
      position = next.next
      if next.range.isEmpty { continue }
      let fields = Self.fields(of: text, in: next.range, separator: separator)
      try check(fields, line: line)
      try body(
        TableRow(
          text: text, columns: columns, line: line, start: next.range.lowerBound, fields: fields))
    }
  }

  private func require(_ required: [String]) throws(CohortError) {
    for name in required where !columns.contains(name) {
      throw CohortError(
        text.file, line: 1, column: 1, found: "no column '\(name)' in the header",
        accepted: "a header line with \(required.joined(separator: ", "))",
        advice: "give the file its header line back")
    }
  }

  private func check(_ fields: [Range<Int>], line: Int) throws(CohortError) {
    guard fields.count == columns.count else {
      throw CohortError(
        text.file, line: line, column: 1, found: "a row of \(fields.count) fields",
        accepted: "\(columns.count) fields: \(columns.joined(separator: ", "))",
        advice: "mend the row, or remove it")
    }
  }

  private static func line(of text: SourceText, from start: Int) -> (range: Range<Int>, next: Int) {
    let end = text.bytes[start...].firstIndex(of: 0x0A) ?? text.bytes.count
    let next = min(end + 1, text.bytes.count)
    let carriageReturn = end > start && text.bytes[end - 1] == 0x0D
    return (start..<(carriageReturn ? end - 1 : end), next)
  }

  private static func fields(
    of text: SourceText, in line: Range<Int>, separator: UInt8
  ) -> [Range<Int>] {
    let quote = UInt8(ascii: "\"")
    var fields: [Range<Int>] = []
    var start = line.lowerBound
    var isQuoted = false
    for position in line {
      let byte = text.bytes[position]
      if byte == quote, isQuoted || position == start {
        isQuoted.toggle()
      } else if byte == separator, !isQuoted {
        fields.append(start..<position)
        start = position + 1
      }
    }
    fields.append(start..<line.upperBound)
    return fields.map { field in
      let isInQuotes =
        field.count > 1 && text.bytes[field.lowerBound] == quote
        && text.bytes[field.upperBound - 1] == quote
      return isInQuotes ? field.lowerBound + 1..<field.upperBound - 1 : field
    }
  }
}

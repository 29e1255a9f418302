/// One row of a ``Table``: reads its fields, and says of a field that cannot be read where it
/// stands and of which kind it is.
struct TableRow {
  private let text: SourceText
  private let columns: [String]
  /// The line of the file, from 1.
  let line: Int
  private let start: Int
  private let fields: [Range<Int>]

  init(text: SourceText, columns: [String], line: Int, start: Int, fields: [Range<Int>]) {
    self.text = text
    self.columns = columns
    self.line = line
    self.start = start
    self.fields = fields
  }

  /// The file that the row stands in.
  var file: String { text.file }

  /// The text of the field.
  func text(_ position: Int) -> String {
    String(decoding: text.bytes[fields[position]], as: UTF8.self)
  }

  /// The field as a number.
  func number(_ position: Int, accepted: String = "a number") throws(CohortError) -> Float {
    guard let number = finiteNumber(position) else { throw misfit(position, accepted: accepted) }
    return number
  }

  /// The field as a number; NaN where it is empty or one of the words for a missing value.
  func measurement(
    _ position: Int, missing words: [String] = [], accepted: String = "a number or nothing"
  ) throws(CohortError) -> Float {
    let text = text(position)
    return text.isEmpty || words.contains(text) ? .nan : try number(position, accepted: accepted)
  }

  /// The field as a number above zero.
  func positiveNumber(_ position: Int) throws(CohortError) -> Float {
    let number = try number(position, accepted: "a number above 0")
    guard number > 0 else { throw misfit(position, accepted: "a number above 0") }
    return number
  }

  /// The field as a whole number, however it is written (`2` or `2.0`).
  func wholeNumber(
    _ position: Int, in range: ClosedRange<Int>
  ) throws(CohortError) -> Int {
    guard let number = finiteNumber(position), let whole = Int(exactly: number),
      range.contains(whole)
    else {
      throw misfit(
        position, accepted: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  /// The position of the field among `levels`.
  func level(_ position: Int, among levels: [String]) throws(CohortError) -> Int {
    guard let level = levels.firstIndex(of: text(position)) else {
      let names = levels.map { $0.isEmpty ? "an empty field" : $0 }
      throw misfit(position, accepted: names.joined(separator: ", "))
    }
    return level
  }

  /// The error of a field that is not what is accepted; it names the field's kind, not its text.
  func misfit(_ position: Int, accepted: String) -> CohortError {
    CohortError(
      text.file, line: line, column: fields[position].lowerBound - start + 1,
      found: "\(kind(of: position)) in column '\(columns[position])'", accepted: accepted,
      advice: "mend the field, or remove the row")
  }

  private func finiteNumber(_ position: Int) -> Float? {
    let digits = text.bytes[fields[position]]
    // Swift would read "nan", "inf" and "0x1p3" too.
    guard digits.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }),
      let number = Float(text(position)), number.isFinite
    else { return nil }
    return number
  }

  private func kind(of position: Int) -> String {
    let field = text(position)
    if field.isEmpty { return "an empty field" }
    if field == "?" { return "a missing value" }
    return finiteNumber(position) == nil
      ? "text that is no number" : "a number that is not accepted"
  }
}

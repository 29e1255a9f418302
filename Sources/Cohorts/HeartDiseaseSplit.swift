/// Which lines of one hospital's heart-disease file FLamby trains on, judges by, and leaves out.
struct HeartDiseaseSplit {
  private enum Part: String, CaseIterable {
    case train, test, dropped
  }

  private let file: String
  private let parts: [Int: Part]

  /// Reads the lines of `hospital` from a text with the columns center, line and split.
  init(_ text: SourceText, hospital: String) throws(CohortError) {
    let table = try Table(text, requiring: ["center", "line", "split"])
    let (center, line, split) = (
      table.position(of: "center"), table.position(of: "line"), table.position(of: "split")
    )
    var parts: [Int: Part] = [:]
    try table.forEachRow { row throws(CohortError) in
      guard row.text(center) == hospital else { return }
      let part = try row.level(split, among: Part.allCases.map(\.rawValue))
      parts[try row.wholeNumber(line, in: 1...1_000_000)] = Part.allCases[part]
    }
    self.parts = parts
    file = text.file
  }

  /// Whether the patient of a row is kept for judging.
  ///
  /// - Throws: ``CohortError`` where the split has no such line, or leaves out a patient who is
  ///   `complete`, or keeps one who is not.
  func isKeptForJudging(_ row: TableRow, complete: Bool) throws(CohortError) -> Bool {
    guard let part = parts[row.line], (part != .dropped) == complete else {
      throw CohortError(
        row.file, line: row.line, column: 1, found: "a row that does not fit \(file)",
        accepted: "a line of the split, 'dropped' there exactly where a value is missing here",
        advice: "use the data file and the split that were made for each other")
    }
    return part == .test
  }
}

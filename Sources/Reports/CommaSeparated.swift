/// Rows of fields as text by RFC 4180.
enum CommaSeparated {
  /// The rows, each ended by a carriage return and a line feed.
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(\.field).joined(separator: ",") + "\r\n" }.joined()
  }
}

extension String {
  /// The text as a field: in quotes where it holds what separates fields and rows.
  fileprivate var field: String {
    guard unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return self
    }
    return "\"" + replacing("\"", with: "\"\"") + "\""
  }
}

import Foundation

/// A JSON object of which every field has to be accounted for.
final class GoldenRecord {
  let path: String
  private let fields: [String: Any]
  private var seen: Set<String> = []

  init(_ fields: [String: Any], at path: String) {
    self.fields = fields
    self.path = path
  }

  /// The names of all fields, sorted.
  var names: [String] { fields.keys.sorted() }

  /// Throws unless every field has been read.
  func finish() throws(GoldenError) {
    if let unread = names.first(where: { !seen.contains($0) }) {
      throw .unknown("\(path).\(unread)")
    }
  }

  /// Reads field `name` with `convert`, which returns `nil` where the field is not what it should be.
  private func read<Value>(
    _ name: String, as expected: String, _ convert: (Any) -> Value?
  ) throws(GoldenError) -> Value {
    guard let field = fields[name] else { throw .missing("\(path).\(name)") }
    seen.insert(name)
    guard let value = convert(field) else {
      throw .malformed("\(path).\(name)", expected: expected)
    }
    return value
  }
}

// MARK: Kinds of fields

extension GoldenRecord {
  func text(_ name: String) throws(GoldenError) -> String {
    try read(name, as: "text") { $0 as? String }
  }

  func number(_ name: String) throws(GoldenError) -> Double {
    try read(name, as: "a number") { ($0 as? NSNumber)?.doubleValue }
  }

  func vector(_ name: String, count: Int? = nil) throws(GoldenError) -> [Double] {
    let expected = count.map { "\($0) numbers" } ?? "numbers"
    return try read(name, as: expected) { field in
      let vector = Self.numbers(field)
      return count == nil || vector?.count == count ? vector : nil
    }
  }

  /// So many vectors of the same length.
  func vectors(
    _ name: String, rows: Int? = nil, count: Int? = nil
  ) throws(GoldenError) -> [[Double]] {
    try read(name, as: "vectors of one length, as many as there should be") { field in
      let vectors = (field as? [Any])?.compactMap(Self.numbers)
      guard let vectors, let first = vectors.first, vectors.count == (field as? [Any])?.count else {
        return nil
      }
      let fits = vectors.allSatisfy { $0.count == count ?? first.count }
      return fits && vectors.count == rows ?? vectors.count ? vectors : nil
    }
  }

  func record(_ name: String) throws(GoldenError) -> GoldenRecord {
    let path = "\(path).\(name)"
    return try read(name, as: "an object") { field in
      (field as? [String: Any]).map { GoldenRecord($0, at: path) }
    }
  }

  func records(_ name: String) throws(GoldenError) -> [GoldenRecord] {
    let path = "\(path).\(name)"
    return try read(name, as: "objects") { field in
      (field as? [[String: Any]])?.enumerated().map { index, fields in
        GoldenRecord(fields, at: "\(path)[\(index)]")
      }
    }
  }

  private static func numbers(_ field: Any) -> [Double]? {
    guard let numbers = field as? [NSNumber] else { return nil }
    return numbers.map(\.doubleValue)
  }
}

import Foundation

/// A directory that goes when the test is over.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let parent = FileManager.default.temporaryDirectory.path
    var template = Array((parent + "/consilium-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file or directory inside.
  func file(_ name: String) -> String { path + "/" + name }
}

/// What a run has left in its directory.
struct RunFiles {
  let directory: String

  /// The lines of the journal that close a round, from round 0.
  func rounds() throws -> [JournalRound] {
    let text = try String(contentsOfFile: directory + "/journal.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").compactMap { line in
      let entry = try JSONDecoder().decode(JournalKind.self, from: Data(line.utf8))
      guard entry.kind == "round" else { return nil }
      return try JSONDecoder().decode(JournalRound.self, from: Data(line.utf8))
    }
  }

  /// The SHA-256 of the meta-parameters after the last round.
  func sha256() throws -> String? { try rounds().last?.sha256 }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: directory + "/" + name)
  }
}

private struct JournalKind: Decodable {
  var kind: String
}

/// A line of the journal about a round.
struct JournalRound: Decodable, Equatable {
  var round: Int
  var answered: [String]
  var missing: [String]
  var sha256: String
  var acts: [Int]?
}

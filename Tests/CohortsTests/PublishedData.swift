import Cohorts
import Foundation

/// Where the published data sets are looked for: `CONSILIUM_DATA`, or beside the package.
enum PublishedData {
  static let directory =
    ProcessInfo.processInfo.environment["CONSILIUM_DATA"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data").standardizedFileURL.path

  static let skipped =
    "the published data sets are neither in CONSILIUM_DATA nor beside the package"

  static func holds(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: directory + "/" + folder)
  }

  static var hasHeartDisease: Bool { holds("heart-disease") }
  static var hasStrokeTrial: Bool { holds("ist") }
  static var hasParkinsons: Bool { holds("parkinsons-telemonitoring") }
  static var hasGlucose: Bool { holds("hupa-ucm-cgm") }
  static var hasIntensiveCare: Bool { holds("eicu-demo") }
  static var hasSmallTrials: Bool { holds("small-multicentre-trials") }
  static var hasDrugLevels: Bool { holds("pk-nlme") }

  /// The cells of the table of a data set's own description whose head begins with these columns.
  static func table(_ columns: String..., of folder: String) throws -> [[String]] {
    let text = try String(contentsOfFile: directory + "/\(folder)/README.md", encoding: .utf8)
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    guard let head = rows.firstIndex(where: { $0.starts(with: columns) }) else { return [] }
    return Array(rows[(head + 2)...].prefix { $0.count >= columns.count })
  }

  /// The bytes of a file as another text, some of it replaced.
  static func text(
    of path: String, replacing old: String = "", with new: String = ""
  ) throws -> String {
    let text = try String(contentsOfFile: directory + "/" + path, encoding: .utf8)
    return old.isEmpty ? text : text.replacing(old, with: new)
  }
}

/// Calls `body` with the path of a fresh directory, and removes it afterwards.
func withTemporaryDirectory<R>(_ body: (String) throws -> R) throws -> R {
  let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory.path)
}

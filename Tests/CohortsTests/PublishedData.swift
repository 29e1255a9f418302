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
}

/// Calls `body` with the path of a fresh directory, and removes it afterwards.
func withTemporaryDirectory<R>(_ body: (String) throws -> R) throws -> R {
  let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try body(directory.path)
}

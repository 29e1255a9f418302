import Foundation
import Testing

/// Where the published data sets are looked for: `CONSILIUM_DATA`, or beside the package.
enum PublishedData {
  static let directory =
    ProcessInfo.processInfo.environment["CONSILIUM_DATA"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "../shared/data").standardizedFileURL.path

  static let skipped: Comment = "the data sets are neither in CONSILIUM_DATA nor beside the package"

  /// Whether all these data sets are there.
  static func holds(_ folders: String...) -> Bool {
    folders.allSatisfy { FileManager.default.fileExists(atPath: directory + "/" + $0) }
  }
}

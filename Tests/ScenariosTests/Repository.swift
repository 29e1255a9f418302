import Foundation

/// The directories of this package, found from this file.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let scenarios = root.appending(path: "Scenarios")
  static let published = scenarios.appending(path: "published")
  static let broken = root.appending(path: "Tests/ScenariosTests/Broken")

  /// The files of a directory with an ending, by name.
  static func files(in directory: URL, ending: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == ending }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }
}

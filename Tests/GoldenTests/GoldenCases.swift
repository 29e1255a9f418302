import Foundation

/// The files of golden cases: those in `GOLDEN_DIR`, or those kept beside the tests.
enum GoldenCases {
  static let directory =
    ProcessInfo.processInfo.environment["GOLDEN_DIR"].map { URL(fileURLWithPath: $0) }
    ?? kept

  /// The cases kept beside the tests, whatever the environment says.
  static let kept = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases")

  /// The names of all cases, sorted; none where the directory cannot be read.
  static let names: [String] = {
    let all = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    return (all ?? []).filter { $0.hasSuffix(".json") }.sorted()
  }()

  /// The report on the case in `file`.
  static func report(on file: URL) throws -> GoldenReport {
    try report(on: Data(contentsOf: file), named: file.lastPathComponent)
  }

  /// The report on a case, by its kind; every field is checked, or an error.
  static func report(on data: Data, named name: String) throws -> GoldenReport {
    guard let fields = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw GoldenError.notAnObject(name)
    }
    let record = GoldenRecord(fields, at: name)
    guard try record.text("format") == "golden-1" else {
      throw GoldenError.malformed("\(name).format", expected: "golden-1")
    }
    _ = try record.text("name")
    var report = GoldenReport(name: name)
    switch try record.text("kind") {
    case "meta": try report.checkMeta(record)
    case "trajectory": try report.checkTrajectory(record)
    case "federated": try report.checkFederated(record)
    case "optimizers": try report.checkOptimisers(record)
    case let kind: throw GoldenError.unknown("\(name).kind = \(kind)")
    }
    try record.finish()
    return report
  }
}

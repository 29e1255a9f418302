import Foundation
import Glibc

extension Scenario {
  /// Reads a scenario from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of the file, for messages.
  ///   - overrides: settings that replace those of the file, in order.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file.
  public static func read(
    _ yaml: String, file: String, overrides: [Override] = [], seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    var composer = YAMLComposer(file: file)
    let findings = Findings(file: file)
    guard var tree = try composer.compose(yaml), !tree.isNothing else {
      throw ScenarioProblems([.emptyDocument(in: file)])
    }
    for override in overrides { tree.apply(override, findings: findings) }
    let read = ScenarioReader(findings: findings).scenario(tree)
    try findings.conclude()
    var scenario = read
    if let seed { scenario.seed = seed }
    return scenario
  }

  /// Reads a scenario from a file of at most a mebibyte.
  ///
  /// - Parameters:
  ///   - path: the path of the file.
  ///   - overrides: settings that replace those of the file, in order.
  ///   - seed: replaces the seed of the file and of the overrides.
  /// - Returns: the scenario, with every default filled in.
  /// - Throws: everything that is wrong, in the order of the file; a file that cannot be read is a
  ///   problem like the others.
  public static func read(
    path: String, overrides: [Override] = [], seed: UInt64? = nil
  ) throws(ScenarioProblems) -> Scenario {
    try read(ScenarioFile(path).text(), file: path, overrides: overrides, seed: seed)
  }
}

extension Tree {
  fileprivate var isNothing: Bool {
    guard case .scalar = content else { return false }
    return text == nil
  }
}

extension ScenarioProblem {
  fileprivate static func emptyDocument(in file: String) -> ScenarioProblem {
    ScenarioProblem(
      file: file, place: .file(line: 1, column: 1), path: "", found: "an empty document",
      accepted: "a mapping of keys to values that begins with scenario: and a name")
  }
}

/// The text of a scenario file, or the problem that it cannot be had.
private struct ScenarioFile {
  private static let sizeLimit = 1 << 20
  let path: String

  init(_ path: String) {
    self.path = path
  }

  func text() throws(ScenarioProblems) -> String {
    let bytes = try self.bytes()
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
    let line = valid.utf8.count { $0 == UInt8(ascii: "\n") } + 1
    throw problem("bytes that are not UTF-8, first near line \(line)", accepted: "UTF-8 text")
  }

  private func bytes() throws(ScenarioProblems) -> Data {
    let accepted = "the path of a scenario file in YAML"
    var isDirectory: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw problem("no such file", accepted: accepted)
    }
    guard !isDirectory.boolValue else { throw problem("a directory", accepted: accepted) }
    // To open a pipe would mean to wait for somebody who writes.
    guard isRegular else { throw problem("a pipe or a device", accepted: accepted) }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw problem("a file that may not be read", accepted: "a file with permission to read it")
    }
    let data: Data
    do {
      data = try handle.read(upToCount: Self.sizeLimit + 1) ?? Data()
    } catch {
      throw problem("a file that cannot be read", accepted: accepted)
    }
    guard data.count <= Self.sizeLimit else {
      throw problem("more than a mebibyte", accepted: "a scenario of at most a mebibyte")
    }
    return data
  }

  private var isRegular: Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private func problem(_ found: String, accepted: String) -> ScenarioProblems {
    ScenarioProblems([
      ScenarioProblem(file: path, place: .wholeFile, path: "", found: found, accepted: accepted)
    ])
  }
}

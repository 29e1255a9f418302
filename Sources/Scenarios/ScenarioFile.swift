import Foundation
import Glibc

/// The text of a scenario file, or the problem that it cannot be had.
struct ScenarioFile {
  private static let sizeLimit = 1 << 20
  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// What tells one file from another, however its path is spelt; nil where there is no file.
  var identity: Identity? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Identity(device: status.st_dev, number: status.st_ino)
  }

  /// The device that a file is on, and its number there.
  struct Identity: Equatable {
    var device: dev_t
    var number: ino_t
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

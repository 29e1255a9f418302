import Cryptography
import Glibc

/// A file of a published data set: where it stands in the data directory, and its SHA-256.
///
/// Nothing of a file is used before its digest has been found right, so that a changed or cut copy is
/// never mistaken for the data set.
public struct PublishedFile: Equatable, Sendable {
  /// The path below the data directory.
  public var path: String
  /// The SHA-256 of the published bytes, in hexadecimal.
  public var sha256: String

  /// Takes a path below the data directory and a digest of 64 lower-case hexadecimal digits.
  public init(path: String, sha256: String) {
    self.path = path
    self.sha256 = sha256
  }

  /// The verified file below `directory`.
  ///
  /// - Parameters:
  ///   - directory: The data directory.
  ///   - parse: Reads a file whose digest is another, to find the row that is malformed.
  /// - Returns: The published bytes.
  /// - Throws: ``CohortError`` where the directory or the file is missing or cannot be read, or the
  ///   digest is another: with line and column of the first malformed row, if there is one.
  public func read(
    in directory: String, findingFaultsBy parse: (SourceText) throws(CohortError) -> Void = { _ in }
  ) throws(CohortError) -> SourceText {
    guard FileBytes.isDirectory(directory) else {
      throw CohortError(
        directory, found: "no such directory", accepted: "the directory that holds \(path)",
        advice: "name the data directory with --data DIR")
    }
    let text = try bytes(at: directory + "/" + path)
    do { try verify(text) } catch {
      try explain(error) { () throws(CohortError) in try parse(text) }
    }
    return text
  }

  /// Throws what is wrong with a file that is not the published one, as closely as can be said.
  private func explain(
    _ mismatch: CohortError, by parse: () throws(CohortError) -> Void
  ) throws(CohortError) {
    do { try parse() } catch {
      var fault = error
      fault.advice += "; \(mismatch.advice) (\(mismatch.found) is not \(mismatch.accepted))"
      throw fault
    }
    throw mismatch
  }

  /// Refuses bytes that are not the published ones.
  public func verify(_ text: SourceText) throws(CohortError) {
    let digest = SHA256.hexadecimal(text.bytes)
    guard digest == sha256 else {
      throw CohortError(
        text.file, found: "SHA-256 \(digest)", accepted: "SHA-256 \(sha256)",
        advice: "this copy was changed or cut: put the published file in its place")
    }
  }

  /// No published file is near this size; what is larger is not read into memory.
  private static let limit = 64 << 20

  private func bytes(at file: String) throws(CohortError) -> SourceText {
    do {
      return SourceText(file: file, bytes: try FileBytes.read(file, limit: Self.limit))
    } catch {
      throw CohortError(
        file, found: words(for: error), accepted: "the published file, readable by this user",
        advice: "put the data set's files there, or name another data directory with --data DIR")
    }
  }

  private func words(for failure: FileBytes.Failure) -> String {
    switch failure {
    case .system(ENOENT), .system(ENOTDIR): "no such file"
    case .system(EACCES): "a file that may not be read"
    case .system(let number): "a file that cannot be read (system error \(number))"
    case .notRegular: "something that is not a regular file"
    case .tooLarge: "a file of more than \(Self.limit >> 20) MiB"
    }
  }
}

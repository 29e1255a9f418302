public import Federation
import Glibc

/// What hospitals remember from round to round, in a directory with a file for each.
///
/// A file is written beside and renamed: whoever dies in the middle leaves the one before. The
/// directory is made with the first file.
public final class MemoryFiles: MemoryKeeper {
  private let directory: Directory
  private let isLasting: Bool
  private var isMade = false

  /// The files of the directory at `path`.
  ///
  /// - Parameters:
  ///   - path: Where they are, or will be.
  ///   - isLasting: Whether each is to survive a loss of power too, which takes a wait for the disk.
  public init(at path: String, isLasting: Bool) {
    directory = Directory(path)
    self.isLasting = isLasting
  }

  /// What was kept last of a hospital; `nil` where nothing was.
  public func recall(_ hospital: String) throws -> [UInt8]? {
    try InputFile(path(of: hospital))?.rest()
  }

  /// Keeps `bytes` of a hospital in place of what was kept before, whole or not at all.
  public func keep(_ bytes: [UInt8], of hospital: String) throws {
    if !isMade { _ = try directory.make() }
    isMade = true
    if isLasting {
      try OutputFile.replace(path(of: hospital), with: bytes)
    } else {
      try OutputFile.exchange(path(of: hospital), for: bytes)
    }
  }

  private func path(of hospital: String) -> String {
    "\(directory.path)/\(Self.fileName(of: hospital)).memory"
  }

  /// The name itself where it can be one of a file; else its bytes in hexadecimal after `x-`.
  static func fileName(of hospital: String) -> String {
    let plain = hospital.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    if plain && !hospital.hasPrefix("x-") { return hospital }
    return hospital.utf8.reduce(into: "x-") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

extension OutputFile {
  /// Puts a file with these bytes at `path` as ``replace(_:with:)`` does, without waiting for the disk:
  /// it survives the death of the process, not a loss of power.
  static func exchange(_ path: String, for bytes: [UInt8]) throws(RunFilesError) {
    let draft = path + ".draft"
    remove(draft)
    try OutputFile(creating: draft).write(bytes)
    if unsafe rename(draft, path) != 0 {
      throw .refused(action: "rename", path: draft, code: errno)
    }
  }
}

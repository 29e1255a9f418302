import Glibc

/// A directory of the file system, by its path.
public struct Directory: Sendable {
  /// Where it is.
  public let path: String

  /// The directory at `path`, whether there is one or not.
  public init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// Whether something is there that is a directory.
  public var exists: Bool {
    guard let stream = unsafe opendir(path) else { return false }
    unsafe closedir(stream)
    return true
  }

  /// The names in it, sorted, without `.` and `..`.
  public func names() throws(RunFilesError) -> [String] {
    guard let stream = unsafe opendir(path) else {
      throw .refused(action: "list the directory", path: path, code: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes it, and whatever directories above it are missing.
  ///
  /// Returns whether it has been made; false where something of that name was there. `mkdir` is the
  /// arbiter between two that try at once.
  public func make() throws(RunFilesError) -> Bool {
    let parent = Directory(OutputFile.parent(of: path))
    if unsafe access(parent.path, F_OK) != 0 { _ = try parent.make() }
    if unsafe mkdir(path, 0o755) == 0 {
      try OutputFile.synchronise(directory: parent.path)
      return true
    }
    if errno == EEXIST { return false }
    throw .refused(action: "make the directory", path: path, code: errno)
  }

  /// Makes a directory that only this user can enter, in the directory `parent`, under a fresh name.
  public static func temporary(in parent: String) throws(RunFilesError) -> Directory {
    var template = Array((parent + "/consilium-XXXXXX").utf8CString)
    guard let made = unsafe mkdtemp(&template) else {
      throw .refused(action: "make a directory in", path: parent, code: errno)
    }
    return Directory(unsafe String(cString: made))
  }

  /// Removes it and the files in it, as far as it can.
  public func remove() {
    for name in (try? names()) ?? [] { unsafe unlink(path + "/" + name) }
    unsafe rmdir(path)
  }
}

import Glibc

/// A file that is open for writing, and closed with its last owner.
final class OutputFile {
  let path: String
  private let descriptor: CInt

  /// Makes the file `path`, which must not exist.
  convenience init(creating path: String) throws(RunFilesError) {
    try self.init(path, flags: O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
  }

  /// Opens the file `path`, made where it is missing, to be written from its beginning.
  convenience init(overwriting path: String) throws(RunFilesError) {
    try self.init(path, flags: O_WRONLY | O_CREAT)
  }

  /// Opens the file `path`, made where it is missing, to be written after its end.
  convenience init(extending path: String) throws(RunFilesError) {
    try self.init(path, flags: O_WRONLY | O_CREAT | O_APPEND)
  }

  private init(_ path: String, flags: CInt) throws(RunFilesError) {
    self.path = path
    descriptor = unsafe open(path, flags | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .refused(action: "open", path: path, code: errno) }
  }

  deinit {
    // A lock lives as long as its last descriptor, and a child that is just being started has a copy
    // of each until it has become another program: so it is given back, and not only let go.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Keeps all others from locking the file until this one is closed, by whatever death.
  func lock() throws(RunFilesError) {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
    guard errno == EWOULDBLOCK else {
      throw .refused(action: "lock", path: path, code: errno)
    }
    throw .notResumable(path: Self.parent(of: path), .inUse)
  }

  /// Writes all of `bytes`, however many calls it takes.
  func write(_ bytes: [UInt8]) throws(RunFilesError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 && errno != EINTR {
        throw .refused(action: "write", path: path, code: errno)
      }
      written += max(0, count)
    }
  }

  /// Writes all of `bytes` over what the file begins with; what comes after them stays.
  func overwrite(_ bytes: [UInt8]) throws(RunFilesError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, written)
      }
      if count < 0 && errno != EINTR {
        throw .refused(action: "write", path: path, code: errno)
      }
      written += max(0, count)
    }
  }

  /// Removes what comes after so many bytes.
  func cut(to count: Int) throws(RunFilesError) {
    if ftruncate(descriptor, count) != 0 {
      throw .refused(action: "shorten", path: path, code: errno)
    }
  }

  /// Returns once the bytes written so far would survive a loss of power.
  func synchronise() throws(RunFilesError) {
    if fdatasync(descriptor) != 0 {
      throw .refused(action: "synchronise", path: path, code: errno)
    }
  }
}

// MARK: Whole files

extension OutputFile {
  /// Removes the file `path`, if there is one and it can be.
  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Puts a file with these bytes at `path`: whoever reads it sees the old bytes or the new, whole.
  static func replace(_ path: String, with bytes: [UInt8]) throws(RunFilesError) {
    let draft = path + ".draft"
    try fill(draft, with: bytes)
    if unsafe rename(draft, path) != 0 {
      throw .refused(action: "rename", path: draft, code: errno)
    }
    try synchronise(directory: parent(of: path))
  }

  private static func fill(_ path: String, with bytes: [UInt8]) throws(RunFilesError) {
    let file = try OutputFile(path, flags: O_WRONLY | O_CREAT | O_TRUNC)
    try file.write(bytes)
    try file.synchronise()
  }

  /// Returns once the names in the directory would survive a loss of power.
  static func synchronise(directory path: String) throws(RunFilesError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw .refused(action: "open", path: path, code: errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw .refused(action: "synchronise", path: path, code: errno) }
  }

  /// The directory that `path` lies in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

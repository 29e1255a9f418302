import Glibc

/// Reads whole files.
///
/// The one place of the target that speaks to the operating system.
enum FileBytes {
  /// Why a file was not read.
  enum Failure: Error {
    /// The system's error number.
    case system(Int32)
    /// A directory, a pipe or a device.
    case notRegular
    /// More bytes than the limit.
    case tooLarge
  }

  /// Whether `path` is a directory.
  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The bytes of the regular file at `path`, of which there may be `limit`.
  static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    let size = try size(of: descriptor)
    guard size <= limit else { throw .tooLarge }
    return try read(size, from: descriptor)
  }

  private static func size(of descriptor: Int32) throws(Failure) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    return Int(status.st_size)
  }

  private static func read(_ size: Int, from descriptor: Int32) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes.prefix(filled))
  }
}

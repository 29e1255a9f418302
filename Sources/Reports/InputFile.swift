import Glibc

/// A file that is read in order, and closed with its last owner.
final class InputFile {
  private static let pieceSize = 1 << 16

  private let path: String
  private let descriptor: CInt

  /// Opens the file `path`, to be read from the byte at `offset`; `nil` where there is none, or none can be.
  init?(_ path: String, from offset: Int = 0) throws(RunFilesError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 && (errno == ENOENT || errno == ENOTDIR) { return nil }
    if descriptor < 0 || lseek(descriptor, offset, SEEK_SET) < 0 {
      throw .refused(action: "open", path: path, code: errno)
    }
  }

  deinit { close(descriptor) }

  /// All that there is still to read.
  func rest() throws(RunFilesError) -> [UInt8] {
    var bytes: [UInt8] = []
    while try read(into: &bytes) {}
    return bytes
  }

  /// Gives every line that ends in a line feed to `body`, with its line feed, in order.
  func eachLine(_ body: (ArraySlice<UInt8>) -> Void) throws(RunFilesError) {
    var bytes: [UInt8] = []
    while try read(into: &bytes) {
      var start = 0
      // Only what is new can hold the end of the line that is under way.
      var searched = max(0, bytes.count - Self.pieceSize)
      while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        body(bytes[start...end])
        (start, searched) = (end + 1, end + 1)
      }
      bytes.removeFirst(start)
    }
  }

  /// The lines that end in a line feed.
  func lineCount() throws(RunFilesError) -> Int {
    var count = 0
    try eachLine { _ in count += 1 }
    return count
  }

  /// Adds the next bytes of the file to `bytes`; whether there were any.
  private func read(into bytes: inout [UInt8]) throws(RunFilesError) -> Bool {
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    var count = -1
    repeat {
      count = unsafe Glibc.read(descriptor, &piece, piece.count)
    } while count < 0 && errno == EINTR
    if count < 0 { throw .refused(action: "read", path: path, code: errno) }
    bytes += piece.prefix(count)
    return count > 0
  }
}

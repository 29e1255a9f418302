import Glibc
import Testing

/// A socket at a path, as the system knows it.
enum PlainListener {
  /// Binds the path and dies without removing it.
  static func leaveBehind(_ path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
      unsafe target.copyBytes(from: path.utf8)
    }
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(listener, address, size)
      }
    }
    try #require(bound == 0)
    let stays = unsafe access(path, F_OK) == 0
    try #require(stays, "the path stays")
  }
}

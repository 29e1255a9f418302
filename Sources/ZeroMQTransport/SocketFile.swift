internal import Glibc

/// The file of a socket that has been bound to a path.
///
/// libzmq leaves it behind.
struct SocketFile {
  private let path: String
  private let device: dev_t
  private let number: ino_t

  /// The socket at `path`, if there is one.
  init?(at path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
    self.path = path
    device = status.st_dev
    number = status.st_ino
  }

  /// Removes the file, unless another one has taken its place.
  func remove() {
    guard let present = SocketFile(at: path), present.device == device, present.number == number
    else { return }
    unsafe unlink(path)
  }
}

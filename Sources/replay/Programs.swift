import Glibc
import Reports

/// Where the programs that `replay` starts are: beside its own file, wherever that was copied to.
struct Programs {
  let coordinator: String
  let hospitalNode: String

  /// Finds both.
  init() throws(ChildProcessError) {
    let directory = try Self.ownDirectory()
    coordinator = try Self.find("coordinator", in: directory)
    hospitalNode = try Self.find("hospital-node", in: directory)
  }

  /// The path of this program's own file.
  static func own() throws(ChildProcessError) -> String {
    try find("replay", in: ownDirectory())
  }

  private static func find(_ name: String, in directory: String) throws(ChildProcessError) -> String
  {
    let path = directory + "/" + name
    guard unsafe access(path, X_OK) == 0 else { throw .programMissing(path: path) }
    return path
  }

  private static func ownDirectory() throws(ChildProcessError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { throw .programMissing(path: "/proc/self/exe") }
    let path = String(
      decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
  }
}

/// The bytes of a text file, and the name under which its problems are reported.
public struct SourceText: Equatable, Sendable {
  /// The path or name of the file.
  public var file: String
  /// What stands in it.
  public var bytes: [UInt8]

  /// Takes bytes as what stands in `file`.
  public init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  /// The UTF-8 bytes of `text`, as if they stood in `file`.
  public init(file: String, text: String) {
    self.init(file: file, bytes: Array(text.utf8))
  }
}

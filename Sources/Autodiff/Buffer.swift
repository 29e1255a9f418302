/// Memory outside a program that it reads or writes in place: the flat parameter vector, say.
///
/// A program names its buffers by number; a run is told where each one is.
public struct Buffer: Hashable, Sendable {
  /// The number by which the program knows it.
  public let index: Int

  /// The buffer of this number.
  public init(_ index: Int) {
    precondition(index >= 0, "buffers are numbered from 0, not \(index)")
    self.index = index
  }

  /// The place `offset` entries into this buffer.
  public func at(_ offset: Int) -> Location { Location(buffer: self, offset: offset) }
}

/// A place in a buffer, in entries of `Float`.
public struct Location: Hashable, Sendable {
  /// Which buffer.
  public let buffer: Buffer
  /// How many entries into it.
  public let offset: Int

  /// The place `offset` entries into `buffer`.
  public init(buffer: Buffer, offset: Int) {
    self.buffer = buffer
    self.offset = offset
  }
}

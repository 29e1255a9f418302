import Glibc

#if _endian(big)
  #error("Frames hold little-endian numbers and are read in place: this machine is big-endian.")
#endif

/// Immutable bytes with an owner: one frame of a message.
///
/// Copying a frame copies a reference. The bytes are those of an array, or of whoever received
/// them (see ``FrameStorage``); reading them in place costs nothing.
public struct Frame: Sendable {
  /// Who owns the bytes.
  public let storage: any FrameStorage

  /// A frame whose bytes belong to `storage`.
  public init(storage: any FrameStorage) {
    self.storage = storage
  }

  /// The bytes of an array, which is kept, not copied.
  public init(_ bytes: [UInt8]) {
    storage = ArrayStorage(bytes)
  }

  /// The float32 numbers of an array, which is kept, not copied.
  public init(floats: [Float]) {
    storage = ArrayStorage(floats)
  }

  /// The float64 numbers of an array, which is kept, not copied.
  public init(doubles: [Double]) {
    storage = ArrayStorage(doubles)
  }

  /// The int64 numbers of an array, which is kept, not copied.
  public init(integers: [Int64]) {
    storage = ArrayStorage(integers)
  }

  /// The number of bytes.
  public var count: Int { unsafe storage.bytes.count }

  /// Reads the bytes in place.
  ///
  /// They may lie at any address: load numbers with `loadUnaligned`.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try unsafe body(storage.bytes)
  }

  /// The bytes: the array that the frame was made of, else a copy.
  public func bytes() -> [UInt8] { numbers() }

  /// The float32 numbers: the array that the frame was made of, else a copy; the size must be a
  /// multiple of 4.
  public func floats() -> [Float] { numbers() }

  /// The float64 numbers: the array that the frame was made of, else a copy; the size must be a
  /// multiple of 8.
  public func doubles() -> [Double] { numbers() }

  /// The int64 numbers: the array that the frame was made of, else a copy; the size must be a
  /// multiple of 8.
  public func integers() -> [Int64] { numbers() }

  private func numbers<Number: BitwiseCopyable & Sendable>() -> [Number] {
    if let kept = storage as? ArrayStorage<Number> { return kept.elements }
    let width = MemoryLayout<Number>.size
    precondition(count % width == 0, "A frame of \(count) bytes does not hold whole numbers.")
    return unsafe [Number](unsafeUninitializedCapacity: count / width) { target, initialised in
      unsafe withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      }
      initialised = count / width
    }
  }
}

extension Frame: Equatable {
  /// Whether the bytes are the same, whoever owns them.
  public static func == (left: Frame, right: Frame) -> Bool {
    if left.storage === right.storage { return true }
    return unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in unsafe left.isSame(as: right) }
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func isSame(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
    return unsafe memcmp(start, otherStart, count) == 0
  }
}

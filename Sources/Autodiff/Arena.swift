/// Working memory of programs that run one at a time.
///
/// Grows when a program that needs more is prepared, never while one runs.
@safe public final class Arena {
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  /// An arena for as many programs as will be prepared in it.
  public init() {
    capacity = 16
    unsafe base = Self.allocate(capacity)
  }

  deinit { unsafe base.deallocate() }

  /// The memory it holds, in bytes.
  public var bytes: Int { capacity * MemoryLayout<Float>.stride }

  func reserve(_ count: Int) {
    guard count > capacity else { return }
    unsafe base.deallocate()
    unsafe base = Self.allocate(count)
    capacity = count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    // Cache lines, which are also the widest vectors.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    return unsafe memory.bindMemory(to: Float.self, capacity: count)
  }
}

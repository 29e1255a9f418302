/// What one gradient has computed on its way, kept for Hessian-vector products at the same place.
///
/// It holds the activations of one batch and their derivatives, one pass at a time. One thread at a
/// time.
@safe public final class Pass {
  /// The number of rows of the pass it holds; none at first.
  public private(set) var rows = 0
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity = 0

  /// A pass that holds nothing yet.
  public init() {
    unsafe base = Self.allocate(capacity)
  }

  deinit { unsafe base.deallocate() }

  /// The memory it holds, in bytes.
  public var bytes: Int { capacity * MemoryLayout<Float>.stride }

  /// Makes room for a pass of `count` entries over so many rows.
  func hold(_ count: Int, rows: Int) {
    self.rows = rows
    guard count > capacity else { return }
    unsafe base.deallocate()
    unsafe base = Self.allocate(count)
    capacity = count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    // Cache lines, as in the arena.
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    return unsafe memory.bindMemory(to: Float.self, capacity: count)
  }
}

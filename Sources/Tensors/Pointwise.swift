/// Loops over contiguous numbers, eight at a time.
public enum Pointwise {
  /// `result[i] = function(operand[i])`; `result` may be `operand`.
  @inlinable
  public static func map(
    _ operand: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, count: Int,
    _ function: (Lanes) -> Lanes
  ) {
    let whole = count & ~7
    var i = 0
    while i < whole {
      unsafe store(function(load(operand + i)), at: result + i)
      i += 8
    }
    guard i < count else { return }
    var last = Lanes.zero
    for lane in 0..<count - i { last[lane] = unsafe operand[i + lane] }
    last = function(last)
    for lane in 0..<count - i { unsafe result[i + lane] = last[lane] }
  }

  /// The sum of `count` numbers, each widened first.
  @inlinable
  public static func sum(_ operand: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    let whole = count & ~7
    var i = 0
    while i < whole {
      lanes += unsafe SIMD8<Double>(load(operand + i))
      i += 8
    }
    var total = lanes.sum()
    while i < count {
      total += unsafe Double(operand[i])
      i += 1
    }
    return total
  }

  /// Eight numbers from `source` on, at any alignment.
  @inlinable
  public static func load(_ source: UnsafePointer<Float>) -> Lanes {
    unsafe UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
  }

  /// Writes eight numbers from `target` on, at any alignment.
  @inlinable
  public static func store(_ lanes: Lanes, at target: UnsafeMutablePointer<Float>) {
    unsafe UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: Lanes.self)
  }
}

extension Pointwise {
  /// `result[i] = function(left[i], right[i])`; `result` may be either operand.
  @inlinable
  public static func zip(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, count: Int, _ function: (Lanes, Lanes) -> Lanes
  ) {
    let whole = count & ~7
    var i = 0
    while i < whole {
      unsafe store(function(load(left + i), load(right + i)), at: result + i)
      i += 8
    }
    guard i < count else { return }
    var (x, y) = (Lanes.zero, Lanes.zero)
    for lane in 0..<count - i { (x[lane], y[lane]) = unsafe (left[i + lane], right[i + lane]) }
    let last = function(x, y)
    for lane in 0..<count - i { unsafe result[i + lane] = last[lane] }
  }
}

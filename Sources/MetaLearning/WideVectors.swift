import Tensors

/// Arithmetic on flat vectors that writes to two vectors at once, which the vectoriser leaves to one number at a
/// time.
///
/// It goes eight at a time, and number by number at the end; every number is rounded as it would be alone.
extension [Float] {
  /// Calls `wide` with the place of each eight of so many numbers, and `single` with those that are left.
  @inline(__always)
  private static func each(_ count: Int, wide: (Int) -> Void, single: (Int) -> Void) {
    let whole = count & ~(Lanes.scalarCount - 1)
    for place in stride(from: 0, to: whole, by: Lanes.scalarCount) { wide(place) }
    for place in whole..<count { single(place) }
  }

  /// `self[i] -= rates[i] * gradient[i]`, and adds `gradient[i]^2` to the numbers of `sums` from an offset on, or
  /// to zeros in their place where they begin.
  mutating func descend(
    along gradient: [Float], at rates: [Float], addingSquaresTo sums: inout [Float],
    from offset: Int, beginning: Bool
  ) {
    check(0..<count, gradient, 0)
    check(0..<count, rates, 0)
    sums.check(offset..<offset + count, gradient, 0)
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        unsafe gradient.withUnsafeBufferPointer { gradient in
          unsafe rates.withUnsafeBufferPointer { rates in
            Self.each(own.count) { i in
              let g = unsafe gradient.wide(at: i)
              let sum = unsafe beginning ? .zero : sums.wide(at: offset + i)
              unsafe sums.put(sum + g * g, at: offset + i)
              unsafe own.put(own.wide(at: i) - rates.wide(at: i) * g, at: i)
            } single: { i in
              let g = unsafe gradient[i]
              unsafe sums[offset + i] = (beginning ? 0 : sums[offset + i]) + g * g
              unsafe own[i] -= rates[i] * g
            }
          }
        }
      }
    }
  }

  /// `self[i] = start[i] - end[i]` for as many as `end` has, and the square of it after them.
  mutating func putMove(from start: [Float], to end: [Float]) {
    check(0..<end.count, start, 0)
    check(end.count..<2 * end.count, end, 0)
    unsafe withUnsafeMutableBufferPointer { own in
      unsafe start.withUnsafeBufferPointer { start in
        unsafe end.withUnsafeBufferPointer { end in
          Self.each(end.count) { i in
            let move = unsafe start.wide(at: i) - end.wide(at: i)
            unsafe own.put(move, at: i)
            unsafe own.put(move * move, at: end.count + i)
          } single: { i in
            let move = unsafe start[i] - end[i]
            unsafe own[i] = move
            unsafe own[end.count + i] = move * move
          }
        }
      }
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Eight numbers from `place` on.
  @inline(__always)
  fileprivate func wide(at place: Int) -> Lanes {
    guard let start = baseAddress else { return .zero }
    return unsafe Pointwise.load(start + place)
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Eight numbers from `place` on.
  @inline(__always)
  fileprivate func wide(at place: Int) -> Lanes {
    unsafe UnsafeBufferPointer(self).wide(at: place)
  }

  /// Writes eight numbers from `place` on.
  @inline(__always)
  fileprivate func put(_ numbers: Lanes, at place: Int) {
    guard let start = baseAddress else { return }
    unsafe Pointwise.store(numbers, at: start + place)
  }
}

/// Hands out stretches of an arena and takes them back.
struct FreeList {
  /// The stretches that are free, in order, none touching the next.
  private var gaps: [Range<Int>] = []
  /// How much has been needed at once.
  private(set) var extent = 0

  /// A stretch of at least `count` entries: the tightest gap that fits, or new memory.
  mutating func take(_ count: Int) -> Range<Int> {
    let count = Self.aligned(count)
    let fitting = gaps.indices.filter { gaps[$0].count >= count }
    guard let best = fitting.min(by: { gaps[$0].count < gaps[$1].count }) else {
      return grow(by: count)
    }
    let gap = gaps[best]
    let taken = gap.lowerBound..<gap.lowerBound + count
    if taken == gap {
      gaps.remove(at: best)
    } else {
      gaps[best] = taken.upperBound..<gap.upperBound
    }
    return taken
  }

  /// Takes back a stretch that was handed out.
  mutating func give(_ stretch: Range<Int>) {
    var stretch = stretch
    let position = gaps.firstIndex { $0.lowerBound >= stretch.upperBound } ?? gaps.count
    if position < gaps.count, gaps[position].lowerBound == stretch.upperBound {
      stretch = stretch.lowerBound..<gaps.remove(at: position).upperBound
    }
    if position > 0, gaps[position - 1].upperBound == stretch.lowerBound {
      gaps[position - 1] = gaps[position - 1].lowerBound..<stretch.upperBound
    } else {
      gaps.insert(stretch, at: position)
    }
  }

  /// Extends the last gap where it touches the end.
  private mutating func grow(by count: Int) -> Range<Int> {
    var start = extent
    if let last = gaps.last, last.upperBound == extent {
      start = last.lowerBound
      gaps.removeLast()
    }
    extent = start + count
    return start..<extent
  }

  /// `count` rounded up to whole cache lines.
  static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}

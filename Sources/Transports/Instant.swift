/// A point in time of one clock, real or virtual.
///
/// Instants of different clocks cannot be compared. Arithmetic saturates, so a deadline in the
/// far future stays one.
public struct Instant: InstantProtocol, Hashable, Sendable {
  /// Nanoseconds since the clock's own beginning.
  public var nanoseconds: Int64

  /// The instant `nanoseconds` after the clock's own beginning.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The clock's own beginning.
  public static let zero = Instant(nanoseconds: 0)

  /// The instant `duration` later, to the nanosecond.
  public func advanced(by duration: Duration) -> Instant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
    guard overflow else { return Instant(nanoseconds: sum) }
    return Instant(nanoseconds: duration.nanoseconds < 0 ? .min : .max)
  }

  /// The time from this instant to `other`; negative when `other` is earlier.
  public func duration(to other: Instant) -> Duration {
    .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
  }

  /// Whether `left` comes first.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `duration` after `instant`.
  public static func + (instant: Instant, duration: Duration) -> Instant {
    instant.advanced(by: duration)
  }

  /// The time that passes from `earlier` to `later`.
  public static func - (later: Instant, earlier: Instant) -> Duration {
    earlier.duration(to: later)
  }
}

extension Duration {
  /// Whole nanoseconds, saturating.
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard overflow || carry else { return sum }
    return seconds < 0 ? .min : .max
  }
}

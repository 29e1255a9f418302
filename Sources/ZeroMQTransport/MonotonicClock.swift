internal import Glibc
internal import Transports

/// The system's clock that never steps, counted from the start of the machine.
enum MonotonicClock {
  static var now: Instant {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

extension Instant {
  /// Milliseconds from now, rounded up so that nothing wakes before its time; 0 for the past.
  var millisecondsLeft: Int {
    let now = MonotonicClock.now.nanoseconds
    guard nanoseconds > now else { return 0 }
    // A day at most: whoever waits looks at the deadline again.
    return Int(min((nanoseconds - now - 1) / 1_000_000 + 1, 86_400_000))
  }
}

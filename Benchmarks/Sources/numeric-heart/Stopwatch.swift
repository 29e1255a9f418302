import Glibc

/// Rates of something that is done again and again.
struct Rates {
  /// Times a second, one number a repeat, in ascending order.
  let sorted: [Double]

  /// Repeats `work` in `repeats` stretches of about `seconds` each, after one that warms up.
  init(repeats: Int = 9, seconds: Double = 0.25, of work: () -> Void) {
    var times = 1
    while Self.seconds(times, work) < seconds { times *= 2 }
    sorted = (0..<repeats).map { _ in Double(times) / Self.seconds(times, work) }.sorted()
  }

  var median: Double { sorted[sorted.count / 2] }
  var lowest: Double { sorted[0] }
  var highest: Double { sorted[sorted.count - 1] }

  private static func seconds(_ times: Int, _ work: () -> Void) -> Double {
    let start = now()
    for _ in 0..<times { work() }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

import Foundation

/// Time that processors have spent, in seconds.
enum ProcessorTime {
  /// On behalf of these processes, all their threads, in user mode and in the kernel.
  static func spent(by processes: [Int32]) throws -> Double {
    try processes.reduce(0) { sum, process in
      let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      // The name of the program stands in brackets and may hold anything.
      let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
      let ticks = fields.count > 13 ? (Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0) : 0
      return sum + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
  }
}

/// Seconds that processors have spent on this process, to the nanosecond.
func spent() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Seconds of the clock that never steps.
func now() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

import Glibc

/// A time of day in UTC, to the second.
///
/// It is written to `events.log` and into names, nowhere else.
struct WallClock: Equatable {
  let year, month, day, hour, minute, second: Int

  /// The present time.
  static func now() -> WallClock { WallClock(secondsSince1970: time(nil)) }

  init(secondsSince1970 seconds: Int) {
    var moment = time_t(seconds)
    var parts = unsafe tm()
    unsafe gmtime_r(&moment, &parts)
    (year, month, day) = unsafe (
      Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)
    )
    (hour, minute, second) = unsafe (Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
  }

  /// As in `20261123T021500Z`.
  var compact: String { date("") + "T" + clock("") + "Z" }

  /// As in `2026-11-23T02:15:00Z`.
  var text: String { date("-") + "T" + clock(":") + "Z" }

  private func date(_ separator: String) -> String {
    [String(year), pad(month), pad(day)].joined(separator: separator)
  }

  private func clock(_ separator: String) -> String {
    [pad(hour), pad(minute), pad(second)].joined(separator: separator)
  }

  private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

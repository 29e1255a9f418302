/// What was left out of what came in: told of the first ten times, then at every power of ten, so that
/// noise from outside does not drown the run.
struct Noise {
  /// How much it was, all told.
  private(set) var count = 0

  /// What is left out from now on, after so much before.
  init(count: Int = 0) {
    self.count = count
  }

  /// A sentence about something that is left out, or `nil` where there have been too many.
  mutating func sentence(about what: String) -> String? {
    count += 1
    guard count <= 10 || isPowerOfTen(count) else { return nil }
    return what + (count > 10 ? " (\(count) messages ignored until now)" : "")
  }

  private func isPowerOfTen(_ number: Int) -> Bool {
    var rest = number
    while rest % 10 == 0 { rest /= 10 }
    return rest == 1
  }
}

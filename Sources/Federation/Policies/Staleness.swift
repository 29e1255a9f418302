import Glibc
import Scenarios

extension StalenessPlan {
  /// What an answer counts that was computed from meta-parameters which have been updated so often
  /// since: 1 / (1 + updates)^exponent, and exactly 1 for the newest; `nil` beyond the limit.
  func weight(after updates: Int) -> Double? {
    guard updates <= limit else { return nil }
    return updates == 0 ? 1 : pow(Double(1 + updates), -exponent)
  }
}

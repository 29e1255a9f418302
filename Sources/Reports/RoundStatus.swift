import Federation

/// How far a run has come, as text.
struct RoundStatus {
  let round: RoundRecord
  let rounds: Int
  let timeLeft: Duration?

  /// Whether plain progress mentions the round: the first, the last, one about every tenth.
  var isMilestone: Bool {
    let stride = max(1, (rounds + 9) / 10)
    return round.round == 1 || round.round == rounds || round.round % stride == 0
  }

  /// A line for a file or a pipe.
  var plain: String { (["round \(count)"] + details).joined(separator: ", ") }

  /// A line for a terminal of `width` columns: the bar takes what the words leave, if that is enough.
  func line(width: Int, colour: Bool) -> String {
    let opening = "round \(count)"
    let closing = details.joined(separator: "  ")
    let room = width - opening.count - closing.count - 4
    guard room >= 8 else { return (opening + "  " + closing).trailing(width).trimmed }
    return opening + "  " + bar(of: min(room, 30), colour: colour) + "  " + closing
  }

  private var count: String {
    String(round.round).leading(String(rounds).count) + "/\(rounds)"
  }

  private var details: [String] {
    let asked = round.answered.count + round.missing.count + round.declined.count
    return ["\(round.answered.count)/\(asked) answered"] + losses
      + (timeLeft.map { ["\(Self.text(of: $0)) left"] } ?? [])
  }

  private var losses: [String] {
    guard let before = round.lossBefore, let after = round.lossAfter else { return [] }
    return ["loss \(fixed(before, decimals: 3)) → \(fixed(after, decimals: 3))"]
  }

  private func bar(of width: Int, colour: Bool) -> String {
    let done = rounds > 0 ? min(width, width * round.round / rounds) : width
    let full = String(repeating: "━", count: done)
    let rest = String(repeating: "─", count: width - done)
    return colour ? "\u{1B}[36m\(full)\u{1B}[2m\(rest)\u{1B}[0m" : full + rest
  }

  /// A duration in the largest two units that matter: `12 s`, `3 min 20 s`, `1 h 05 min`.
  static func text(of duration: Duration) -> String {
    let seconds = max(0, Int(duration.components.seconds))
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes < 10 ? "0" : "")\(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
  }
}

extension String {
  fileprivate var trimmed: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}

public import Federation

/// Where two runs part: the first thing in which their journals differ.
public enum Parting: Sendable {
  /// A round that both closed, in which the meta-parameters, the losses or who answered differ.
  case round(one: RoundRecord, other: RoundRecord)
  /// The evaluation that both made after a round gave other figures.
  case evaluation(after: Int)
  /// Nothing differs, but one run closed more rounds than the other; the last of each.
  case length(one: Int, other: Int)

  /// The first thing in which two journals differ; `nil` where they say the same.
  ///
  /// Whatever depends on the clock is not in them, and how a run ended is not compared: a run that
  /// was interrupted is not a different one until it goes another way.
  public static func between(_ one: RecordedRun, _ other: RecordedRun) -> Parting? {
    if let differing = zip(one.rounds, other.rounds).first(where: { !$0.isSame(as: $1) }) {
      let parting = Parting.round(one: differing.0, other: differing.1)
      return earlierEvaluation(one, other, than: differing.0.round) ?? parting
    }
    let last = min(one.rounds.count, other.rounds.count)
    if let evaluation = earlierEvaluation(one, other, than: last) { return evaluation }
    if one.rounds.count != other.rounds.count {
      return .length(one: one.rounds.count - 1, other: other.rounds.count - 1)
    }
    return nil
  }

  private static func earlierEvaluation(
    _ one: RecordedRun, _ other: RecordedRun, than round: Int
  ) -> Parting? {
    let theirs = Dictionary(other.evaluations.map { ($0.round, $0.figures) }) { $1 }
    let differing = one.evaluations.first { mine in
      mine.round < round && theirs[mine.round].map { $0 != mine.figures } == true
    }
    return differing.map { .evaluation(after: $0.round) }
  }
}

extension RoundRecord {
  /// Whether the same hospitals answered with the same result.
  func isSame(as other: RoundRecord) -> Bool {
    sha256 == other.sha256 && answered == other.answered && missing == other.missing
      && declined.map(\.hospital) == other.declined.map(\.hospital)
      && acts == other.acts && agrees(earlier, other.earlier) && agrees(staleness, other.staleness)
      && isSame(lossBefore, other.lossBefore)
      && isSame(lossAfter, other.lossAfter)
  }

  /// Whether nothing speaks against it: a journal whose scenario does not ask for it, or of an earlier version, tells
  /// nothing of either.
  private func agrees<Told: Equatable>(_ one: Told?, _ other: Told?) -> Bool {
    one == nil || other == nil || one == other
  }

  private func isSame(_ one: Double?, _ other: Double?) -> Bool {
    one == other || one?.isNaN == true && other?.isNaN == true
  }

  /// What became of it, in a line each for the digest, who answered, and the losses.
  var lines: [String] {
    let names = answered.isEmpty ? "nobody" : listing(answered)
    let absent = [("missing", missing), ("declined", declined.map(\.hospital))]
      .filter { !$0.1.isEmpty }.map { "; \($0.0): \(listing($0.1))" }.joined()
    let losses = [lossBefore, lossAfter].compactMap(\.self).map(\.description)
    let before = (earlier ?? []).map { "\($0.hospital) in round \($0.begun)" }
    var lines = ["sha256 \(sha256)", "answered: \(names)\(absent)"]
    if !before.isEmpty { lines.append("begun earlier: \(listing(before))") }
    if let acts {
      lines.append("acts of the timeline from here on: \(listing(acts.map(\.description)))")
    }
    if losses.count == 2 {
      lines.append("loss \(losses[0]) before and \(losses[1]) after adaptation")
    }
    return lines
  }

  private func listing(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ")
      + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }
}

import Federation
import MetaLearning
import Scenarios

/// The lines of `journal.jsonl`: one JSON object an event, the kind of event first.
///
/// | `kind` | when | members |
/// |---|---|---|
/// | `start` | first | `format` (1), `scenario`, `scenarioDigest`, `seed`, `training`, `heldOut`, `rounds` |
/// | `round` | after each round | those of ``RoundRecord`` |
/// | `evaluation` | after each evaluation | `round`, `final`, `means`, `missing` |
/// | `end` | last | `outcome`, `reason`, `round`, `sha256` |
///
/// Nothing in them depends on the clock. What does, who came and went, is left to `events.log`.
enum Journal {
  /// The line of an event without its line feed; `nil` for one that the journal does not hold.
  static func line(of event: RunEvent, in scenario: Scenario) -> String? {
    switch event {
    case .started(let start): line("start", members(of: start))
    case .roundClosed(let round): line("round", members(of: round))
    case .evaluated(let evaluation): line("evaluation", members(of: evaluation, in: scenario))
    case .ended(let ending): line("end", members(of: ending))
    case .presence, .ignored, .staged, .resumed, .checkpoint: nil
    }
  }

  /// The number of the format that is written and read.
  static let format = 1

  /// What the line of a round begins with.
  static let round = #"{"kind":"round","#

  /// What the line of an end in this way begins with.
  static func end(_ outcome: Ending.Outcome) -> String {
    #"{"kind":"end","outcome":""# + outcome.rawValue + "\""
  }

  /// The members of a round's line, as an object of its own.
  static func object(of round: RoundRecord) -> JSON { .object(members(of: round)) }

  private static func line(_ kind: String, _ members: [(name: String, value: JSON)]) -> String {
    JSON.object([("kind", .string(kind))] + members).text
  }

  private static func members(of start: RunStart) -> [(name: String, value: JSON)] {
    [
      ("format", .integer(format)), ("scenario", .string(start.scenario)),
      ("scenarioDigest", .string(start.scenarioDigest)), ("seed", .integer(start.seed)),
      ("training", .names(start.training)), ("heldOut", .names(start.heldOut)),
      ("rounds", .integer(start.rounds)),
    ]
  }

  private static func members(of round: RoundRecord) -> [(name: String, value: JSON)] {
    let declined = round.declined.map { declined in
      JSON.object([("hospital", .string(declined.hospital)), ("reason", .string(declined.reason))])
    }
    return [
      ("round", .integer(round.round)), ("answered", .strings(round.answered)),
      ("missing", .strings(round.missing)), ("declined", .array(declined)),
      ("episodes", .integer(round.episodes)), ("lossBefore", .real(round.lossBefore)),
      ("lossAfter", .real(round.lossAfter)), ("updated", .bool(round.updated)),
      ("sha256", .string(round.sha256)),
    ] + lateness(of: round)
  }

  /// What only rounds have in which answers may be late or stale, an act by time begins, or hospitals solve
  /// for what they send.
  private static func lateness(of round: RoundRecord) -> [(name: String, value: JSON)] {
    let late = round.late.map { ("late", $0.json) }
    let staleness = round.staleness.map { staleness in
      let members: [(name: String, value: JSON)] = [
        ("mean", .real(staleness.mean)), ("greatest", .integer(staleness.greatest)),
      ]
      return ("staleness", JSON.object(members))
    }
    let earlier = round.earlier.map { answers in
      let answers = answers.map { answer in
        JSON.object([("hospital", .string(answer.hospital)), ("begun", .integer(answer.begun))])
      }
      return ("earlier", JSON.array(answers))
    }
    let residuals = round.residuals.map { left in
      let members: [(name: String, value: JSON)] = [
        ("inner", .real(left.inner)), ("solver", .real(left.solver)),
      ]
      return ("residuals", JSON.object(members))
    }
    let acts = round.acts.map { ("acts", JSON.integers($0)) }
    return [late, staleness, earlier, acts, residuals].compactMap(\.self)
  }

  private static func members(
    of evaluation: Evaluation, in scenario: Scenario
  ) -> [(name: String, value: JSON)] {
    [
      ("round", .integer(evaluation.round)), ("final", .bool(evaluation.final)),
      ("means", EvaluationJSON(evaluation, of: scenario).means),
      ("missing", .strings(evaluation.missing)),
    ]
  }

  private static func members(of ending: Ending) -> [(name: String, value: JSON)] {
    [
      ("outcome", .string(ending.outcome.rawValue)), ("reason", .string(ending.reason)),
      ("round", .integer(ending.round)),
      ("sha256", .string(MetaParameters.digest(of: ending.parameters))),
    ]
  }
}

extension RoundRecord.Late {
  /// The counts, as journal and results tell them.
  var json: JSON {
    .object([("used", .integer(used)), ("dropped", .integer(dropped))])
  }

  /// The counts of both together; `nil` where neither was counted.
  static func sum(_ one: Self?, _ other: Self?) -> Self? {
    guard let one, let other else { return one ?? other }
    return Self(used: one.used + other.used, dropped: one.dropped + other.dropped)
  }
}

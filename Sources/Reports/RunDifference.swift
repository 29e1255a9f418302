import Federation
public import Scenarios

/// In what two runs differ: their scenarios key by key, and where their journals part.
public struct RunDifference: Sendable {
  private let one: RecordedRun
  private let other: RecordedRun
  /// The settings in which the scenarios differ.
  public let settings: [SettingDifference]
  /// Where the journals part; `nil` where they say the same.
  public let parting: Parting?

  /// Compares two runs.
  public init(_ one: RecordedRun, _ other: RecordedRun) {
    self.one = one
    self.other = other
    settings = one.scenario.differences(to: other.scenario)
    parting = Parting.between(one, other)
  }

  /// Whether neither the scenarios nor the journals differ.
  public var isNone: Bool { settings.isEmpty && parting == nil }
}

// MARK: For people

extension RunDifference {
  /// What differs, in lines that end with a line feed.
  public var text: String {
    "one    \(one.path)\nother  \(other.path)\n\n" + scenarios + "\n" + journals
  }

  private var scenarios: String {
    guard !settings.isEmpty else { return "The scenarios are the same.\n" }
    let width = (settings.map(\.path.count).max() ?? 0) + 2
    let rows = settings.map { setting in
      let values = [setting.one, setting.other].map { $0 ?? "–" }
      return "  \(setting.path.trailing(width))\(values[0])  |  \(values[1])\n"
    }
    return "The scenarios differ in \(counted(settings.count, "setting")):\n" + rows.joined()
  }

  private var journals: String {
    let common = min(one.rounds.count, other.rounds.count) - 1
    switch parting {
    case nil:
      return "The runs are the same in \(counted(max(0, common), "round")).\n"
    case .round(let mine, let theirs):
      let before =
        mine.round > 0 ? "The runs are the same before round \(mine.round), where" : "In round 0"
      return before + " they part:\n" + mine.lines.map { "  one    \($0)\n" }.joined()
        + theirs.lines.map { "  other  \($0)\n" }.joined()
    case .evaluation(let round):
      return
        "The runs are the same in \(counted(round, "round")); the evaluation after it differs.\n"
    case .length(let mine, let theirs):
      return "The runs are the same in \(counted(max(0, common), "round")); one goes to round"
        + " \(mine), the other to round \(theirs).\n"
    }
  }
}

// MARK: For programs

extension RunDifference {
  /// What differs as JSON, which ends with a line feed.
  ///
  /// `parting.kind` is `round`, `evaluation` or `length`; `null` stands for no parting. What there
  /// are two of is an array, that of the one run first.
  public var json: String {
    JSON.object([
      ("same", .bool(isNone)), ("runs", .strings([one.path, other.path])),
      ("scenario", .array(settings.map(json))), ("parting", partingJSON),
      ("rounds", .integers([one, other].map { max(0, $0.rounds.count - 1) })),
      ("outcomes", .array([one, other].map { JSON($0.ending?.outcome.rawValue) })),
    ]).indented() + "\n"
  }

  private func json(_ setting: SettingDifference) -> JSON {
    .object([
      ("key", .string(setting.path)),
      ("values", .array([JSON(setting.one), JSON(setting.other)])),
    ])
  }

  private var partingJSON: JSON {
    switch parting {
    case nil: .null
    case .round(let mine, let theirs):
      .object([
        ("kind", .string("round")), ("round", .integer(mine.round)),
        ("runs", .array([Journal.object(of: mine), Journal.object(of: theirs)])),
      ])
    case .evaluation(let round):
      .object([("kind", .string("evaluation")), ("round", .integer(round))])
    case .length(let mine, let theirs):
      .object([("kind", .string("length")), ("rounds", .integers([mine, theirs]))])
    }
  }
}

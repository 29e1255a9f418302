import Scenarios

extension SelectionResult {
  /// The text for people.
  public var text: String { SelectionTable(result: self).text }

  /// What choosing came to, in a sentence.
  public var conclusion: String { SelectionTable(result: self).conclusion }

  /// Puts everything in files of the directory, whole: `choices.json`, `choices.csv` and `choices.txt`.
  public func write(to directory: SelectionDirectory) throws(RunFilesError) {
    try directory.write(json, to: "choices.json")
    try directory.write(csv, to: "choices.csv")
    try directory.write(text, to: "choices.txt")
  }

  /// A row for each hospital and size of support set.
  var csv: String {
    let head = ["group", "hospital", "shots", "method", "contender", "validation", metric.rawValue]
    let lines = rows.map { row in
      let figures = [row.choice?.validation, row.own, row.first, row.best]
      return [row.group.rawValue, row.hospital, "\(row.shots)", row.choice?.method ?? ""]
        + [row.choice?.contender ?? ""] + figures.map { $0?.description ?? "" }
    }
    return CommaSeparated.text([head + ["first", "best"]] + lines)
  }

  /// The text of `choices.json`, which ends with a line feed.
  public var json: String {
    let scenario = selection.methods.first?.scenario
    return JSON.object([
      ("scenario", .string(selection.name)), ("seed", .integer(scenario?.seed ?? 0)),
      ("metric", .string(metric.rawValue)),
      ("validation", .integer(scenario?.evaluation.validation ?? 0)),
      ("conclusion", .string(conclusion)), ("methods", .array(results.map(method))),
      ("trainingBytes", traffic?.json ?? .null),
      ("groups", .array(groups.map(group))), ("choices", .array(rows.map(\.json))),
    ]).indented() + "\n"
  }

  private func method(_ result: CellResult) -> JSON {
    .object([
      ("method", .string(result.cell.method ?? "")), ("outcome", .string(result.outcome)),
      ("rounds", result.file.roundsClosed.map { .integer($0) } ?? .null),
      ("metaParametersSHA256", result.file.metaParametersSHA256.map { .string($0) } ?? .null),
      ("trainingBytes", result.traffic?.json ?? .null),
    ])
  }

  private func group(_ group: GroupChoices) -> JSON {
    .object([
      ("group", .string(group.group.rawValue)),
      ("hospitals", .integer(group.figures.places.count)),
      (
        "results",
        .array(group.figures.shots.map { results(of: group, shots: $0) })
      ),
    ])
  }

  private func results(of group: GroupChoices, shots: Int) -> JSON {
    let own = group.own(shots: shots).flatMap { ComparedFigures.mean($0.compactMap { $0 }) }
    let choices = group.choices.byShots[shots] ?? []
    return .object([
      ("shots", .integer(shots)), ("mean", .real(own)),
      ("first", json(methods.first.flatMap { group.rule($0, shots: shots) })),
      ("best", json(group.best(shots: shots).flatMap { group.rule($0, shots: shots) })),
      (
        "chosen",
        .object(methods.map { name in (name, .integer(choices.count { $0?.method == name })) })
      ),
    ])
  }

  private func json(_ rule: GroupChoices.Rule?) -> JSON {
    guard let rule else { return .null }
    return .object([
      ("method", .string(rule.method)), ("contender", .string(rule.contender)),
      ("mean", .real(rule.mean)), ("difference", .real(rule.gain.mean)),
      ("low", .real(rule.gain.interval?.low)), ("high", .real(rule.gain.interval?.high)),
    ])
  }
}

// MARK: Hospital by hospital

extension SelectionResult {
  /// What one hospital chose with one size of support set.
  private struct Row {
    var group: HospitalGroup
    var hospital: String
    var shots: Int
    var choice: Choices.Choice?
    /// The figure of what was chosen, and those of the two rules.
    var own, first, best: Double?

    var json: JSON {
      .object([
        ("group", .string(group.rawValue)), ("hospital", .string(hospital)),
        ("shots", .integer(shots)), ("method", choice.map { .string($0.method) } ?? .null),
        ("contender", choice.map { .string($0.contender) } ?? .null),
        ("validation", .real(choice?.validation)), ("figure", .real(own)),
        ("first", .real(first)), ("best", .real(best)),
      ])
    }
  }

  private var rows: [Row] {
    groups.flatMap { group in group.figures.shots.flatMap { rows(of: group, shots: $0) } }
  }

  private func rows(of group: GroupChoices, shots: Int) -> [Row] {
    let first = methods.first.flatMap { group.rule($0, shots: shots) }
    let best = group.best(shots: shots).flatMap { group.rule($0, shots: shots) }
    let own = group.own(shots: shots)
    return group.figures.places.enumerated().map { number, place in
      Row(
        group: group.group, hospital: hospital(place), shots: shots,
        choice: group.choices.byShots[shots]?[number], own: own?[number],
        first: first?.figures[number], best: best?.figures[number])
    }
  }
}

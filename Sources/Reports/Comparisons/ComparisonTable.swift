/// A comparison for people: a table for each size of support set, what each method took, and how
/// many patients of its own a hospital needs to do without the others.
struct ComparisonTable {
  let comparison: Comparison
  let rows: [ComparisonRow]

  init(_ comparison: Comparison) {
    self.comparison = comparison
    rows = comparison.rows()
  }

  /// All tables.
  var text: String {
    let tables = comparison.heldOut.shots.map(table)
    return ([title] + tables + [needs] + chosen + [CostTable(comparison).text, legend + footnote])
      .joined(separator: "\n") + comparison.remarks
  }

  private var metric: Metric { comparison.metric }
  private var unit: String { comparison.example }

  private var title: String {
    let seeds = counted(comparison.seeds.count, "seed")
    let hospitals = counted(
      comparison.hospitalCount, comparison.isOfPatients ? "patient" : "hospital")
    let left =
      comparison.heldOut.incomplete > 0
      ? "; \(comparison.heldOut.incomplete) left out, which not every method was judged at" : ""
    return "\(metric.heading) of held-out \(comparison.isOfPatients ? "patients" : "hospitals"):"
      + " \(hospitals), \(seeds)\(left)\n"
  }
}

// MARK: Figures

extension ComparisonTable {
  /// Contenders that do not depend on the method, but the one model for all.
  private var references: [(contender: String, name: String)] {
    [
      ("support-constant", "constant"), ("fixed-dose", "one dose for all"),
      ("last-value", "last value"), ("support-alone", "own \(unit)s, network"),
      ("support-linear", "own \(unit)s, linear"), ("pooled", "pooled training*"),
      ("best-reachable", "best reachable"),
    ]
  }

  private func table(shots: Int) -> String {
    let here = rows.filter { $0.column.shots == shots }
    let lines =
      [headings] + references(here).map { line($0.name, $0.row) } + [
        Array(repeating: "", count: headings.count)
      ]
      + methods(here).map { line($0.name, $0.row) }
    return "\(counted(shots, unit)) to adapt on\n\n" + Grid(lines, names: 1).text
  }

  private var headings: [String] {
    [
      "", "steps", metric.abbreviation, "95 % interval", "less bar", "95 % interval", "worst",
      "worse",
    ]
      + comparison.others.map(\.abbreviation)
  }

  /// What depends on a hospital's own patients alone, and the one model for all.
  private func references(_ rows: [ComparisonRow]) -> [(name: String, row: ComparisonRow)] {
    let first = comparison.finished.first
    let own = references.compactMap { contender, name in
      rows.first { $0.column.method == first && $0.column.contender == contender }
        .map { (name: name, row: $0) }
    }
    let bar = comparison.bar.method
    let common = [("adapted-0", "\(bar), unadapted"), ("intercept", "\(bar) + intercept")]
      .compactMap { contender, name in
        rows.first { $0.column.method == bar && $0.column.contender == contender }
          .map { (name: name, row: $0) }
      }
    return own.filter { $0.name != "best reachable" } + common
      + own.filter { $0.name == "best reachable" }
  }

  /// The steps of each method that did best at training hospitals, and what else it alone has.
  private func methods(_ rows: [ComparisonRow]) -> [(name: String, row: ComparisonRow)] {
    let known = references.map(\.contender) + ["intercept"]
    return rows.filter { row in
      row.isChosen
        || !row.column.contender.hasPrefix("adapted-")
          && !row.column.contender.hasPrefix("validated-") && !known.contains(row.column.contender)
    }.map { row in
      let isAdapted = row.column.contender.hasPrefix("adapted-")
      let isOwn = isAdapted || row.column.method == Choices.name
      return (row.column.method + (isOwn ? "" : ", " + row.column.contender), row)
    }
  }

  private func line(_ name: String, _ row: ComparisonRow) -> [String] {
    let steps = row.column.contender.hasPrefix("adapted-") ? row.column.contender.dropFirst(8) : ""
    let figure = row.figures[metric]
    let isBar =
      row.column.method == comparison.bar.method
      && row.column.contender == comparison.bar.contender
    return [
      name, String(steps), metric.text(figure?.mean), text(figure?.interval),
      isBar ? "" : signed(row.difference.mean),
      isBar ? "" : text(row.difference.interval, isSigned: true),
      metric.text(row.worst?.figure), worse(row),
    ] + comparison.others.map { $0.text(row.figures[$0]?.mean) }
  }

  private func worse(_ row: ComparisonRow) -> String {
    let (worse, all) = row.worseThanOwn
    return all > 0 ? "\(worse) of \(all)" : "\u{2013}"
  }

  private func text(_ interval: PairedBootstrap.Interval?, isSigned: Bool = false) -> String {
    guard let interval else { return "\u{2013}" }
    let ends = [interval.low, interval.high].map { isSigned ? signed($0) : metric.text($0) }
    return ends.joined(separator: " to ")
  }

  private func signed(_ number: Double?) -> String {
    guard let number else { return "\u{2013}" }
    return (number >= 0 ? "+" : "\u{2212}") + brief(number.magnitude, decimals: 3)
  }

  private var barName: String {
    let bar = comparison.bar
    return bar.contender == "intercept"
      ? "\(bar.method) + intercept" : "\(bar.method)/\(bar.contender)"
  }
}

// MARK: What hospitals chose

extension ComparisonTable {
  /// Who chose what, and what it gained over the one method that does best at training hospitals.
  private var chosen: [String] {
    guard let choices = comparison.choices else { return [] }
    let gains = comparison.heldOut.shots.compactMap(gain).joined()
    return [choices.text(among: comparison.finished) + gains]
  }

  private func gain(shots: Int) -> String? {
    let told = rows.filter { $0.column.shots == shots && $0.isChosen }
    guard let best = comparison.bestAtTraining(shots: shots),
      let own = told.first(where: { $0.column.method == Choices.name })?.figures[metric]?.mean,
      let one = told.first(where: { $0.column.method == best })?.figures[metric]?.mean
    else { return nil }
    return "with \(shots): \(metric.text(own)), where all with \(best), the best at training"
      + " \(comparison.isOfPatients ? "patients" : "hospitals"), have \(metric.text(one)):"
      + " \(signed(own - one))\n"
  }
}

// MARK: How many patients

extension ComparisonTable {
  private var needs: String {
    let shots = comparison.heldOut.shots
    let lines = comparison.finished.map { method in
      [method]
        + shots.map { shots in
          let row = rows.first {
            $0.column.method == method && $0.column.shots == shots && $0.isChosen
          }
          guard let row else { return "\u{2013}" }
          return row.patientsNeeded.map { "\($0)" }
            ?? "more than \(comparison.heldOut.shots.last ?? 0)"
        }
    }
    let head = [["with so many of its own"] + shots.map { "\($0)" }]
    let who = comparison.isOfPatients ? "a patient's" : "a hospital's"
    return "How many \(unit)s \(who) own model needs to do as well as a method\n\n"
      + Grid(head + lines, names: 1).text
  }

  /// What a star stands for, where there is one.
  private var footnote: String {
    guard rows.contains(where: { $0.column.contender == "pooled" }) else { return "" }
    return
      "  *         on all patients together, which no hospital would hand out: of the simulation alone\n"
  }

  private var legend: String {
    let who = comparison.isOfPatients ? "patients" : "hospitals"
    return """
      Means over seeds and \(who), each counting the same; 95 % intervals by a paired bootstrap over both,
      \(PairedBootstrap(places: comparison.heldOut.places).resamples) resamples. Steps are those that did best at training \(who).
        bar       \(barName); less bar: the difference at the same \(who)
        constant  the majority or mean of the support set
        own       a model of the support set alone: the network from fresh parameters, and a regression
                  whose penalty is chosen within the set
        worst     at the \(who.dropLast()) that is served worst; worse: at how many the better of its own models is better

      """
  }
}

/// Lines of cells in columns as wide as need be: names to the left, figures to the right.
struct Grid {
  private let lines: [[String]]
  private let names: Int

  /// Lines of equally many cells, of which the first `names` are names.
  init(_ lines: [[String]], names: Int) {
    self.lines = lines
    self.names = names
  }

  /// The lines, each ended by a line feed.
  var text: String {
    let widths = (lines.first ?? []).indices.map { column in
      lines.map { $0[column].count }.max() ?? 0
    }
    return lines.map { line in
      let cells = zip(line, widths).enumerated().map { place, cell in
        place < names ? cell.0.trailing(cell.1) : cell.0.leading(cell.1)
      }
      let text = cells.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
    }.joined()
  }
}

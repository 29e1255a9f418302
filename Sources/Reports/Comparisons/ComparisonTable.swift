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
    let tables = comparison.heldOut.shots.map(tables)
    let needs = comparison.deciding.map(needs)
    return ([title] + tables + needs + chosen + [CostTable(comparison).text, legend + footnote])
      .joined(separator: "\n") + comparison.remarks
  }

  private var metric: Metric { comparison.metric }
  private var unit: String { comparison.example }
  private var who: String { comparison.isOfPatients ? "patient" : "hospital" }

  private var title: String {
    let seeds = counted(comparison.seeds.count, "seed")
    let hospitals = counted(comparison.hospitalCount, who)
    let left =
      comparison.heldOut.incomplete > 0
      ? "; \(comparison.heldOut.incomplete) left out, which not every method was judged at" : ""
    return "\(metric.heading) of held-out \(who)s:"
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

  /// The tables of a size of support set, one for each measure that decides.
  private func tables(shots: Int) -> String {
    let judged = Set(comparison.heldOut.judged(metric, shots: shots).map(\.hospital)).count
    let here = rows.filter { $0.column.shots == shots }
    let tables = comparison.deciding.map { table(of: here, by: $0) }.joined(separator: "\n")
    return "\(counted(shots, unit)) to adapt on, at \(counted(judged, who))\n\n" + tables
  }

  private func table(of rows: [ComparisonRow], by metric: Metric) -> String {
    let headings = headings(of: metric)
    let lines =
      [headings] + references(rows).map { line($0.name, $0.row, metric) }
      + [Array(repeating: "", count: headings.count)]
      + methods(rows).map { line($0.name, $0.row, metric) }
    return Grid(lines, names: 1).text
  }

  private func headings(of metric: Metric) -> [String] {
    let own = ["95 % interval", "less bar", "95 % interval", "worst", "worse"]
    return ["", "steps", metric.abbreviation] + own + beside(metric).map(\.abbreviation)
  }

  /// The other measures, beside the one that decides first.
  private func beside(_ metric: Metric) -> [Metric] {
    metric == self.metric ? comparison.others : []
  }

  /// What depends on a hospital's own patients alone, and the one model for all: FedAvg's where it was played.
  private func references(_ rows: [ComparisonRow]) -> [(name: String, row: ComparisonRow)] {
    let first = comparison.finished.first
    let own = references.compactMap { contender, name in
      let known = rows.filter { $0.column.contender == contender }
      return (known.first { $0.column.method == first } ?? known.first).map {
        (name: name, row: $0)
      }
    }
    let one = comparison.finished.contains("fedavg") ? "fedavg" : comparison.bar.method
    let common = [("adapted-0", "\(one), unadapted"), ("intercept", "\(one) + intercept")]
      .compactMap { contender, name in
        rows.first { $0.column.method == one && $0.column.contender == contender }
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

  private func line(_ name: String, _ row: ComparisonRow, _ metric: Metric) -> [String] {
    let steps = row.column.contender.hasPrefix("adapted-") ? row.column.contender.dropFirst(8) : ""
    let (figure, standing) = (row.figures[metric], row.standings[metric])
    let isBar =
      row.column.method == comparison.bar.method
      && row.column.contender == comparison.bar.contender
    return [
      name, String(steps), metric.text(figure?.mean), text(figure?.interval, metric),
      isBar ? "" : signed(standing?.difference.mean),
      isBar ? "" : text(standing?.difference.interval, metric, isSigned: true),
      metric.text(standing?.worst?.figure), worse(standing),
    ] + beside(metric).map { $0.text(row.figures[$0]?.mean) }
  }

  private func worse(_ standing: ComparisonRow.Standing?) -> String {
    let (worse, all) = standing?.worseThanOwn ?? (0, 0)
    return all > 0 ? "\(worse) of \(all)" : "\u{2013}"
  }

  private func text(
    _ interval: PairedBootstrap.Interval?, _ metric: Metric, isSigned: Bool = false
  ) -> String {
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
      + " \(who)s, have \(metric.text(one)):"
      + " \(signed(own - one))\n"
  }
}

// MARK: How many patients

extension ComparisonTable {
  private func needs(by metric: Metric) -> String {
    let shots = comparison.heldOut.shots
    let lines = comparison.finished.map { method in
      [method]
        + shots.map { shots in
          let row = rows.first {
            $0.column.method == method && $0.column.shots == shots && $0.isChosen
          }
          return needed(row?.standings[metric]?.patientsNeeded)
        }
    }
    let head = [["with so many of its own"] + shots.map { "\($0)" }]
    let owner = comparison.isOfPatients ? "a patient's" : "a hospital's"
    let measure = metric == self.metric ? "" : ", by \(metric.abbreviation)"
    return "How many \(unit)s \(owner) own model needs to do as well as a method\(measure)\n\n"
      + Grid(head + lines, names: 1).text
  }

  private func needed(_ needed: PatientsNeeded?) -> String {
    guard let needed else { return "\u{2013}" }
    return switch needed.answer {
    case .patients(let count): "\(count) (\(needed.hospitals))"
    case .moreThan(let count): "more than \(count) (\(needed.hospitals))"
    case .unknown: "unknown (\(needed.hospitals))"
    }
  }

  /// What a star stands for, where there is one.
  private var footnote: String {
    guard rows.contains(where: { $0.column.contender == "pooled" }) else { return "" }
    return
      "  *         on all patients together, which no hospital would hand out: of the simulation alone\n"
  }

  private var legend: String {
    """
    Means over seeds and \(who)s, each counting the same; 95 % intervals by a paired bootstrap over both,
    \(PairedBootstrap(places: comparison.heldOut.places).resamples) resamples. Steps are those that did best at training \(who)s\(measureOfSteps).
      bar       \(barName); less bar: the difference at the same \(who)s
      constant  the majority or mean of the support set
      own       a model of the support set alone: the network from fresh parameters, and a regression
                whose penalty is chosen within the set
      worst     at the \(who) that is served worst; worse: at how many the better of its own models is better
      (n)       the \(who)s that were judged with both numbers of \(unit)s, and that the answer is of

    """
  }

  /// By which of two measures steps were chosen.
  private var measureOfSteps: String {
    comparison.deciding.count > 1 ? ", by \(metric.abbreviation)" : ""
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

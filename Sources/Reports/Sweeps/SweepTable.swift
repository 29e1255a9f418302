import Scenarios

/// The figures of all cells of a sweep: as a table for people and as comma-separated values.
public struct SweepTable: Sendable {
  private let keys: [String]
  private let results: [CellResult]

  /// The table of cells in which the values of `keys` vary.
  public init(varying keys: [String], results: [CellResult]) {
    self.keys = keys
    self.results = results
  }
}

// MARK: For programs

extension SweepTable {
  /// The table by RFC 4180: a row for each cell, group of hospitals, size of support set and contender.
  ///
  /// A cell without a final evaluation has one row, without figures. Figures have all their digits.
  public var csv: String {
    let header =
      ["cell"] + varied + ["seed", "outcome", "rounds", "sha256", "group", "hospitals", "shots"]
      + ["contender"] + Metric.allCases.map(\.rawValue)
    return CommaSeparated.text([header] + results.flatMap(rows))
  }

  /// The keys that have a column of their own: the seed has one in any case.
  private var varied: [String] { keys.filter { $0 != "seed" } }

  private func rows(of result: CellResult) -> [[String]] {
    let values = zip(keys, result.cell.overrides).filter { $0.0 != "seed" }.map(\.1.valueText)
    let file = result.file
    let head =
      [result.name] + values + [
        String(file.seed), result.outcome, file.roundsClosed.map(String.init) ?? "",
        file.metaParametersSHA256 ?? "",
      ]
    let rows = result.groups.flatMap { group in
      group.results.map { row in
        head + [group.group, String(group.hospitals), String(row.shots), row.contender]
          + Metric.allCases.map { row.figures[$0]?.description ?? "" }
      }
    }
    let empty = Array(repeating: "", count: 4 + Metric.allCases.count)
    return rows.isEmpty ? [head + empty] : rows
  }
}

// MARK: For people

extension SweepTable {
  /// A row of the table: cells that differ in nothing but their seed.
  private struct Row: Hashable {
    var values: [String]
    var group: String
    var shots: Int
  }

  /// A row for each combination of values, group and size of support set: the measure that decides
  /// first, averaged over seeds where there are several, with their standard deviation.
  public var text: String {
    let rows = figures.map { row, figures in
      names(of: row) + columns.map { text(of: figures[$0] ?? []) }
    }
    let grid = [headings] + rows
    guard !rows.isEmpty else { return remarks }
    let widths = headings.indices.map { column in grid.map { $0[column].count }.max() ?? 0 }
    let lines = grid.map { line in
      zip(line, widths).enumerated().map { place, cell in
        place < nameCount ? cell.0.trailing(cell.1) : cell.0.leading(cell.1)
      }.joined(separator: "  ")
    }
    return title + "\n\n" + lines.joined(separator: "\n") + "\n" + remarks
  }

  private var metric: Metric {
    Metric.reported(for: results.first?.cell.scenario.task.kind ?? .classification)[0]
  }

  private var title: String {
    let seeds = Set(results.map(\.file.seed)).count
    let spread = seeds > 1 ? ", mean and standard deviation over seeds" : ""
    return "\(metric.heading) of \(counted(results.count, "cell"))\(spread)"
  }

  private var headings: [String] {
    varied.map(shortName) + ["group", "shots"] + columns.map(columnName)
  }

  private var nameCount: Int { varied.count + 2 }

  private func names(of row: Row) -> [String] { row.values + [row.group, String(row.shots)] }

  /// The contenders, in the order in which they come up.
  private var columns: [String] {
    let all = results.flatMap(\.groups).flatMap(\.results).map(\.contender)
    let known = all.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    // What can be reached at best stands last, whatever other cells add.
    return known.filter { $0 != "best-reachable" } + known.filter { $0 == "best-reachable" }
  }

  /// The figures of each row, by contender, over the seeds.
  private var figures: [(row: Row, figures: [String: [Double]])] {
    var order: [Row] = []
    var figures: [Row: [String: [Double]]] = [:]
    for result in results {
      let values = zip(keys, result.cell.overrides).filter { $0.0 != "seed" }.map(\.1.valueText)
      for group in result.groups {
        for line in group.results {
          let row = Row(values: values, group: group.group, shots: line.shots)
          if figures[row] == nil { order.append(row) }
          let figure = line.figures[metric].map { [$0] } ?? []
          figures[row, default: [:]][line.contender, default: []] += figure
        }
      }
    }
    return order.map { ($0, figures[$0] ?? [:]) }
  }

  private func text(of figures: [Double]) -> String {
    guard !figures.isEmpty else { return metric.text(nil) }
    let mean = figures.reduce(0, +) / Double(figures.count)
    guard figures.count > 1 else { return metric.text(mean) }
    let squares = figures.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    return metric.text(mean) + " ±"
      + brief((squares / Double(figures.count - 1)).squareRoot(), decimals: 3)
  }

  /// A line for each way in which cells ended otherwise than by finishing.
  private var remarks: String {
    let unfinished = results.filter { $0.outcome != "finished" }
    let lines = unfinished.prefix(12).map { result in
      let values = zip(varied, result.cell.overrides).map { "\($0.0)=\($0.1.valueText)" }
      return
        "  \((values + ["seed=\(result.file.seed)"]).joined(separator: " ")): \(result.outcome):"
        + " \(result.file.reason ?? "")\n"
    }
    let rest = unfinished.count - lines.count
    return lines.joined() + (rest > 0 ? "  \(rest) more did not finish; table.csv has all\n" : "")
  }

  private func columnName(_ contender: String) -> String {
    switch contender {
    case "support-constant": metric == .rootMeanSquaredError ? "mean" : "major"
    case "support-alone": "alone"
    case "support-linear": "lin"
    case "last-value": "last"
    case "intercept": "shift"
    case "fixed-dose": "fixed"
    case "best-reachable": "best"
    default: String(contender.drop { !$0.isNumber })
    }
  }

  /// As much of the end of a dotted path as tells it from the others.
  private func shortName(of key: String) -> String {
    let parts = key.split(separator: ".")
    for count in 1...max(1, parts.count) {
      let name = parts.suffix(count).joined(separator: ".")
      if varied.count(where: { $0 == name || $0.hasSuffix("." + name) }) == 1 { return name }
    }
    return key
  }
}

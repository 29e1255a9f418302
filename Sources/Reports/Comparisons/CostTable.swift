import Foundation

/// What each method of a comparison sent and took, on average over the seeds.
struct CostTable {
  let comparison: Comparison

  init(_ comparison: Comparison) {
    self.comparison = comparison
  }

  /// What a method cost.
  struct Cost {
    var method: String
    /// Rounds that were closed.
    var rounds: Double?
    /// Bytes of all messages to hospitals and from them.
    var down: Double?
    var up: Double?
    /// Processor time in seconds; of what was played on another machine or earlier, as it was then.
    var processorSeconds: Double?
  }

  /// The costs of all methods that have a cell.
  var costs: [Cost] {
    comparison.methods.filter { comparison.results[$0] != nil }.map { method in
      let results = comparison.results[method] ?? []
      return Cost(
        method: method, rounds: mean(results) { $0.file.roundsClosed.map { Double($0) } },
        down: mean(results) { $0.file.bytes.map { Double($0.down) } },
        up: mean(results) { $0.file.bytes.map { Double($0.up) } },
        processorSeconds: mean(results) { $0.usage?.processorSeconds })
    }
  }

  private func mean(_ results: [CellResult], _ figure: (CellResult) -> Double?) -> Double? {
    ComparedFigures.mean(results.compactMap(figure))
  }

  /// The table.
  var text: String {
    let head = ["a run of", "rounds", "kB to hospitals", "kB from hospitals", "processor s"]
    let lines = costs.map { cost in
      [cost.method, number(cost.rounds, 1, decimals: 0), number(cost.down, 1000, decimals: 0)]
        + [number(cost.up, 1000, decimals: 0), number(cost.processorSeconds, 1, decimals: 1)]
    }
    return Grid([head] + lines, names: 1).text
  }

  private func number(_ number: Double?, _ unit: Double, decimals: Int) -> String {
    number.map { fixed($0 / unit, decimals: decimals) } ?? "\u{2013}"
  }
}

/// What each method of a comparison took, on average over the seeds.
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
    /// Processor time in seconds; of what was played on another machine or earlier, as it was then.
    var processorSeconds: Double?
  }

  /// The costs of all methods that have a cell.
  var costs: [Cost] {
    comparison.methods.filter { comparison.results[$0] != nil }.map { method in
      let results = comparison.results[method] ?? []
      return Cost(
        method: method, rounds: mean(results) { $0.file.roundsClosed.map { Double($0) } },
        processorSeconds: mean(results) { $0.usage?.processorSeconds })
    }
  }

  private func mean(_ results: [CellResult], _ figure: (CellResult) -> Double?) -> Double? {
    ComparedFigures.mean(results.compactMap(figure))
  }

  /// The table.
  var text: String {
    let head = ["a run of", "rounds", "processor s"]
    let lines = costs.map { cost in
      [cost.method, number(cost.rounds, decimals: 0), number(cost.processorSeconds, decimals: 1)]
    }
    return Grid([head] + lines, names: 1).text
  }

  private func number(_ number: Double?, decimals: Int) -> String {
    number.map { fixed($0, decimals: decimals) } ?? "\u{2013}"
  }
}

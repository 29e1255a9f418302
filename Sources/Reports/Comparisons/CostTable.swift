import Federation

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
    /// Bytes that training sent to hospitals.
    var bytesDown: Double?
    /// Bytes that hospitals sent in training.
    var bytesUp: Double?
  }

  /// The costs of all methods that have a cell, and of hospitals' own choices among them: who chooses
  /// between methods has trained them all.
  var costs: [Cost] {
    let own = methods
    guard let chosen = comparison.choices?.methods else { return own }
    let all = own.filter { chosen.contains($0.method) }
    return own + [
      Cost(
        method: Choices.name, rounds: sum(all.map(\.rounds)),
        processorSeconds: sum(all.map(\.processorSeconds)), bytesDown: sum(all.map(\.bytesDown)),
        bytesUp: sum(all.map(\.bytesUp)))
    ]
  }

  private func sum(_ figures: [Double?]) -> Double? {
    let known = figures.compactMap { $0 }
    return known.count == figures.count ? known.reduce(0, +) : nil
  }

  private var methods: [Cost] {
    comparison.methods.filter { comparison.results[$0] != nil }.map { method in
      let results = comparison.results[method] ?? []
      return Cost(
        method: method, rounds: mean(results) { $0.file.roundsClosed.map { Double($0) } },
        processorSeconds: mean(results) { $0.usage?.processorSeconds },
        bytesDown: mean(results) { $0.traffic.map { Double($0.down) } },
        bytesUp: mean(results) { $0.traffic.map { Double($0.up) } })
    }
  }

  private func mean(_ results: [CellResult], _ figure: (CellResult) -> Double?) -> Double? {
    ComparedFigures.mean(results.compactMap(figure))
  }

  /// The table.
  var text: String {
    let head = ["a run of", "rounds", "to hospitals", "from hospitals", "processor s"]
    let lines = costs.map { cost in
      [
        cost.method, number(cost.rounds, decimals: 0), bytes(cost.bytesDown), bytes(cost.bytesUp),
        number(cost.processorSeconds, decimals: 1),
      ]
    }
    return Grid([head] + lines, names: 1).text
  }

  private func bytes(_ number: Double?) -> String {
    number.map { inBytes(Int($0.rounded())) } ?? "\u{2013}"
  }

  private func number(_ number: Double?, decimals: Int) -> String {
    number.map { fixed($0, decimals: decimals) } ?? "\u{2013}"
  }

  /// The same as comma-separated values, with all digits.
  var csv: String {
    let head = ["method", "rounds", "trainingBytesDown", "trainingBytesUp", "processorSeconds"]
    let lines = costs.map { cost in
      [cost.method]
        + [cost.rounds, cost.bytesDown, cost.bytesUp, cost.processorSeconds].map {
          $0?.description ?? ""
        }
    }
    return CommaSeparated.text([head] + lines)
  }
}

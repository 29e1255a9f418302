import ArgumentParser
import Options
import Reports
import Scenarios

/// `replay sweep`: plays every combination of settings.
struct Sweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play every combination of settings of a scenario, and print one table.",
    discussion: """
      Each cell, a combination of one value of every --vary and one seed, is a run of its own. What is \
      wrong with any cell is printed before any is played. A sweep that was interrupted or killed goes \
      on where it was when it is given again: cells that have come to their end are found by the digest \
      of their scenario, and half-played ones are played anew. Other values may be added in the same way.

      Values are YAML, separated by commas: --vary 'evaluation.steps=[0, 1],[0, 5]'.

      The table shows the measure that decides first, averaged over seeds; table.csv has every figure of \
      every cell.

      EXAMPLES
        replay sweep Scenarios/default.yaml --vary algorithm.inner.steps=1,3,5 --seeds 3
        replay sweep Scenarios/default.yaml --vary algorithm.inner.rate=0.05,0.1,0.2 --vary task.support=8,16
      """)

  /// Cells beyond which a sweep is taken for a mistake.
  static let cellLimit = 100_000

  @Option(
    name: .customLong("vary"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting and its values. May be repeated.", valueName: "key.path=value,value,…"))
  var vary: [String] = []

  @OptionGroup var options: CellOptions

  func validate() throws {
    if vary.isEmpty, options.seeds == nil {
      throw ValidationError("there is nothing to vary: name a --vary, or --seeds.")
    }
  }

  func run() async throws {
    try await reporting {
      let variations = try vary.map { text throws(ScenarioProblems) in try Variation(text) }
      try check(variations)
      let cells = try options.changes.cells(
        at: options.scenario, varying: variations, seeds: options.seeds)
      let place = try options.place(of: cells, below: "sweeps")
      let status = try await CellEngine(options, cells, in: place).play()
      guard status == .success else { return status }
      try conclude(cells, varying: variations.map(\.key), in: place)
      return .success
    }
  }

  private func check(_ variations: [Variation]) throws {
    let keys = variations.map(\.key)
    if let twice = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
      throw ValidationError("\(twice) is varied twice; accepted is one --vary for each key.")
    }
    if let both = keys.first(where: options.changes.givenKeys.contains) {
      throw ValidationError("\(both) is set and varied: leave --set or --vary of it out.")
    }
    for variation in variations {
      let values = variation.overrides.map(\.valueText)
      guard let twice = values.first(where: { value in values.count { $0 == value } > 1 }) else {
        continue
      }
      throw ValidationError("\(variation.key) takes the value \(twice) twice; once is enough.")
    }
    if options.seeds != nil, keys.contains("seed") {
      throw ValidationError("seed is varied twice: leave --seeds or --vary seed out.")
    }
    let count = variations.reduce(Double(options.seeds ?? 1)) { $0 * Double($1.overrides.count) }
    if count > Double(Self.cellLimit) {
      throw ValidationError("the combinations are more than \(Self.cellLimit); vary less at once.")
    }
  }

  private func conclude(
    _ cells: [SweepCell], varying keys: [String], in place: SweepDirectory
  ) throws {
    let table = SweepTable(varying: keys, results: cells.compactMap { place.result(of: $0) })
    let file = try place.write(table)
    try StandardStream.output.print(table.text, kept: file)
    StandardStream.error.write("kept in \(file)\n")
  }
}

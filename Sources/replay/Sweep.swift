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

  @Argument(help: "The scenario whose settings are varied.")
  var scenario: String

  @Option(
    name: .customLong("vary"), parsing: .singleValue,
    help: ArgumentHelp(
      "A setting and its values. May be repeated.", valueName: "key.path=value,value,…"))
  var vary: [String] = []

  @Option(
    help: ArgumentHelp("Play every combination with the seeds 1 to this.", valueName: "count"))
  var seeds: Int?

  @Option(
    help: ArgumentHelp("Cells that are played at once. Default: the processor's cores."))
  var jobs: Int?

  @Option(help: "What each cell is played in: one process and a virtual clock, or real processes.")
  var engine = Play.Engine.simulated

  @Option(
    help: ArgumentHelp(
      "Node processes of each cell that share the hospitals, of --engine processes.",
      valueName: "count"))
  var processes: Int?

  @Option(help: ArgumentHelp("The directory that holds the data sets.", valueName: "directory"))
  var data: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "The directory for the cells and the table. Default: sweeps/ and the scenario's name.",
      valueName: "directory"))
  var directory: String?

  @OptionGroup var changes: ScenarioOptions

  func validate() throws {
    for (name, value) in [("--seeds", seeds), ("--jobs", jobs), ("--processes", processes)] {
      if let value, value < 1 {
        throw ValidationError("\(name) is \(value); accepted is 1 or more.")
      }
    }
    if vary.isEmpty, seeds == nil {
      throw ValidationError("there is nothing to vary: name a --vary, or --seeds.")
    }
    if seeds != nil, changes.givesSeed {
      throw ValidationError("--seed and --seeds exclude each other: leave one of them out.")
    }
  }

  func run() async throws {
    try await reporting {
      let variations = try vary.map { text throws(ScenarioProblems) in try Variation(text) }
      try check(variations)
      let cells = try changes.cells(at: scenario, varying: variations, seeds: seeds)
      let place = try SweepDirectory(
        path: directory ?? "sweeps/" + (cells.first?.scenario.name ?? "sweep"))
      let status = try await SweepEngine(self, cells, in: place).play()
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
    if seeds != nil, keys.contains("seed") {
      throw ValidationError("seed is varied twice: leave --seeds or --vary seed out.")
    }
    let count = variations.reduce(Double(seeds ?? 1)) { $0 * Double($1.overrides.count) }
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

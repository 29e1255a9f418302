import ArgumentParser
import Options
import Reports
import Scenarios

/// What is asked of runs that are played as cells: of which scenario, with which seeds, in what, how
/// many at once, and where.
struct CellOptions: ParsableArguments {
  @Argument(help: "The scenario that all are runs of.")
  var scenario: String

  @Option(help: ArgumentHelp("Play each with the seeds 1 to this.", valueName: "count"))
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
      "The directory for the cells and the table. Default: below ./sweeps, ./comparisons or ./tunings,"
        + " by the scenario's name.",
      valueName: "directory"))
  var directory: String?

  @OptionGroup var changes: ScenarioOptions

  func validate() throws {
    for (name, value) in [("--seeds", seeds), ("--jobs", jobs), ("--processes", processes)] {
      if let value, value < 1 {
        throw ValidationError("\(name) is \(value); accepted is 1 or more.")
      }
    }
    if seeds != nil, changes.givesSeed {
      throw ValidationError("--seed and --seeds exclude each other: leave one of them out.")
    }
  }

  /// The directory of these cells: the one asked for, or one below `family`.
  func place(of cells: [SweepCell], below family: String) throws -> SweepDirectory {
    try SweepDirectory(path: directory ?? family + "/" + (cells.first?.scenario.name ?? "cells"))
  }
}

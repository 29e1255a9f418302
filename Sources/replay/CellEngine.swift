import Glibc
import Options
import Reports
import Scenarios

/// Plays the cells of a sweep or a comparison, each in a process of its own, some at once.
struct CellEngine {
  let options: CellOptions
  let place: SweepDirectory
  let cells: [SweepCell]

  /// The cells to be played; those that come to the same scenario are one.
  private let different: [SweepCell]

  init(_ options: CellOptions, _ cells: [SweepCell], in place: SweepDirectory) {
    self.options = options
    self.place = place
    self.cells = cells
    var seen: Set<String> = []
    different = cells.filter { seen.insert(place.run(of: $0)).inserted }
  }

  /// Something that one of the tasks of a sweep waited for.
  private enum Happening {
    case ended(place: Int, ChildEnding)
    case stopRequested
    case watchOver
  }

  /// What is still to be played, what is under way, and how it went.
  private struct Standing {
    var waiting: ArraySlice<SweepCell>
    var running: [Int: (cell: SweepCell, child: Child, pipe: ParentPipe)] = [:]
    var started = 0
    var done: Int
    var status = ExitStatus.success
  }

  /// Plays the cells that have not come to their end; returns when no process of it is left.
  ///
  /// A cell that cannot be played ends it all, once those that are under way have ended.
  func play() async throws -> ExitStatus {
    let waiting = different.filter { place.result(of: $0) == nil }
    var standing = Standing(waiting: waiting[...], done: different.count - waiting.count)
    if standing.done > 0 { Notice.write("\(progress(standing)) were played before") }
    let program = try Programs.own()
    let signals = StopSignals()
    return try await withThrowingTaskGroup(of: Happening.self) { group in
      group.addTask {
        for await _ in signals.first {}
        return signals.isRaised ? .stopRequested : .watchOver
      }
      while true {
        try fill(&standing, program, &group)
        guard !standing.running.isEmpty, let happening = try await group.next() else { break }
        take(happening, &standing)
      }
      group.cancelAll()
      return signals.isRaised ? .interrupted : standing.status
    }
  }
}

// MARK: Starting and ending

extension CellEngine {
  private var jobs: Int { options.jobs ?? max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

  /// Starts cells until as many are under way as may be.
  private func fill(
    _ standing: inout Standing, _ program: String,
    _ group: inout ThrowingTaskGroup<Happening, any Error>
  ) throws {
    while standing.status == .success, standing.running.count < jobs,
      let cell = standing.waiting.popFirst()
    {
      place.clear(cell)
      let pipe = try ParentPipe()
      let child = Child.cell(
        program, name: cell.title, arguments: arguments(of: cell), tied: pipe)
      let number = standing.started
      standing.running[number] = (cell, child, pipe)
      standing.started += 1
      group.addTask { .ended(place: number, await child.ending) }
    }
  }

  private func arguments(of cell: SweepCell) -> [String] {
    ["play", options.scenario, "--engine=\(options.engine.rawValue)", "--quiet"]
      + ["--run=\(place.run(of: cell))"] + options.changes.arguments
      + (cell.method.map { ["--method=\($0)"] } ?? [])
      + (cell.overrides + cell.conditions).map { "--set=\($0.text)" }
      + (cell.seed.map { ["--seed=\($0)"] } ?? [])
      + (options.data.map { ["--data=\($0)"] } ?? [])
      + (options.processes.map { ["--processes=\($0)"] } ?? [])
  }

  private func take(_ happening: Happening, _ standing: inout Standing) {
    switch happening {
    case .ended(let number, let ending):
      guard let (cell, _, pipe) = standing.running.removeValue(forKey: number) else { return }
      pipe.release()
      note(ending, of: cell, &standing)
    case .stopRequested:
      standing.waiting = []
      for (_, child, _) in standing.running.values { child.end() }
    case .watchOver: break
    }
  }

  private func note(_ ending: ChildEnding, of cell: SweepCell, _ standing: inout Standing) {
    if let result = place.result(of: cell) {
      standing.done += 1
      return Notice.write("\(progress(standing)): \(cell.title) \(result.outcome)")
    }
    guard ending.status != .interrupted else { return }
    Notice.write("error: the cell \(cell.title) \(ending.sentence)")
    standing.status = ending.status == .success ? .failed : ending.status
  }

  private func progress(_ standing: Standing) -> String {
    "\(standing.done) of \(different.count) cells"
  }
}

extension SweepCell {
  /// What tells it from the other cells.
  fileprivate var title: String {
    ((method.map { [$0] } ?? []) + overrides.map(\.text) + (seed.map { ["seed=\($0)"] } ?? []))
      .joined(separator: " ")
  }
}

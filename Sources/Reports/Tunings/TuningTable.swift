import Scenarios

extension Tuning {
  /// Trials that are printed; the file has all.
  private static let listed = 20

  /// Puts all trials in a file of the directory, whole: `trials.csv`, the best first.
  ///
  /// - Returns: The text for people, and the path of the file.
  public func write(
    to directory: SweepDirectory
  ) throws(RunFilesError) -> (text: String, file: String) {
    let head = keys + ["outcome", "steps", metric.rawValue, "standardError"]
    let rows = trials.map { trial in
      trial.settings.map(\.valueText) + [trial.complaints.first ?? "finished"]
        + [steps(of: trial), trial.score?.description ?? "", trial.error?.description ?? ""]
    }
    return (text, try directory.write(CommaSeparated.text([head] + rows), to: "trials.csv"))
  }

  private var keys: [String] {
    trials.first?.settings.map { $0.path.joined(separator: ".") } ?? []
  }

  /// The steps of adaptation that did best, or who was scored where nobody adapts by steps.
  private func steps(of trial: Trial) -> String {
    guard let contender = trial.contender else { return "" }
    return contender.hasPrefix("adapted-")
      ? String(contender.dropFirst("adapted-".count)) : contender
  }

  /// The best trials, and how the best is played.
  var text: String {
    let count = folds.hospitals.map(\.count).reduce(0, +)
    let title =
      "\(metric.heading) of \(counted(trials.count, "trial")), validated at \(counted(count, "training hospital"))"
      + " in \(counted(folds.hospitals.count, "fold"))\n\n"
    let lines = trials.prefix(Self.listed).map { trial in
      trial.settings.map(\.valueText) + [steps(of: trial), metric.text(trial.score)]
        + [trial.error.map { brief($0, decimals: 3) } ?? "\u{2013}"]
    }
    let grid = Grid(
      [keys + ["steps", metric.abbreviation, "std. error"]] + lines, names: keys.count)
    let more =
      trials.count > Self.listed ? "\(trials.count - Self.listed) more in trials.csv\n" : ""
    return title + grid.text + more + complaints + best
  }

  private var complaints: String {
    let failed = trials.filter { !$0.complaints.isEmpty }
    guard let first = failed.first else { return "" }
    return "\(counted(failed.count, "trial")) did not finish, such as"
      + " \(first.settings.map(\.text).joined(separator: " ")): \(first.complaints[0])\n"
  }

  private var best: String {
    guard let trial = trials.first, trial.score != nil else { return "\nNo trial finished.\n" }
    let settings = trial.settings.map { "--set \($0.text)" }.joined(separator: " ")
    let isAdapted = trial.contender?.hasPrefix("adapted-") == true
    let scored =
      isAdapted ? "with \(steps(of: trial)) steps of adaptation" : "by \(steps(of: trial))"
    return "\nBest, \(scored): \(settings)\n"
  }
}

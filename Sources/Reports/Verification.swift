public import Federation
import Scenarios

/// Holds a run that is played again to its journal, as it goes.
public final class Verification: RunObserver {
  private let run: RecordedRun
  private let watcher: any RunObserver
  private var rounds = 0
  private var evaluations = 0
  private var reason = ""
  /// Where the run went another way than its journal says; `nil` as long as it has not.
  public private(set) var parting: Parting?

  /// The other files of a finished run, once they were compared as well.
  private var files: LeftFiles?

  /// Holds a run to the journal of `run`; `watcher` gets its events as well.
  public init(of run: RecordedRun, watcher: any RunObserver) {
    self.run = run
    self.watcher = watcher
  }

  /// Whether there is nothing left to compare, or no need to.
  public var isOver: Bool {
    parting != nil || rounds == run.rounds.count && evaluations == run.evaluations.count
  }

  /// Compares a run that was played again with the journal, as far as that goes.
  public func compare(_ again: RecordedRun) {
    rounds = min(run.rounds.count, again.rounds.count)
    evaluations = min(run.evaluations.count, again.evaluations.count)
    parting = Parting.between(run, again)
    reason = again.ending?.reason ?? "it has no end"
    if case .length(let one, let other) = parting, one < other { parting = nil }
  }

  /// Compares the other files that the run has left with `results`, the text of `results.json` that came out;
  /// only of a run that finished, and whose journal is proven.
  ///
  /// - Throws: ``RunFilesError`` where a file cannot be read.
  public func compareFiles(results: String) throws(RunFilesError) {
    guard isOver, parting == nil, run.ending?.outcome == .finished else { return }
    files = try LeftFiles(of: run, results: results)
  }

  /// The same, by what a run in a directory of its own has left.
  public func compareFiles(_ again: RecordedRun) throws(RunFilesError) {
    guard let bytes = try InputFile(again.path + "/results.json")?.rest() else { return }
    // For how long answers were waited for is in the scenario's digest, and in the bytes that were sent.
    let told = RunResults(of: run.scenario).json(of: run).split(separator: "\n")
      .filter { $0.hasPrefix(#"  "scenarioDigest""#) || $0.hasPrefix(#"  "trainingBytes""#) }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let results = lines.map { line in
      told.first { $0.prefix { $0 != ":" } == line.prefix { $0 != ":" } } ?? line
    }
    try compareFiles(results: results.joined(separator: "\n"))
  }

  /// Whether nothing was found that differs.
  public var isProven: Bool { parting == nil && files?.difference == nil }

  /// Compares what happened with the journal.
  public func observe(_ event: RunEvent) throws {
    try watcher.observe(event)
    guard !isOver else { return }
    switch event {
    case .roundClosed(let round): compare(round)
    case .evaluated(let evaluation): compare(evaluation)
    case .ended(let ending): note(ending)
    default: break
    }
  }

  private func compare(_ round: RoundRecord) {
    // Here the journal goes on with an evaluation.
    guard rounds < run.rounds.count else { return parting = .evaluation(after: rounds - 1) }
    if !run.rounds[rounds].isSame(as: round) {
      parting = .round(one: run.rounds[rounds], other: round)
    }
    rounds += 1
  }

  private func compare(_ evaluation: Evaluation) {
    guard evaluations < run.evaluations.count else { return }
    let line = Journal.line(of: .evaluated(evaluation), in: run.scenario)
    if line != run.evaluations[evaluations].line { parting = .evaluation(after: evaluation.round) }
    evaluations += 1
  }

  private func note(_ ending: Ending) {
    // An interruption is how whoever has seen enough ends it.
    guard ending.outcome != .interrupted else { return }
    parting = .length(one: run.rounds.count - 1, other: rounds - 1)
    reason = ending.reason
  }
}

// MARK: For people

extension Verification {
  /// What has been found, in a few lines that end with a line feed.
  public var text: String {
    switch parting {
    case nil: files?.difference.map(accusation) ?? proof
    case .round(let one, let other):
      "\(run.path): round \(one.round) went another way than the journal says\n"
        + one.lines.map { "  journal  \($0)\n" }.joined()
        + other.lines.map { "  again    \($0)\n" }.joined() + caveat
    case .evaluation(let round):
      "\(run.path): all rounds until then are proven, but the evaluation after"
        + " \(counted(round, "round")) gives other figures than the journal says\n" + caveat
    case .length(let one, let other):
      "\(run.path): the journal closes round \(one), and played again the run ended after round"
        + " \(other): \(reason)\n" + caveat
    }
  }

  private func accusation(_ difference: LeftFiles.Difference) -> String {
    "\(run.path): the journal is proven, but \(difference.file) is not what the run left: \(difference.found)\n"
      + (difference.file == "results.json" ? Self.wording : "") + Self.promise
  }

  private var caveat: String {
    guard let key = run.scenario.federation.decidedByTime, run.course == nil else {
      return Self.promise
    }
    return
      "With \(key) it is a matter of real time what counts, and this journal, of an earlier version, does not"
      + " tell all of it: only a run of the simulated engine can be proven. Of one of real processes this says"
      + " nothing.\n" + Self.promise
  }

  private static let wording =
    "Another version of the program may word results in another way.\n"

  private static let promise =
    "Bits are promised per type of machine: another processor, or another build of the libraries for"
    + " numbers, may round in another way.\n"

  private var proof: String {
    let last = run.rounds.last
    let rounds = counted(max(0, run.rounds.count - 1), "round")
    let judged = evaluations > 0 ? " and \(counted(evaluations, "evaluation"))" : ""
    let told = ["the journal"] + (files?.compared ?? [])
    return "\(run.path): proven: \(rounds)\(judged), played again, gave what \(told.listed)"
      + " \(told.count == 1 ? "says" : "say")\(end)\n  sha256 \(last?.sha256 ?? "of nothing")\(losses)\n"
  }

  private var losses: String {
    let rounds = run.rounds.dropFirst().count { !$0.missing.isEmpty }
    return rounds == 0
      ? "" : "\n  in \(counted(rounds, "round")) hospitals were missing, and were so again"
  }

  private var end: String {
    guard let ending = run.ending else { return "; it has not ended" }
    return ending.outcome == .finished ? "" : "; it ended: \(ending.reason)"
  }
}

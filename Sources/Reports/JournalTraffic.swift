import Federation
import Foundation

/// Counts what training has sent, and the answers that were late, out of the lines of a journal.
struct JournalTraffic {
  private var count: TrafficCount
  /// The late answers; `nil` where they were not counted.
  private(set) var late: RoundRecord.Late?

  /// What training has sent.
  var sent: Traffic { count.total }

  /// What the rounds in the first `bytes` bytes of the journal at `path` have sent, and that in `line`,
  /// which may not stand there yet.
  init(
    in path: String, upTo bytes: Int = .max, and line: [UInt8] = [], of experiment: Experiment
  ) throws(RunFilesError) {
    count = TrafficCount(of: experiment)
    var read = 0
    try InputFile(path)?.eachLine { line in
      read += line.count
      if read <= bytes { note(line) }
    }
    note(line[...])
  }

  private mutating func note(_ line: ArraySlice<UInt8>) {
    guard line.starts(with: Journal.round.utf8),
      let round = try? JSONDecoder.ofRuns.decode(RoundRecord.self, from: Data(line))
    else { return }
    count.note(round)
    late = RoundRecord.Late.sum(late, round.late)
  }
}

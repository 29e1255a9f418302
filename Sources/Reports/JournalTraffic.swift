import Federation
import Foundation

/// Counts what training has sent out of the lines of a journal.
enum JournalTraffic {
  /// What the rounds in the first `bytes` bytes of the journal at `path` have sent, and that in `line`,
  /// which may not stand there yet.
  static func counted(
    in path: String, upTo bytes: Int = .max, and line: [UInt8] = [], of experiment: Experiment
  ) throws(RunFilesError) -> Traffic {
    var count = TrafficCount(of: experiment)
    var read = 0
    try InputFile(path)?.eachLine { line in
      read += line.count
      if read <= bytes { note(line, in: &count) }
    }
    note(line[...], in: &count)
    return count.total
  }

  private static func note(_ line: ArraySlice<UInt8>, in count: inout TrafficCount) {
    guard line.starts(with: Journal.round.utf8),
      let round = try? JSONDecoder.ofRuns.decode(RoundRecord.self, from: Data(line))
    else { return }
    count.note(round)
  }
}

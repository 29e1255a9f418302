import Foundation
import Glibc

/// What playing a run took of the machine: the file `usage.json`.
///
/// It depends on the machine and on what else ran there, so it stands apart from what two runs are
/// compared by. A run that was gone on with tells of its last start alone.
public struct RunUsage: Codable, Sendable {
  /// Processor time of the program and of the processes that it started and reaped.
  public var processorSeconds: Double
  /// The most memory that the program had at once, in bytes.
  public var peakMemoryBytes: Int?

  static let file = "usage.json"

  /// What this program has taken so far.
  public static var now: RunUsage {
    let status = (try? InputFile("/proc/self/status"))?.flatMap { try? $0.rest() }
    return RunUsage(
      processorSeconds: seconds(of: RUSAGE_SELF) + seconds(of: RUSAGE_CHILDREN),
      peakMemoryBytes: status.flatMap { PeakMemory.bytes(in: String(decoding: $0, as: UTF8.self)) })
  }

  /// Nothing yet.
  public static let none = RunUsage(processorSeconds: 0, peakMemoryBytes: nil)

  /// What this program has taken since it had taken `earlier`; the most memory is that of all the time.
  public static func since(_ earlier: RunUsage) -> RunUsage {
    var usage = now
    usage.processorSeconds -= earlier.processorSeconds
    return usage
  }

  private static func seconds(of who: __rusage_who) -> Double {
    var usage = rusage()
    guard unsafe getrusage(who.rawValue, &usage) == 0 else { return 0 }
    return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
      .reduce(0, +)
  }

  /// Writes it down in the directory of a run.
  public func write(in directory: String) throws(RunFilesError) {
    let json = JSON.object([
      ("processorSeconds", .real(processorSeconds)),
      ("peakMemoryBytes", peakMemoryBytes.map { .integer($0) } ?? .null),
    ])
    try OutputFile.replace("\(directory)/\(Self.file)", with: Array((json.text + "\n").utf8))
  }

  /// What a run took, where that was written down.
  init?(in directory: String) {
    guard let bytes = FileManager.default.contents(atPath: "\(directory)/\(Self.file)"),
      let usage = try? JSONDecoder().decode(RunUsage.self, from: bytes)
    else { return nil }
    self = usage
  }

  init(processorSeconds: Double, peakMemoryBytes: Int?) {
    self.processorSeconds = processorSeconds
    self.peakMemoryBytes = peakMemoryBytes
  }
}

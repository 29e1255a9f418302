import Foundation

/// What was measured of a workload.
struct Measured {
  /// Milliseconds a round, one number a stretch of rounds.
  let milliseconds: [Double]
  /// Processor time a round, of all processes together, in milliseconds.
  let processorMilliseconds: Double
  /// The memory of the federation in mid-run.
  let memory: FederationMemory
  /// Seconds from the start of the first node until all had described their features, where nodes
  /// were started.
  var assembly: Double?
  /// Milliseconds that the bare computation of each of the rounds of ``milliseconds`` takes, where
  /// the two were measured in turns.
  var computation: [Double] = []

  /// One JSON line.
  func line(of workload: Workload) -> String {
    let sorted = milliseconds.sorted()
    let fields =
      [
        ("workload", "\"\(workload.name)\""), ("engine", "\"\(workload.engine.rawValue)\""),
        ("hospitals", "\(workload.hospitals)"), ("nodes", "\(workload.nodes)"),
        ("millisecondsPerRound", rounded(at(0.5, of: sorted))),
        ("tenthPercentile", rounded(at(0.1, of: sorted))),
        ("ninetiethPercentile", rounded(at(0.9, of: sorted))), ("samples", "\(sorted.count)"),
        ("processorMillisecondsPerRound", rounded(processorMilliseconds)),
        ("assemblySeconds", rounded(assembly ?? .nan)),
      ] + comparison + memory.fields.map { ($0.name, rounded($0.mebibytes)) } + [
        ("processor", "\"\(Machine.processor)\""), ("cores", "\(Machine.cores)"),
      ]
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private var comparison: [(String, String)] {
    guard !computation.isEmpty else { return [] }
    let ratios = zip(milliseconds, computation).map { $0 / $1 }.sorted()
    return [
      ("computationMilliseconds", rounded(at(0.5, of: computation.sorted()))),
      ("ratio", rounded(at(0.5, of: ratios))),
      ("ratioTenthPercentile", rounded(at(0.1, of: ratios))),
      ("ratioNinetiethPercentile", rounded(at(0.9, of: ratios))),
    ]
  }

  private func at(_ share: Double, of sorted: [Double]) -> Double {
    sorted.isEmpty ? .nan : sorted[Int((Double(sorted.count - 1) * share).rounded())]
  }

  private func rounded(_ number: Double) -> String {
    number.isFinite ? "\((number * 1000).rounded() / 1000)" : "null"
  }
}

/// The machine that is measured on.
enum Machine {
  /// The processor's name for itself.
  static let processor: String = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "?"
  }()
  /// Its cores that are online.
  static let cores = ProcessInfo.processInfo.activeProcessorCount
}

import Foundation

/// The resident memory of one process, in bytes.
struct ResidentMemory {
  /// Shared pages count by the share that falls on this process.
  var proportional = 0.0
  /// Pages that no other process has.
  var unshared = 0.0
  /// Pages that others have too, counted whole.
  var shared = 0.0
  /// The most that was resident at once, shared pages counted whole.
  var peak = 0.0

  /// What the kernel says of a process at present.
  init(of process: Int32) throws {
    let text = try String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, let kibibytes = Double(words[1]) else { continue }
      switch words[0] {
      case "Pss:": proportional = 1024 * kibibytes
      case "Private_Clean:", "Private_Dirty:": unshared += 1024 * kibibytes
      case "Shared_Clean:", "Shared_Dirty:": shared += 1024 * kibibytes
      default: continue
      }
    }
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    peak = 1024 * (line.flatMap { Double($0.split(separator: " ")[1]) } ?? 0)
  }
}

/// The memory of a coordinator and its nodes.
struct FederationMemory {
  let coordinator: ResidentMemory
  let nodes: [ResidentMemory]

  /// The processes as they are now.
  init(coordinator: Int32, nodes: [Int32]) throws {
    self.coordinator = try ResidentMemory(of: coordinator)
    self.nodes = try nodes.map { try ResidentMemory(of: $0) }
  }

  /// The numbers to report, by name, in MiB.
  var fields: [(name: String, mebibytes: Double)] {
    let all = nodes.reduce(coordinator.proportional) { $0 + $1.proportional }
    let one = nodes.sorted { $0.unshared < $1.unshared }.dropFirst(nodes.count / 2).first
    let unshared = nodes.reduce(coordinator.unshared) { $0 + $1.unshared }
    var fields = [
      ("proportionalMiB", all), ("privateMiB", unshared),
      ("coordinatorProportionalMiB", coordinator.proportional),
      ("coordinatorPeakMiB", coordinator.peak),
    ]
    if let one { fields += [("nodePrivateMiB", one.unshared), ("nodeSharedMiB", one.shared)] }
    return fields.map { ($0.0, $0.1 / 1_048_576) }
  }
}

import Foundation

/// Measures rounds of whole federations: one JSON line a workload.
///
/// Run on a quiet machine from the top of the repository, whose programs have been built:
/// `.build/release/federation-rounds [--programs DIR] [WORKLOAD ...]`.
@main
struct FederationRounds {
  static func main() throws {
    var names = Array(CommandLine.arguments.dropFirst())
    var programs = ".build/release"
    if let flag = names.firstIndex(of: "--programs"), flag + 1 < names.count {
      programs = names[flag + 1]
      names.removeSubrange(flag...flag + 1)
    }
    let workloads = Workload.all.filter { names.isEmpty || names.contains($0.name) }
    if workloads.count == 1 {
      print(try measured(workloads[0], programs: programs).line(of: workloads[0]))
    } else {
      // A process for each: none shows in the memory of the next.
      for workload in workloads { try measureApart(workload, programs: programs) }
    }
  }

  private static func measured(_ workload: Workload, programs: String) throws -> Measured {
    switch workload.engine {
    case .processes: try Deployment(workload, programs: programs).measured()
    case .led: try LedRounds(workload, programs: programs).measured()
    case .simulated: try SimulatedRounds(workload).measured()
    case .compared: try ComparedRounds(workload).measured()
    }
  }

  private static func measureApart(_ workload: Workload, programs: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--programs", programs, workload.name]
    try process.run()
    process.waitUntilExit()
  }
}

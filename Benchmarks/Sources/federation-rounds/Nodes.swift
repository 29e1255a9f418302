import Foundation

/// Node processes of a workload, which end with their coordinator.
struct Nodes {
  private let processes: [Process]

  /// Starts them.
  init(of workload: Workload, program: String, scenario: String, endpoint: String) throws {
    processes = try (0..<workload.nodes).map { node in
      try Process.started(
        program,
        ["--scenario", scenario, "--connect", endpoint, "--quiet"]
          + workload.hospitals(of: node).flatMap { ["--hospital", $0] })
    }
  }

  var identifiers: [Int32] { processes.map(\.processIdentifier) }

  /// Waits until they have ended, and helps after a while.
  func end() {
    for process in processes {
      let deadline = now() + 3
      while process.isRunning && now() < deadline { usleep(10_000) }
      if process.isRunning { process.terminate() }
      process.waitUntilExit()
    }
  }
}

extension Process {
  /// A process that says nothing on standard output.
  static func started(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["OPENBLAS_NUM_THREADS": "1"], uniquingKeysWith: { $1 })
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}

/// A directory for the files of one measurement, on the disk that the repository is on.
struct WorkPlace {
  let path: String

  init() throws {
    path = ".build/federation-rounds-\(getpid())-\(Int(now() * 1e6))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes the scenario of a workload.
  func scenario(of workload: Workload) throws -> String {
    let file = path + "/scenario.yaml"
    try workload.yaml.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// The files that this process may have open at once.
enum OpenFiles {
  /// Raises the limit as far as the system lets it: a thousand nodes take some thousand pipes.
  static func makeRoom() {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(resource, &limit)
  }
}

import Foundation

/// A federation of the real programs: a coordinator that keeps its journal, and nodes over tcp.
struct Deployment {
  /// The length of the stretches that rounds are counted over.
  private static let stretch = 0.25

  private let workload: Workload
  private let programs: String

  init(_ workload: Workload, programs: String) {
    self.workload = workload
    self.programs = programs
  }

  /// Starts everything, counts the lines that the journal gains, and stops everything.
  func measured() throws -> Measured {
    let place = try WorkPlace()
    defer { place.remove() }
    let (scenario, run) = (try place.scenario(of: workload), place.path + "/run")
    let endpoint =
      workload.isLocal ? "ipc://\(place.path)/hub" : "tcp://127.0.0.1:\(try freePort())"
    OpenFiles.makeRoom()
    let coordinator = try Process.started(
      programs + "/coordinator",
      ["--scenario", scenario, "--bind", endpoint, "--run", run, "--quiet"])
    let begun = now()
    let nodes = try Nodes(
      of: workload, program: programs + "/hospital-node", scenario: scenario, endpoint: endpoint)
    defer {
      coordinator.interrupt()
      coordinator.waitUntilExit()
      nodes.end()
    }
    let lines = try GrowingLines(of: run + "/journal.jsonl", writtenBy: coordinator)
    // The start, and round 0: all have described their features.
    while lines.count() < 2 && coordinator.isRunning { usleep(5_000) }
    let assembly = now() - begun
    var measured = try watch(lines, coordinator, nodes)
    measured.assembly = assembly
    return measured
  }

  private func watch(
    _ lines: GrowingLines, _ coordinator: Process, _ nodes: Nodes
  ) throws -> Measured {
    while lines.count() < 50 && coordinator.isRunning { usleep(20_000) }
    let all = nodes.identifiers + [coordinator.processIdentifier]
    let (started, spentBefore) = (now(), try ProcessorTime.spent(by: all))
    var (instant, count) = (started, lines.count())
    let firstCount = count
    var milliseconds: [Double] = []
    var memory: FederationMemory?
    while instant < started + workload.seconds {
      usleep(UInt32(Self.stretch * 1e6))
      let (before, countBefore) = (instant, count)
      (count, instant) = (lines.count(), now())
      guard count > countBefore else { continue }
      milliseconds.append(1000 * (instant - before) / Double(count - countBefore))
      if memory == nil, instant > started + workload.seconds / 2 {
        memory = try .init(
          coordinator: coordinator.processIdentifier, nodes: nodes.identifiers)
        (count, instant) = (lines.count(), now())
      }
    }
    let spent = try ProcessorTime.spent(by: all) - spentBefore
    return Measured(
      milliseconds: milliseconds,
      processorMilliseconds: 1000 * spent / Double(count - firstCount),
      memory: try memory
        ?? .init(coordinator: coordinator.processIdentifier, nodes: nodes.identifiers))
  }
}

/// Counts the lines of a file that another process appends to.
final class GrowingLines {
  private let file: FileHandle
  private var lines = 0

  /// Waits for the file, for as long as its writer lives.
  init(of path: String, writtenBy writer: Process) throws {
    while !FileManager.default.fileExists(atPath: path) && writer.isRunning { usleep(5_000) }
    file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  }

  /// The lines until now.
  func count() -> Int {
    lines += file.readDataToEndOfFile().count { $0 == UInt8(ascii: "\n") }
    return lines
  }
}

/// A port of the loopback interface that nobody listens at.
func freePort() throws -> UInt16 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = unsafe withUnsafeMutablePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(descriptor, $0, size) + getsockname(descriptor, $0, &size)
    }
  }
  guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  return UInt16(bigEndian: address.sin_port)
}

import Foundation
import Synchronization

/// One of the project's programs, running as a process of its own.
///
/// It is watched by its output: a test waits for a line, never for time to pass. When the last
/// reference goes, so does the process.
final class Program {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private let lines = LineQueue()
  private let outputReader: OutputReader

  /// Starts `name`, a program of the project or a path, with `arguments`, in `directory`, with `environment` beside that of the test.
  init(
    _ name: String, _ arguments: [String], in directory: URL = Place.package,
    environment: [String: String] = [:]
  ) throws {
    process.executableURL =
      name.hasPrefix("/") ? URL(filePath: name) : Place.programs.appending(path: name)
    process.arguments = arguments
    process.currentDirectoryURL = directory
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    outputReader = OutputReader(output.fileHandleForReading)
    try process.run()
    outputReader.start()
    lines.start(reading: errors.fileHandleForReading)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var isRunning: Bool { process.isRunning }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// The next line on standard error that contains `text`; nil when the program has closed it.
  func line(containing text: String) -> String? {
    while let line = lines.next() {
      if line.contains(text) { return line }
    }
    return nil
  }

  /// Waits for the end; gives the exit status and all that was printed.
  @discardableResult
  func end() -> Outcome {
    let output = outputReader.text()
    let errors = lines.rest()
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Outcome(status: status, output: output, errors: errors)
  }

  /// What a program left when it ended.
  struct Outcome {
    /// The exit status; 128 and the signal where one ended it.
    var status: Int32
    /// What it printed on standard output.
    var output: String
    /// What it printed on standard error, without the lines that were waited for.
    var errors: String
  }

  /// Starts a program and waits for its end.
  static func run(_ name: String, _ arguments: String...) throws -> Outcome {
    try Program(name, arguments).end()
  }
}

/// Where things are.
enum Place {
  /// The directory of the built programs: the one that the tests run from.
  static let programs = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent()
  /// The directory of the package.
  static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// The shipped scenario of this name.
  static func scenario(_ name: String) -> String {
    package.appending(path: "Scenarios/\(name).yaml").path
  }
  /// The directory of patient data, where there is one.
  static var data: String? {
    let named = ProcessInfo.processInfo.environment["CONSILIUM_DATA"]
    let path = named ?? package.deletingLastPathComponent().appending(path: "shared/data").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}

/// The numbers of the processes that have `text` among their arguments.
func processes(mentioning text: String) throws -> [pid_t] {
  try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
    .filter { number in
      FileManager.default.contents(atPath: "/proc/\(number)/cmdline").map {
        String(decoding: $0, as: UTF8.self).contains(text)
      } ?? false
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class OutputReader: Sendable {
  private let handle: FileHandle
  private let done = DispatchSemaphore(value: 0)
  private let data = Mutex(Data())

  init(_ handle: FileHandle) { self.handle = handle }

  func start() {
    Thread.detachNewThread { [self] in
      let all = handle.readDataToEndOfFile()
      data.withLock { $0 = all }
      done.signal()
    }
  }

  func text() -> String {
    done.wait()
    defer { done.signal() }
    return String(decoding: data.withLock { $0 }, as: UTF8.self)
  }
}

/// The lines of a pipe, in order, as they come.
private final class LineQueue: Sendable {
  private let waiting = Mutex<(lines: [String], isClosed: Bool)>(([], false))
  private let arrived = DispatchSemaphore(value: 0)

  func start(reading handle: FileHandle) {
    Thread.detachNewThread { [self] in
      var rest = Data()
      while true {
        let chunk = handle.availableData
        if chunk.isEmpty { break }
        rest.append(chunk)
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
          add(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
          rest = Data(rest[rest.index(after: end)...])
        }
      }
      if !rest.isEmpty { add(String(decoding: rest, as: UTF8.self)) }
      waiting.withLock { $0.isClosed = true }
      arrived.signal()
    }
  }

  private func add(_ line: String) {
    waiting.withLock { $0.lines.append(line) }
    arrived.signal()
  }

  func next() -> String? {
    arrived.wait()
    return waiting.withLock { state in
      guard !state.lines.isEmpty else {
        arrived.signal()
        return nil
      }
      return state.lines.removeFirst()
    }
  }

  func rest() -> String {
    var all: [String] = []
    while let line = next() { all.append(line) }
    return all.joined(separator: "\n")
  }
}

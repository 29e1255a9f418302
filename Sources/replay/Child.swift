import Glibc
import Reports
import Subprocess
import SystemPackage

/// How a child process ended, or why it never began.
enum ChildEnding: Sendable {
  case exited(Int32)
  case killed(signal: Int32)
  case notStarted(reason: String)

  /// The status among those of these programs; `childFailed` where there is none.
  var status: ExitStatus {
    if case .exited(let code) = self {
      ExitStatus(rawValue: code) ?? .childFailed
    } else {
      .childFailed
    }
  }

  /// What happened, to follow the name of the process.
  var sentence: String {
    switch self {
    case .exited(let code): "ended with exit status \(code)"
    case .killed(let signal): "was killed by signal \(signal)"
    case .notStarted(let reason): "could not be started: \(reason)"
    }
  }
}

/// A process that `replay` has started, and reaps.
///
/// It leads a process group of its own, so that a terminal's Ctrl-C reaches `replay` alone, and its
/// standard input is the ``ParentPipe``, so that it ends when `replay` does, however that happens.
struct Child: Sendable {
  let name: String
  private let task: Task<ChildEnding, Never>
  /// Signals to be sent while it runs.
  private var signals: SignalLine?

  /// How it ended; returns when it has, and has been reaped.
  var ending: ChildEnding { get async { await task.value } }

  /// Ends it by its steps of teardown, then by `SIGKILL`.
  func end() { task.cancel() }

  /// Sends it a signal, and returns when that has been done; false where it does not run.
  func send(_ signal: Signal) async -> Bool { await signals?.send(signal) ?? false }
}

// MARK: Starting

extension Child {
  /// Starts the coordinator, which shares standard error with `replay`, and standard output unless it
  /// is to be silent.
  static func coordinator(
    _ program: String, arguments: [String], tied pipe: ParentPipe, isSilent: Bool = false
  ) -> Child {
    let configuration = configuration(program, arguments, teardown: [.interrupt(for: .seconds(20))])
    let signals = SignalLine()
    let task = Task {
      let ending =
        isSilent
        ? await sharing(configuration, pipe, signals, output: .discarded)
        : await sharing(configuration, pipe, signals, output: .currentStandardOutput)
      await signals.close()
      pipe.release()
      return ending
    }
    return Child(name: "the coordinator", task: task, signals: signals)
  }

  private static func sharing(
    _ configuration: Configuration, _ pipe: ParentPipe, _ signals: SignalLine,
    output: some OutputProtocol
  ) async -> ChildEnding {
    await ending {
      try await run(
        configuration, input: pipe.input, output: output, error: .currentStandardError
      ) { execution in
        let number = execution.processIdentifier.value
        detached {
          awaitEnd(of: number)
          signals.end()
        }
        await signals.pass { try execution.send(signal: $0) }
      }.terminationStatus
    }
  }

  /// Waits until a child of this process has ended, and leaves it to be reaped.
  private static func awaitEnd(of number: pid_t) {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) == -1, errno == EINTR
    {}
  }

  /// Starts a replay of its own for a cell of a sweep, and passes on what it prints on standard
  /// error, line by line, under its name.
  static func cell(
    _ program: String, name: String, arguments: [String], tied pipe: ParentPipe
  ) -> Child {
    let configuration = configuration(program, arguments, teardown: [.interrupt(for: .seconds(20))])
    return Child(
      name: name, task: Task { await forwarding(configuration, name, pipe, SignalLine()) })
  }

  /// Starts a node, and passes on what it prints on standard error, line by line, under its name.
  static func node(
    _ program: String, name: String, arguments: [String], tied pipe: ParentPipe
  ) -> Child {
    let configuration = configuration(program, arguments, teardown: [.terminate(for: .seconds(2))])
    let signals = SignalLine()
    let task = Task {
      let ending = await forwarding(configuration, name, pipe, signals)
      await signals.close()
      return ending
    }
    return Child(name: name, task: task, signals: signals)
  }

  private static func forwarding(
    _ configuration: Configuration, _ name: String, _ pipe: ParentPipe, _ signals: SignalLine
  ) async -> ChildEnding {
    await ending {
      try await run(configuration, input: pipe.input, output: .discarded, error: .sequence) {
        execution in
        async let forwarding: Void = forward(execution.standardError, under: name, signals)
        await signals.pass { try execution.send(signal: $0) }
        await forwarding
      }.terminationStatus
    }
  }

  /// Passes lines on until the last.
  ///
  /// Not even ending the child cuts its last words short.
  private static func forward(
    _ lines: SubprocessOutputSequence, under name: String, _ signals: SignalLine
  ) async {
    let reading = Task {
      for try await line in lines.strings() { Notice.write("\(name): \(line)") }
    }
    // What cannot be read is not worth the run.
    _ = await reading.result
    // Only the end of the process ends what it prints.
    signals.end()
  }

  private static func configuration(
    _ program: String, _ arguments: [String], teardown: [TeardownStep]
  ) -> Configuration {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = teardown
    return Configuration(
      executable: .path(FilePath(program)), arguments: Arguments(arguments + ["--lifeline"]),
      environment: .inherit.updating(["OPENBLAS_NUM_THREADS": "1"]), platformOptions: options)
  }

  private static func ending(
    _ body: () async throws -> TerminationStatus
  ) async -> ChildEnding {
    do {
      switch try await body() {
      case .exited(let code): return .exited(code)
      case .signaled(let signal): return .killed(signal: signal)
      }
    } catch {
      return .notStarted(reason: "\(error)")
    }
  }
}

extension TeardownStep {
  fileprivate static func interrupt(for duration: Duration) -> TeardownStep {
    .send(signal: .interrupt, allowedDurationToNextStep: duration)
  }

  fileprivate static func terminate(for duration: Duration) -> TeardownStep {
    .send(signal: .terminate, allowedDurationToNextStep: duration)
  }
}

/// A pipe that nothing is ever written to: its child reads its end when this process is gone.
///
/// Each child has one of its own, since the kernel tells only one process of a pipe's end.
struct ParentPipe: Sendable {
  /// The end that children get as standard input.
  let input: FileDescriptorInput
  private let held: FileDescriptor

  init() throws(ChildProcessError) {
    do {
      // Children get no descriptor but their standard streams, so none of them holds this end.
      let ends = try FileDescriptor.pipe()
      held = ends.writeEnd
      input = .fileDescriptor(ends.readEnd, closeAfterSpawningProcess: true)
    } catch { throw .noPipe(reason: "\(error)") }
  }

  /// Gives the pipe back, once its child has ended.
  func release() { try? held.close() }
}

/// What `replay` itself has to say, on lines of their own.
enum Notice {
  static func write(_ text: String) {
    // The coordinator may have left its live line of progress half drawn.
    let clear = StandardStream.error.isTerminal ? "\r\u{1B}[K" : ""
    StandardStream.error.write(clear + text + "\n")
  }
}

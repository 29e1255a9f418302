import Dispatch
import Glibc
import Reports
import Synchronization

/// The requests to stop that this process gets: `SIGINT`, `SIGTERM` and `SIGHUP`.
final class StopSignals: Sendable {
  /// Ends with the first request.
  let first: AsyncStream<Never>
  private let requests = Atomic<Int>(0)
  private let continuation: AsyncStream<Never>.Continuation
  private let farewell = Mutex<@Sendable () -> Void>({})

  /// Takes the signals from now on; the second one ends the process at once.
  init() {
    (first, continuation) = AsyncStream.makeStream()
    for number in [SIGINT, SIGTERM, SIGHUP] { watch(number) }
  }

  /// Has `body` called, on a thread of its own, before the second request ends the process.
  func beforeEndingAtOnce(_ body: @escaping @Sendable () -> Void) {
    farewell.withLock { $0 = body }
  }

  /// Whether there has been a request.
  var isRaised: Bool { requests.load(ordering: .relaxed) > 0 }

  private func watch(_ number: Int32) {
    // A source sees a signal only where the default disposition does not end the process first.
    let before = signal(number, SIG_IGN)
    // Whoever started this (`nohup`) wants it to outlive the terminal.
    if number == SIGHUP, isIgnored(before) { return }
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      if self.requests.add(1, ordering: .relaxed).oldValue > 0 { self.endAtOnce() }
      self.continuation.finish()
      // The handler keeps the source alive.
      _ = source.handle
    }
    let installed = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { installed.signal() }
    source.resume()
    // Until then the signal is ignored, and whoever has sent it waits in vain.
    installed.wait()
  }

  private func endAtOnce() {
    farewell.withLock { $0() }
    ExitStatus.interrupted.exitAtOnce()
  }

  private func isIgnored(_ handler: __sighandler_t?) -> Bool {
    unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

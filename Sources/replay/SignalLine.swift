import Subprocess
import Synchronization

/// Signals on their way to a process that may not have begun, and may end at any time.
///
/// A process's number means another process once it has been reaped, so signals are sent only from
/// where the process is held.
final class SignalLine: Sendable {
  private typealias Request = (signal: Signal, reply: CheckedContinuation<Bool, Never>)

  private let requests: AsyncStream<Request>
  private let continuation: AsyncStream<Request>.Continuation

  init() {
    (requests, continuation) = AsyncStream.makeStream()
  }

  /// Sends a signal, and returns when that has been done; false where the process does not run.
  func send(_ signal: Signal) async -> Bool {
    await withCheckedContinuation { reply in
      if case .terminated = continuation.yield((signal, reply)) { reply.resume(returning: false) }
    }
  }

  /// Passes signals on until ``end()``.
  func pass(_ send: (Signal) throws -> Void) async {
    for await request in requests {
      do {
        try send(request.signal)
        request.reply.resume(returning: true)
      } catch {
        request.reply.resume(returning: false)
      }
    }
  }

  /// Takes no more signals.
  func end() { continuation.finish() }

  /// Answers whoever still waits.
  func close() async {
    end()
    for await request in requests { request.reply.resume(returning: false) }
  }
}

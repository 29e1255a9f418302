import Foundation
import Synchronization

/// The result of work on a thread of its own.
final class Promise<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  /// Starts `work` on a new thread.
  init(_ work: @escaping @Sendable () throws -> Value) {
    detach { [self] in
      let outcome = Result { try work() }
      result.withLock { $0 = outcome }
      done.signal()
    }
  }

  /// Waits for the end of the work; what it threw is thrown.
  func value() throws -> Value {
    done.wait()
    defer { done.signal() }
    guard let result = result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }
}

/// Runs `work` on a new thread.
func detach(_ work: @escaping @Sendable () -> Void) {
  Thread.detachNewThread(work)
}

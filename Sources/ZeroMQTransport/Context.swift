internal import CZeroMQ
internal import Glibc
internal import Synchronization
internal import Transports

/// The process's libzmq context: one I/O thread for all sockets.
///
/// Every socket holds it; when the last one lets go, it waits until what has been sent is out,
/// for at most the sockets' linger time.
@safe
final class Context: Sendable {
  nonisolated(unsafe) let handle: UnsafeMutableRawPointer

  private static let living = Mutex(Living())

  private struct Living: Sendable {
    weak var context: Context?
  }

  private init() throws(TransportError) {
    guard let context = unsafe zmq_ctx_new() else {
      throw .ofSystem("start the messaging library")
    }
    unsafe handle = context
  }

  deinit {
    while unsafe zmq_ctx_term(handle) == -1, czmq_errno() == EINTR {}
  }

  /// The context that other sockets of this process hold, or a new one.
  static func shared() throws(TransportError) -> Context {
    let result = living.withLock { living -> Result<Context, TransportError> in
      if let context = living.context { return .success(context) }
      return Result { () throws(TransportError) in try Context() }.map { context in
        living.context = context
        return context
      }
    }
    return try result.get()
  }
}

extension TransportError {
  /// What the last call into libzmq has failed for.
  static func ofSystem(_ operation: String) -> TransportError {
    .system(operation: operation, problem: problem(czmq_errno()))
  }

  /// An error number in words.
  static func problem(_ number: Int32) -> String {
    guard let words = unsafe zmq_strerror(number) else { return "error \(number)" }
    return unsafe String(cString: words)
  }
}

internal import CZeroMQ
internal import Glibc
internal import Transports

/// A frame as libzmq has received it, read where it is and given back with the last reference.
@safe
final class ReceivedFrame: FrameStorage {
  nonisolated(unsafe) private let message: UnsafeMutablePointer<zmq_msg_t>

  /// An empty frame, to be received into.
  init() {
    unsafe message = .allocate(capacity: 1)
    unsafe message.initialize(to: zmq_msg_t())
    unsafe zmq_msg_init(message)
  }

  deinit {
    unsafe zmq_msg_close(message)
    unsafe message.deallocate()
  }

  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message))
  }

  /// Whether another frame of the same multipart message follows.
  var isFollowed: Bool { unsafe zmq_msg_more(message) == 1 }

  /// Receives the next frame and returns libzmq's result, -1 for an error.
  func receive(from socket: UnsafeMutableRawPointer, flags: Int32) -> Int32 {
    unsafe zmq_msg_recv(message, socket, flags)
  }
}

/// Closes a message without losing what an earlier call has failed for.
func closeKeepingError(_ message: UnsafeMutablePointer<zmq_msg_t>) {
  let number = errno
  unsafe zmq_msg_close(message)
  errno = number
}

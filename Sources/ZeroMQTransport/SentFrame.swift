internal import CZeroMQ
internal import Transports

/// The size from which a frame is sent from where it is.
///
/// libzmq gathers smaller ones in a write batch of 8 KiB, so they are copied in any case.
private let uncopiedSize = 8 << 10

extension Frame {
  /// Hands the frame to a socket and returns libzmq's result, -1 for an error.
  ///
  /// A large frame is not copied: libzmq holds its owner until the last byte is out, and lets
  /// go of it on a thread of its own.
  func send(to socket: UnsafeMutableRawPointer, flags: Int32) -> Int32 {
    unsafe withUnsafeBytes { bytes in
      guard bytes.count >= uncopiedSize else {
        return unsafe zmq_send(socket, bytes.baseAddress, bytes.count, flags)
      }
      return unsafe sendUncopied(bytes, to: socket, flags: flags)
    }
  }

  private func sendUncopied(
    _ bytes: UnsafeRawBufferPointer, to socket: UnsafeMutableRawPointer, flags: Int32
  ) -> Int32 {
    var message = zmq_msg_t()
    let owner = unsafe Unmanaged<AnyObject>.passRetained(storage).toOpaque()
    let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    guard unsafe zmq_msg_init_data(&message, start, bytes.count, release, owner) == 0 else {
      unsafe Unmanaged<AnyObject>.fromOpaque(owner).release()
      return -1
    }
    let result = unsafe zmq_msg_send(&message, socket, flags)
    // A message that was not taken still holds the owner; the error number must survive.
    if result == -1 { unsafe closeKeepingError(&message) }
    return result
  }
}

/// Called by libzmq, on its I/O thread, when nobody needs the bytes any more.
private let release: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Void = {
  _, owner in
  guard let owner = unsafe owner else { return }
  unsafe Unmanaged<AnyObject>.fromOpaque(owner).release()
}

internal import CZeroMQ
internal import Glibc
internal import Transports

/// One libzmq socket: multipart messages in and out without waiting, and a wait for either.
@safe
final class Socket {
  /// A multipart message as it came.
  struct Parts {
    /// The frames, none of them beyond the number that the owner wants.
    var frames: [Frame] = []
    /// How many there were.
    var count = 0
  }

  private var handle: UnsafeMutableRawPointer?
  private var context: Context?
  private let frameLimit: Int
  /// Readable when libzmq has news for this socket that no call has taken yet.
  let descriptor: Int32

  /// Opens a socket that is neither bound nor connected.
  ///
  /// - Parameters:
  ///   - kind: `ZMQ_ROUTER`, `ZMQ_DEALER` or `ZMQ_PAIR`.
  ///   - frameLimit: The frames of a message that are kept; further ones are drained.
  /// - Throws: ``TransportError`` when the system has no socket left.
  init(_ kind: Int32, frameLimit: Int) throws(TransportError) {
    let context = try Context.shared()
    guard let socket = unsafe zmq_socket(context.handle, kind) else {
      throw .ofSystem("open a socket")
    }
    unsafe handle = socket
    self.context = context
    self.frameLimit = frameLimit
    var descriptor: Int32 = -1
    var size = MemoryLayout<Int32>.size
    let result = unsafe zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size)
    self.descriptor = descriptor
    guard result == 0 else { throw .ofSystem("find the descriptor of a socket") }
  }

  deinit { close() }

  /// Closes the socket; what has been sent still goes out within the linger time.
  func close() {
    if let socket = unsafe handle { unsafe zmq_close(socket) }
    unsafe handle = nil
    context = nil
  }

  /// The socket, for as long as it is open.
  func open() throws(TransportError) -> UnsafeMutableRawPointer {
    guard let socket = unsafe handle else { throw .closed }
    return unsafe socket
  }

  // MARK: Sending

  /// Sends the frames as one message, unless that would mean to wait.
  ///
  /// - Returns: Whether libzmq has taken the message.
  func send(_ frames: [Frame]) throws(TransportError) -> Bool {
    let socket = unsafe try open()
    var taken = true
    for (index, frame) in frames.enumerated() {
      let flags = ZMQ_DONTWAIT | (index + 1 < frames.count ? ZMQ_SNDMORE : 0)
      if unsafe try !Socket.send(frame, to: socket, flags: flags) {
        // When the connection breaks between two frames, libzmq wants, and drops, the others.
        guard index > 0 else { return false }
        taken = false
      }
    }
    return taken
  }

  private static func send(
    _ frame: Frame, to socket: UnsafeMutableRawPointer, flags: Int32
  ) throws(TransportError) -> Bool {
    while unsafe frame.send(to: socket, flags: flags) == -1 {
      switch czmq_errno() {
      case EINTR: continue
      case EAGAIN, EHOSTUNREACH: return false
      default: throw .ofSystem("send a message")
      }
    }
    return true
  }

  // MARK: Receiving

  /// Takes the next message, if one is there.
  func receive() throws(TransportError) -> Parts? {
    let socket = unsafe try open()
    var parts = Parts()
    while let frame = unsafe try Socket.receive(from: socket) {
      parts.count += 1
      if parts.count <= frameLimit { parts.frames.append(Frame(storage: frame)) }
      guard frame.isFollowed else { return parts }
    }
    return nil
  }

  private static func receive(
    from socket: UnsafeMutableRawPointer
  ) throws(TransportError) -> ReceivedFrame? {
    let frame = ReceivedFrame()
    while unsafe frame.receive(from: socket, flags: ZMQ_DONTWAIT) == -1 {
      switch czmq_errno() {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw .ofSystem("receive a message")
      }
    }
    return frame
  }
}

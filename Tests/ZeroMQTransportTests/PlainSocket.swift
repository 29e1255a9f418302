import CZeroMQ
import Testing

/// A DEALER that knows nothing of the contract.
@safe
final class PlainSocket {
  private let context: UnsafeMutableRawPointer
  private let socket: UnsafeMutableRawPointer

  init(connect endpoint: String) throws {
    unsafe context = try #require(unsafe zmq_ctx_new())
    unsafe socket = try #require(unsafe zmq_socket(context, ZMQ_DEALER))
    set(ZMQ_LINGER, 0)
    set(ZMQ_RCVTIMEO, 20_000)
    set(ZMQ_RECONNECT_IVL, -1)
    try #require(unsafe zmq_connect(socket, endpoint) == 0)
  }

  deinit {
    unsafe zmq_close(socket)
    unsafe zmq_ctx_term(context)
  }

  func send(_ frames: [[UInt8]]) {
    for (index, frame) in frames.enumerated() {
      let flags = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      let sent = unsafe zmq_send(socket, frame, frame.count, flags)
      #expect(sent == frame.count)
    }
  }

  /// The size of the next frame that comes.
  func receive() -> Int {
    var bytes = [UInt8](repeating: 0, count: 64)
    return Int(unsafe zmq_recv(socket, &bytes, bytes.count, 0))
  }

  private func set(_ option: Int32, _ value: Int32) {
    var value = value
    let result = unsafe zmq_setsockopt(socket, option, &value, MemoryLayout<Int32>.size)
    #expect(result == 0)
  }
}

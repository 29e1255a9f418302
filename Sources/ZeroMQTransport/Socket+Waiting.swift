internal import CZeroMQ
internal import Glibc
internal import Transports

extension Socket {
  /// Waits until a message has come, one can be sent (if `sending`), the user interrupts, the
  /// connection changes, a message has come to the socket `beside`, or the deadline has come; a
  /// signal may end the wait early.
  ///
  /// Whoever waits has just found that nothing has come, here and at the monitor: what was there
  /// before is not waited for.
  func wait(
    until deadline: Instant?, sending: Bool = false, interrupt: Interrupt?,
    monitor: ConnectionMonitor? = nil, beside: Socket? = nil
  ) throws(TransportError) {
    let timeout = deadline?.millisecondsLeft ?? -1
    let result =
      sending
      ? try pollForRoom(timeout, interrupt, [monitor?.events, beside].compactMap(\.self))
      : poll(
        for: [
          descriptor, interrupt?.descriptor, monitor?.events.descriptor, beside?.descriptor,
        ], timeout)
    guard result >= 0 || czmq_errno() == EINTR else { throw .ofSystem("wait for messages") }
  }

  /// One call of the system, where `zmq_poll` makes seven.
  ///
  /// The descriptor of a socket becomes readable when there is news after a receive that found
  /// nothing.
  private func poll(for descriptors: [Int32?], _ timeout: Int) -> Int32 {
    var items = descriptors.map { pollfd(fd: $0 ?? -1, events: Int16(POLLIN), revents: 0) }
    return unsafe Glibc.poll(&items, nfds_t(items.count), Int32(timeout))
  }

  /// Waits for room to send as well, of which the descriptor says nothing.
  private func pollForRoom(
    _ timeout: Int, _ interrupt: Interrupt?, _ others: [Socket]
  ) throws(TransportError) -> Int32 {
    let either = Int16(ZMQ_POLLIN | ZMQ_POLLOUT)
    let readable = Int16(ZMQ_POLLIN)
    var items = unsafe [zmq_pollitem_t(socket: try open(), fd: -1, events: either, revents: 0)]
    if let interrupt {
      unsafe items.append(
        zmq_pollitem_t(socket: nil, fd: interrupt.descriptor, events: readable, revents: 0))
    }
    for other in others {
      let socket = unsafe try other.open()
      unsafe items.append(zmq_pollitem_t(socket: socket, fd: -1, events: readable, revents: 0))
    }
    return unsafe zmq_poll(&items, Int32(items.count), timeout)
  }
}

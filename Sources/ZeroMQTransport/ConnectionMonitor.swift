internal import CZeroMQ
internal import Glibc
internal import Synchronization
internal import Transports

/// Tells whether a socket's connection stands.
///
/// libzmq has an option that refuses messages while no connection stands, `ZMQ_IMMEDIATE`, but
/// with it a socket also loses what it has received and nobody has read yet when the connection
/// ends: a coordinator's farewell. So the connection is watched instead.
final class ConnectionMonitor {
  /// Whether a connection stood when ``update()`` last looked.
  private(set) var isConnected = false
  /// A PAIR socket that receives the events.
  let events: Socket
  private let watched: Socket

  private static let count = Atomic<Int>(0)

  /// Watches a socket that is not connected yet, as the first of its monitors.
  init(of watched: Socket) throws(TransportError) {
    let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
    let endpoint = "inproc://connection-\(number)"
    self.watched = watched
    events = try Socket(ZMQ_PAIR, frameLimit: 1)
    // libzmq's I/O thread, which all sockets share, would wait for a reader that lags.
    try events.set(ZMQ_RCVHWM, 0)
    let kinds = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED
    guard unsafe zmq_socket_monitor(try watched.open(), endpoint, kinds) == 0,
      unsafe zmq_connect(try events.open(), endpoint) == 0
    else { throw .ofSystem("watch a connection") }
  }

  deinit { close() }

  /// Ends the watch; to be called before the watched socket is closed.
  ///
  /// libzmq is told first: it would wait for ever for a reader that has gone.
  func close() {
    if let socket = unsafe try? watched.open() { unsafe zmq_socket_monitor(socket, nil, 0) }
    events.close()
  }

  /// Takes in what has happened to the connection.
  func update() throws(TransportError) {
    while let event = try events.receive() {
      // The number of the event is in the first two bytes of the first frame.
      let number = unsafe event.frames[0].withUnsafeBytes {
        unsafe $0.loadUnaligned(as: UInt16.self)
      }
      isConnected = Int32(number) == ZMQ_EVENT_HANDSHAKE_SUCCEEDED
    }
  }
}

internal import Glibc
internal import Synchronization
public import Transports

/// The user's wish that the program stop, as something that can be waited for beside sockets.
///
/// A pipe to oneself: the signal handler writes a byte, whichever thread the signal has hit, and
/// whoever waits for messages waits for the byte as well. Keep one for the life of the program.
public final class Interrupt: Sendable {
  /// The signals by which a user, a supervisor or a terminal that closes ends a program.
  public static let terminating: [Int32] = [SIGINT, SIGTERM, SIGHUP]

  /// The end of the pipe that is readable while an interrupt waits to be taken.
  let descriptor: Int32
  private let source: Int32
  private let taken = Atomic<Bool>(false)

  /// An interrupt that only ``raise()`` raises, until ``listen(to:)`` is called.
  public init() throws(TransportError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw .system(operation: "open a pipe", problem: TransportError.problem(errno))
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, source) = (ends[0], ends[1])
  }

  deinit {
    _ = heard.compareExchange(expected: source, desired: -1, ordering: .sequentiallyConsistent)
    close(descriptor)
    close(source)
  }

  /// Lets the signals raise this interrupt, and no other one, from now on.
  ///
  /// Each signal does so once; when it comes again, it ends the program as it would have done
  /// without this, so a program that does not stop can be stopped. A `SIGHUP` that whoever started
  /// the program (`nohup`) has it ignore stays ignored.
  public func listen(to signals: [Int32] = terminating) throws(TransportError) {
    heard.store(source, ordering: .sequentiallyConsistent)
    unblock(signals)
    for signal in signals where signal != SIGHUP || !isIgnored(signal) {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = writeByte
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      guard unsafe sigaction(signal, &action, nil) == 0 else {
        throw .system(
          operation: "handle signal \(signal)", problem: TransportError.problem(errno))
      }
    }
  }

  private func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Lets the signals through: whoever started the program may have left them blocked for it.
  private func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Raises the interrupt, as a signal does.
  public func raise() { put(1, into: source) }

  /// Whether the interrupt has ever been raised.
  public var isRaised: Bool {
    if taken.load(ordering: .relaxed) { return true }
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&item, 1, 0) == 1
  }

  /// Takes one interrupt, if one is there.
  func take() -> Bool {
    var byte: UInt8 = 0
    guard unsafe read(descriptor, &byte, 1) == 1 else { return false }
    taken.store(true, ordering: .relaxed)
    return true
  }
}

/// The end of the pipe that signals are written to; -1 when nobody listens.
private let heard = Atomic<Int32>(-1)

/// The signal handler: nothing but a load and a write, which are safe in one.
private let writeByte: @convention(c) (Int32) -> Void = { _ in
  let number = errno
  put(1, into: heard.load(ordering: .relaxed))
  errno = number
}

/// Writes one byte.
///
/// A full pipe, or none, is no loss: an interrupt waits already, or nobody cares.
private func put(_ byte: UInt8, into descriptor: Int32) {
  var byte = byte
  _ = unsafe write(descriptor, &byte, 1)
}

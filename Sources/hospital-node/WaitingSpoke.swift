import Transports

/// A spoke that says once that it still waits, where nothing has come for a long while.
final class WaitingSpoke: Spoke {
  /// How long it waits in silence.
  static let silence = Duration.seconds(30)

  private let spoke: any Spoke
  private let sayStillWaiting: () -> Void
  /// When it speaks; `nil` once it has, or has nothing to say any longer.
  private var due: Instant?

  init(_ spoke: any Spoke, sayStillWaiting: @escaping () -> Void) {
    self.spoke = spoke
    self.sayStillWaiting = sayStillWaiting
    due = spoke.now + Self.silence
  }

  var now: Instant { spoke.now }

  func send(_ message: Message) throws(TransportError) { try spoke.send(message) }

  func next(until deadline: Instant?) throws(TransportError) -> NodeArrival? {
    let arrival = try spoke.next(until: deadline)
    if arrival != nil { due = nil }
    // A node wakes every second or so to say hello.
    if let due, now >= due {
      self.due = nil
      sayStillWaiting()
    }
    return arrival
  }
}

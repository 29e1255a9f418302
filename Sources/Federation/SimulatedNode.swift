import Transports

/// A node of a simulated federation that is not at rest.
///
/// A reference, so that it is looked up once and changed where it is.
final class SimulatedNode {
  /// A job that is being computed.
  struct Work {
    let job: Job
    var itinerary: Itinerary
    /// When it will be done.
    var due: Instant
  }

  var machine: HospitalNode
  /// How often it has been started again: a node that is started again is another peer.
  var life = 0
  var isRunning = true
  /// Since when it has been paused, if it is.
  var pausedAt: Instant?
  /// What happened while it was paused, in order.
  var held: [InMemoryNetwork<Mail>.Event] = []
  /// What its computations take, in times of what they would.
  var slowness = 1.0
  var work: Work?
  /// When the last assignment was sent to it, and when it came.
  var assigned = (sent: Instant.zero, received: Instant.zero)
  /// When it says hello next, unless that would change nothing; `nil` while nothing has gone amiss.
  var hello: Instant?

  init(_ machine: HospitalNode) {
    self.machine = machine
  }

  /// The job to be done now, if there is one and none is being computed; when it was assigned, and
  /// how many times as long it takes here.
  func nextJob() -> (Job, assigned: (sent: Instant, received: Instant), slowness: Double)? {
    guard work == nil, let job = machine.nextJob() else { return nil }
    return (job, assigned, slowness)
  }

  /// Whether it is as good as new: it may be forgotten, and made again when something happens.
  var isAtRest: Bool {
    isRunning && life == 0 && pausedAt == nil && slowness == 1 && work == nil && hello == nil
  }
}

/// What travels in a simulated federation.
///
/// A reference: what is on its way is handed on many times and changes only where an alteration
/// makes another of it.
final class Mail: Sendable {
  let message: Message
  /// When it was sent.
  let sent: Instant
  /// What the message answers, where it is an answer: it is made when it arrives.
  ///
  /// Equal jobs get equal answers, so it is the one that was sent; and no meta-gradient takes
  /// memory while it is on its way.
  let job: Job?
  /// When the question and its answer were where, up to the sending of the answer.
  let itinerary: Itinerary?
  private let alteration: Fate.Alteration?

  init(message: Message, sent: Instant, job: Job? = nil, itinerary: Itinerary? = nil) {
    (self.message, self.sent, self.job, self.itinerary) = (message, sent, job, itinerary)
    alteration = nil
  }

  private init(_ mail: Mail, altered alteration: @escaping Fate.Alteration) {
    (message, sent, job, itinerary) = (mail.message, mail.sent, mail.job, mail.itinerary)
    self.alteration = alteration
  }

  /// The copy that meets `fate`.
  func meeting(_ fate: Fate) -> Mail {
    fate.alteration.map { Mail(self, altered: $0) } ?? self
  }

  /// What arrives, where it was `message` that was sent.
  func arrival(of message: Message) -> Result<Message, WireError> {
    alteration?(message) ?? .success(message)
  }
}

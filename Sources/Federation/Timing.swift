public import Transports

/// Whoever keeps what a simulated run would have taken in a real federation.
///
/// Only scenarios with a `time` have anything to keep.
public protocol Timekeeper: AnyObject {
  /// A description, a round or an evaluation is over.
  func note(_ timing: PhaseTiming) throws
  /// The run is over.
  func conclude(_ timing: RunTiming) throws
}

/// When a question to the hospitals was over, on the virtual clock, and whom it waited for.
public struct PhaseTiming: Equatable, Sendable {
  /// What was asked for.
  public var phase: Phase
  /// The round; 0 for the description of features, and the rounds learnt before an evaluation.
  public var round: Int
  /// When it began, in seconds from the start of the run.
  public var began: Double
  /// When it was over.
  public var ended: Double
  /// The answers that were counted.
  public var answered: Int
  /// The hospitals that did not answer.
  public var missing: Int
  /// Whether it ended because the deadline had passed, and not with an answer.
  public var deadlinePassed: Bool
  /// The last answer of all, and what it took; `nil` where none came.
  public var slowest: AnswerTiming?
  /// Seconds in which others were waited for that did not answer, here or at a region.
  public var inVain: Double
  /// Bytes that were sent to hospitals.
  public var bytesDown: Int
  /// Bytes that hospitals sent.
  public var bytesUp: Int

  /// Seconds from beginning to end.
  public var seconds: Double { ended - began }
}

/// What one answer took, in virtual seconds.
public struct AnswerTiming: Equatable, Sendable {
  /// Whose it was.
  public var hospital: String
  /// Before the question was sent to it, as it was away or asked again.
  public var unasked: Double
  /// From sending the question to its arrival, by all regions on the way.
  public var down: Double
  /// From then until computing began.
  public var queued: Double
  /// Computing.
  public var compute: Double
  /// From then to the arrival of the answer.
  public var up: Double
  /// How long after the answer before it, or after the beginning: what waiting for it alone cost.
  public var alone: Double
}

/// What a whole run took, on the virtual clock.
public struct RunTiming: Equatable, Sendable {
  /// What was waited for in one hospital's name.
  public struct Wait: Equatable, Sendable {
    /// The hospital.
    public var hospital: String
    /// How often its answer was the last.
    public var times: Int
    /// The seconds by which its answers came after all others.
    public var alone: Double
  }

  /// What passed over the link of one hospital, or of one region to whoever is above it.
  public struct Traffic: Equatable, Sendable {
    /// The hospital or the region.
    public var hospital: String
    /// Whether it is a region.
    public var isRegion = false
    /// Bytes to it.
    public var down: Int
    /// Bytes from it.
    public var up: Int
  }

  /// Seconds from the start to the end of the run; of a run that was gone on with, from there.
  public var seconds = 0.0
  /// Whether it went on with a run that had been begun before.
  public var isResumed = false
  /// Of these, seconds in which nobody was asked anything: before the first question, and where the timeline
  /// has hospitals come or go before a round.
  public var between = 0.0
  /// Seconds before the last hospital to answer was asked, or could begin.
  public var waiting = 0.0
  /// Seconds that passed on the way to the last hospital to answer.
  public var down = 0.0
  /// Seconds in which the last hospital to answer computed.
  public var compute = 0.0
  /// Seconds on the way back from the last hospital to answer.
  public var up = 0.0
  /// Seconds in which others were waited for that did not answer: to a deadline, here or at a region, or until
  /// they left.
  public var deadline = 0.0
  /// In how many questions somebody was waited for in vain.
  public var deadlines = 0
  /// Whose answers were the last, by what they alone cost, most first.
  public var waits: [Wait] = []
  /// What passed over each link that was used, in the scenario's order; regions after the hospitals.
  public var traffic: [Traffic] = []

  /// All bytes to hospitals.
  public var bytesDown: Int { traffic.reduce(0) { $0 + ($1.isRegion ? 0 : $1.down) } }
  /// All bytes from hospitals.
  public var bytesUp: Int { traffic.reduce(0) { $0 + ($1.isRegion ? 0 : $1.up) } }
}

import Glibc
import Scenarios
import Tensors
import Transports

/// When hospitals are there, as the scenario's traces say; asked about the present only, and about
/// no hospital in vain: a trace is drawn as far as it is looked at.
///
/// A reference, so that asking whether there are any copies nothing.
final class AvailabilityTraces {
  /// Whether a hospital is there, and until when that stays so.
  struct Span: Equatable {
    var isThere: Bool
    var until: Instant
  }

  private struct Turns {
    var stream: RandomStream
    var span: Span
  }

  private static let day = 86_400.0

  private let plan: AvailabilityPlan
  private let stream: RandomStream
  private var turns: [String: Turns] = [:]

  init(_ experiment: Experiment, _ plan: AvailabilityPlan) {
    self.plan = plan
    stream = experiment.timeStream.child("availability")
  }

  /// How a hospital stands at `now`, which never goes back from one asking to the next.
  func span(of hospital: String, at now: Instant) -> Span {
    switch plan {
    case .always: Span(isThere: true, until: .distantFuture)
    case .dayNight(let plan): span(of: hospital, plan, at: now)
    case .markov(let on, let off): span(of: hospital, on: on, off: off, at: now)
    case .intervals(let all):
      all[hospital].map { span($0, at: now) } ?? Span(isThere: true, until: .distantFuture)
    }
  }

  private func span(_ intervals: [ClosedRange<Double>], at now: Instant) -> Span {
    // The first that is not over; it is there from the instant at which the interval begins.
    guard let next = intervals.first(where: { now < Instant(seconds: $0.upperBound) }) else {
      return Span(isThere: false, until: .distantFuture)
    }
    let beginning = Instant(seconds: next.lowerBound)
    return now < beginning
      ? Span(isThere: false, until: beginning)
      : Span(isThere: true, until: Instant(seconds: next.upperBound))
  }

  private func span(of hospital: String, _ plan: DayNightPlan, at now: Instant) -> Span {
    let shift = 3600 * zone(of: hospital, plan)
    let local = now.seconds + shift
    let midnight = (local / Self.day).rounded(.down) * Self.day
    let isOverMidnight = plan.until < plan.from
    // Changes of yesterday evening, today and tomorrow morning, in order.
    let ends = [plan.from, plan.until].sorted().map { 3600 * $0 }
    let changes = [-Self.day, 0, Self.day].flatMap { day in ends.map { midnight + day + $0 } }
    let next = changes.firstIndex { Instant(seconds: $0 - shift) > now } ?? changes.count - 1
    let isBetween = next % 2 == 1
    return Span(
      isThere: isBetween != isOverMidnight, until: Instant(seconds: changes[next] - shift))
  }

  private func zone(of hospital: String, _ plan: DayNightPlan) -> Double {
    if let zone = plan.zone[hospital] { return zone }
    var stream = stream.child("zone").child(hospital)
    return Double(stream.integer(below: 24) - 12)
  }

  private func span(
    of hospital: String, on: Double, off: Double, at now: Instant
  ) -> Span {
    var turn = turns[hospital] ?? firstTurn(of: hospital, on: on, off: off)
    while turn.span.until <= now {
      turn.span.isThere.toggle()
      turn.span.until =
        turn.span.until + turn.stream.exponential(mean: turn.span.isThere ? on : off)
    }
    turns[hospital] = turn
    return turn.span
  }

  /// At the start it is there with the share of time that it is in the long run; exponential times
  /// know no past, so the first is drawn like all.
  private func firstTurn(of hospital: String, on: Double, off: Double) -> Turns {
    var stream = stream.child(hospital)
    let isThere = stream.uniform() < on / (on + off)
    let until = Instant.zero + stream.exponential(mean: isThere ? on : off)
    return Turns(stream: stream, span: Span(isThere: isThere, until: until))
  }
}

extension RandomStream {
  /// A time from the exponential distribution, by inversion; a nanosecond at least.
  fileprivate mutating func exponential(mean seconds: Double) -> Duration {
    max(.seconds(-seconds * log(1 - uniform())), .nanoseconds(1))
  }
}

extension Instant {
  /// The last instant of a clock.
  static let distantFuture = Instant(nanoseconds: .max)

  /// So many seconds after the clock's beginning.
  init(seconds: Double) {
    self = .zero + .seconds(seconds)
  }

  /// Seconds since the clock's beginning.
  var seconds: Double { Double(nanoseconds) * 1e-9 }
}

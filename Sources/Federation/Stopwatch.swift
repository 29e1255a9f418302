import Transports

/// When the answer of a hospital was where: the stations of one question and its answer.
struct Itinerary: Sendable {
  var hospital: String
  var asked: Instant
  var received: Instant
  var begun: Instant
  var done: Instant
  /// How long regions on its way then waited for others, who let a deadline pass.
  var inVain = Duration.zero
}

/// Takes the times of a simulated run: of the question that is open, and of all before it.
struct Stopwatch {
  private var turn: Turn?
  private var began = Instant.zero
  /// When the last question was settled, if one was.
  private var ended: Instant?
  private var answered = 0
  private var slowest: AnswerTiming?
  private var lastAnswer = Instant.zero
  /// How long regions had waited in vain before the last answer.
  private var inVain = 0.0
  private var waits: [String: RunTiming.Wait] = [:]
  private var run = RunTiming()
  private var down = 0
  private var up = 0

  /// Notes that a question, which may be a new one, goes out.
  ///
  /// A buffer is open as soon as the one before is closed, whoever is asked when.
  mutating func ask(_ turn: Turn, isBuffer: Bool, at now: Instant) {
    guard turn != self.turn else { return }
    self.turn = turn
    began = (isBuffer ? ended : nil) ?? now
    run.between += (began - (ended ?? .zero)).seconds
    if answered == 0 { lastAnswer = began }
  }

  /// Notes that the answers of so many hospitals came for which the open question waits, the last of
  /// them along `way`.
  ///
  /// Of what was begun for an earlier buffer, the time counts that has passed in this one.
  mutating func answer(count: Int, along way: Itinerary?, at now: Instant) {
    guard let way else { return }
    answered += count
    let start = turn == nil ? ended ?? began : began
    let stations = [way.asked, way.received, way.begun, way.done].map { max($0, start) }
    inVain = way.inVain.seconds
    slowest = AnswerTiming(
      hospital: way.hospital, unasked: (stations[0] - start).seconds,
      down: (stations[1] - stations[0]).seconds, queued: (stations[2] - stations[1]).seconds,
      compute: (stations[3] - stations[2]).seconds,
      up: max(0, (now - stations[3]).seconds - inVain), alone: (now - lastAnswer).seconds)
    lastAnswer = now
  }

  /// Notes that so many bytes were sent to a hospital or by one.
  mutating func send(_ bytes: Int, _ direction: Letter.Direction) {
    if direction == .toNode { down += bytes } else { up += bytes }
  }

  /// The open question is settled, which was put in `phase` of `round`; gives what it took, or nil if
  /// none was put.
  mutating func settle(
    _ phase: Phase, round: Int, missing: Int, deadlinePassed: Bool, at now: Instant
  ) -> PhaseTiming? {
    guard turn != nil || answered > 0 else { return nil }
    if turn == nil { began = ended ?? began }
    // What passes after the last answer was waited in vain: for a deadline, or for whoever then left.
    let vain = inVain + (now - lastAnswer).seconds
    defer {
      (turn, ended, answered, slowest, inVain) = (nil, now, 0, nil, 0)
      (lastAnswer, down, up) = (now, 0, 0)
    }
    note(vain, isDeadline: deadlinePassed || vain > 0)
    return PhaseTiming(
      phase: phase, round: round, began: began.seconds, ended: now.seconds, answered: answered,
      missing: missing, deadlinePassed: deadlinePassed, slowest: slowest, inVain: vain,
      bytesDown: down, bytesUp: up)
  }

  private mutating func note(_ vain: Double, isDeadline: Bool) {
    if isDeadline { run.deadlines += 1 }
    run.deadline += vain
    guard let slowest else { return }
    run.waiting += slowest.unasked + slowest.queued
    run.down += slowest.down
    run.compute += slowest.compute
    run.up += slowest.up
    guard !isDeadline else { return }
    var wait =
      waits[slowest.hospital] ?? .init(hospital: slowest.hospital, times: 0, alone: 0)
    wait.times += 1
    wait.alone += slowest.alone
    waits[slowest.hospital] = wait
  }

  /// What the whole run took.
  func total(_ traffic: [RunTiming.Traffic], at now: Instant) -> RunTiming {
    var total = run
    total.seconds = now.seconds
    total.waits = waits.values.sorted {
      ($1.alone, $1.times, $0.hospital) < ($0.alone, $0.times, $1.hospital)
    }
    total.traffic = traffic
    return total
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

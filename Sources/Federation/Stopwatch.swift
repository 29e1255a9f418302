import Transports

/// When the answer of a hospital was where: the stations of one question and its answer.
struct Itinerary: Sendable {
  var hospital: String
  var asked: Instant
  var received: Instant
  var begun: Instant
  var done: Instant
}

/// Takes the times of a simulated run: of the question that is open, and of all before it.
struct Stopwatch {
  private var turn: Turn?
  private var began = Instant.zero
  private var answered = 0
  private var slowest: AnswerTiming?
  private var lastAnswer = Instant.zero
  private var waits: [String: RunTiming.Wait] = [:]
  private var run = RunTiming(
    seconds: 0, down: 0, compute: 0, up: 0, deadline: 0, deadlines: 0, waits: [], traffic: [])
  private var down = 0
  private var up = 0

  /// Notes that a question, which may be a new one, goes out.
  mutating func ask(_ turn: Turn, at now: Instant) {
    guard turn != self.turn else { return }
    self.turn = turn
    (began, lastAnswer, answered, slowest) = (now, now, 0, nil)
  }

  /// Notes that the answers of so many hospitals to the open question came, the last of them along `way`.
  mutating func answer(_ turn: Turn, count: Int, along way: Itinerary?, at now: Instant) {
    guard turn == self.turn, let way else { return }
    answered += count
    slowest = AnswerTiming(
      hospital: way.hospital, unasked: (way.asked - began).seconds,
      down: (way.received - way.asked).seconds, queued: (way.begun - way.received).seconds,
      compute: (way.done - way.begun).seconds, up: (now - way.done).seconds,
      alone: (now - lastAnswer).seconds)
    lastAnswer = now
  }

  /// Notes that so many bytes were sent.
  mutating func send(_ bytes: Int, _ direction: Letter.Direction) {
    if direction == .toNode { down += bytes } else { up += bytes }
  }

  /// The open question is settled; gives what it took, or nil if there was none.
  mutating func settle(
    missing: Int, deadlinePassed: Bool, at now: Instant
  ) -> PhaseTiming? {
    guard let turn else { return nil }
    self.turn = nil
    defer { (down, up) = (0, 0) }
    note(deadlinePassed, at: now)
    return PhaseTiming(
      phase: turn.phase, round: turn.round, began: began.seconds, ended: now.seconds,
      answered: answered, missing: missing, deadlinePassed: deadlinePassed, slowest: slowest,
      bytesDown: down, bytesUp: up)
  }

  private mutating func note(_ deadlinePassed: Bool, at now: Instant) {
    if deadlinePassed {
      run.deadlines += 1
      run.deadline += (now - lastAnswer).seconds
    }
    guard let slowest else { return }
    run.down += slowest.down
    run.compute += slowest.compute
    run.up += slowest.up
    guard !deadlinePassed else { return }
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

import Federation
import Models
import Scenarios
import Testing
import Transports

/// Keeps what is told of virtual time.
private final class Stopwatch: Timekeeper {
  var phases: [PhaseTiming] = []
  var run: RunTiming?

  func note(_ timing: PhaseTiming) { phases.append(timing) }
  func conclude(_ timing: RunTiming) { run = timing }

  var rounds: [PhaseTiming] { phases.filter { $0.phase == .learn } }
}

/// Weighs what goes to nodes, by round, and lets it pass.
private final class Scale: Weather {
  var bytesDown: [Int: Int] = [:]

  func fates(of letter: Letter) -> [Fate] {
    if case .assignment(let assignment) = letter.message, assignment.turn.phase == .learn {
      bytesDown[assignment.turn.round, default: 0] += letter.message.wireBytes
    }
    return [.arrives()]
  }
}

/// Keeps the last checkpoint.
private final class CheckpointKeeper: RunObserver {
  let diary: Diary
  var checkpoint: Coordinator.Checkpoint?

  init(_ diary: Diary) { self.diary = diary }

  func observe(_ event: RunEvent) {
    if case .checkpoint(let checkpoint) = event { self.checkpoint = checkpoint }
    diary.observe(event)
  }
}

extension Message {
  /// The bytes of the envelope and of all frames.
  fileprivate var wireBytes: Int { encoded().reduce(0) { $0 + $1.count } }
}

@Suite("Virtual time")
struct VirtualTimeTests {
  private func play(
    _ overrides: String..., prepare: (inout Simulation) -> Void = { _ in }
  ) throws -> (rounds: [RoundRecord], time: [PhaseTiming], run: RunTiming, ending: Ending) {
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) })
    let (diary, stopwatch) = (Diary(), Stopwatch())
    var simulation = try Simulation(Experiment(scenario), data: nil, observer: diary)
    simulation.timekeeper = stopwatch
    prepare(&simulation)
    let ending = try simulation.play()
    return (diary.rounds, stopwatch.rounds, try #require(stopwatch.run), ending)
  }

  private func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-6 }

  @Test("a round takes what the slowest hospital takes: way down, computing, way up")
  func slowest() throws {
    // Two episodes a round. h1: 0.5 + 2 · 1 + 0.5; h2, at double speed: 1.25 + 2 / 2 + 1.25;
    // h3, at half speed: 0.1 + 2 · 2 + 0.1.
    let (_, time, run, _) = try play(
      "time.compute=1s", "time.speed={ others: 1, h2: 2, h3: 0.5 }",
      "time.latency={ others: 500ms, h2: 1.25s, h3: 100ms }")
    #expect(time.count == 3)
    for round in time {
      #expect(isNear(round.seconds, 4.2))
      let slowest = try #require(round.slowest)
      #expect(slowest.hospital == "h3")
      #expect(isNear(slowest.down, 0.1) && isNear(slowest.compute, 4) && isNear(slowest.up, 0.1))
      // The answer before it is that of h2, after 3.5 s.
      #expect(isNear(slowest.alone, 0.7))
    }
    let wait = try #require(run.waits.first { $0.hospital == "h3" })
    // Three rounds and the evaluation at the end.
    #expect(wait.times == 4 && wait.alone > 2.1)
  }

  @Test("a transfer takes its bytes over the bandwidth, and half the bandwidth twice as long")
  func bandwidth() throws {
    let (_, fast, run, _) = try play("time.up=8kbit/s")
    let (_, slow, _, _) = try play("time.up=4kbit/s")
    // Before the first round, all nodes have said hello.
    for (fast, slow) in zip(fast, slow).dropFirst() {
      // Every hospital has a link of its own: a third of the bytes took the time of the round.
      #expect(isNear(fast.seconds, Double(fast.bytesUp) / 3 * 8 / 8000))
      #expect(isNear(slow.seconds, 2 * fast.seconds))
    }
    #expect(run.traffic.map(\.hospital) == ["h1", "h2", "h3", "h4"])
  }

  @Test("of a buffer it is told whose answer filled it, and all of its time is accounted for")
  func buffer() throws {
    let (_, time, run, _) = try play(
      "federation.policy=buffered", "federation.buffer=2", "federation.rounds=8",
      "time.compute=1s", "time.speed={ others: 1, h2: 2, h3: 0.4 }", "time.latency=100ms")
    #expect(time.count == 8)
    for round in time {
      let slowest = try #require(round.slowest)
      #expect(round.answered == 2)
      let parts =
        slowest.unasked + slowest.down + slowest.queued + slowest.compute + slowest.up
      #expect(isNear(parts, round.seconds))
    }
    // A buffer is open from the moment at which the one before is closed.
    for (one, next) in zip(time, time.dropFirst()) { #expect(isNear(one.ended, next.began)) }
    #expect(
      run.waits.contains { $0.hospital == "h1" } && run.waits.contains { $0.hospital == "h2" })
  }

  @Test("a run that goes on finds hospitals there or away by the time of the run")
  func availabilityAfterInterruption() throws {
    // After six seconds h2 is away for good.
    let settings = [
      "federation.rounds=8", "federation.deadline=30s", "time.compute=1s",
      "time.availability={ intervals: { h2: [[0, 6]] } }",
    ]
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml", overrides: settings.map { try Override($0) })
    let (whole, first, second) = (Diary(), Diary(), Diary())
    _ = try simulate(Experiment(scenario), data: nil, observer: whole)
    #expect(whole.rounds.contains { $0.missing == ["h2"] })
    let keeper = CheckpointKeeper(first)
    _ = try simulate(
      Experiment(scenario), data: nil, observer: keeper,
      isInterrupted: { first.rounds.count == 6 })
    _ = try simulate(
      Experiment(scenario), data: nil, observer: second, resuming: keeper.checkpoint)
    #expect(first.rounds + second.rounds == whole.rounds)
  }

  @Test("the bytes of a round are those of its messages on the wire")
  func bytes() throws {
    let experiment = Experiment(try Scenario.read(smallScenario, file: "small.yaml"))
    let gradient = Array(repeating: Float(0), count: experiment.network.parameterCount)
    let answer = Message.answer(
      Answer(
        turn: Turn(run: Array(repeating: 0, count: 16), phase: .learn, round: 1), hospital: "h1",
        outcome: .contribution(
          episodes: 2,
          tensors: [
            tensor("losses", doubles: [0, 0]), tensor("meta-gradient-sum", floats: gradient),
          ])))
    let scale = Scale()
    let (_, time, _, _) = try play("time.compute=1s") { $0.weather = scale }
    #expect(time[1].bytesDown == scale.bytesDown[2])
    #expect(time[1].bytesUp == 3 * answer.wireBytes)
  }

  @Test("no time setting changes a bit of what is learnt while the same hospitals answer")
  func sameRounds() throws {
    let scenario = try Scenario.read(smallScenario, file: "small.yaml")
    let diary = Diary()
    let plain = try simulate(Experiment(scenario), data: nil, observer: diary)
    let (rounds, time, _, ending) = try play(
      "time={ compute: 300ms, compute-spread: 0.5, speed-spread: 0.8, latency: 40ms, up: 1Mbit/s }")
    #expect(rounds == diary.rounds)
    #expect(ending == plain)
    #expect(Set(time.map(\.seconds)).count == 3)
  }

  @Test("draws of time are those of the seed")
  func reproducible() throws {
    let settings = "time={ compute: 1s, compute-spread: 1, speed-spread: 1 }"
    let (one, two) = (try play(settings), try play(settings))
    #expect(one.time == two.time)
    #expect(one.run == two.run)
    #expect(try play(settings, "seed=4").time != one.time)
  }

  @Test("a hospital that is too slow for the deadline is missed, and the round takes the deadline")
  func deadline() throws {
    let (rounds, time, run, _) = try play("time={ compute: 1s, speed: { others: 1, h1: 0.1 } }")
    #expect(rounds[1].missing == ["h1"])
    #expect(isNear(time[0].seconds, 10) && time[0].deadlinePassed)
    #expect(time[0].slowest?.hospital != "h1")
    #expect(run.deadlines >= 1 && run.deadline >= 7.9)
  }

  @Test("a hospital that is away does not answer, and does once it is back")
  func absent() throws {
    // h2 leaves while it computes in the first round, and comes back in the third.
    let (rounds, time, _, ending) = try play(
      "time.compute=1s", "time.availability.intervals.h2=[[0, 1], [13, 1000]]",
      "federation.deadline=4s")
    #expect(ending.outcome == .finished)
    #expect(rounds[1].missing == ["h2"])
    // The first takes the deadline; the next do not wait for it: 4 + 2 + 2 is before it is back.
    #expect(time.map(\.seconds).elementsEqual([4, 2, 2], by: isNear))
    let long = try play(
      "time.compute=1s", "time.availability.intervals.h2=[[0, 1], [7, 1000]]",
      "federation.deadline=4s")
    // It is back within the third round, one second after its beginning, and asked at once.
    #expect(long.rounds.dropFirst().map(\.missing) == [["h2"], ["h2"], []])
    #expect(long.time.map(\.seconds).elementsEqual([4, 2, 3], by: isNear))
  }

  @Test("hospitals with turns are there with the share of time that their means say")
  func markov() throws {
    // A round takes 100 s of computing and no hospital waits: the share of hospitals that answer is
    // that of those who are there all the while, on / (on + off) · exp(-100 / on).
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml",
      overrides: [
        "cohorts.hospitals=400", "cohorts.held-out=0", "federation.rounds=1",
        "federation.episodes-per-round=1", "federation.quorum=1", "federation.deadline=101s",
        "federation.assembly=1ms", "time.compute=100s",
        "time.availability.markov={ on: 1000s, off: 1000s }",
      ].map { try Override($0) })
    let diary = Diary()
    _ = try simulate(Experiment(scenario), data: nil, observer: diary)
    // 400 · 0.5 · exp(-0.1) = 181 with a standard deviation of 10.
    #expect((181 - 40...181 + 40).contains(diary.rounds[1].answered.count))
  }

  @Test("hospitals of day and night are there in their own hours")
  func dayNight() throws {
    // At midnight of the virtual clock it is six in the morning at h1, noon at h2 and midnight at h3.
    let (rounds, _, _, _) = try play(
      "time.availability.day-night={ from: 8, until: 20, zone: { others: 0, h1: 6, h2: 12 } }",
      "federation.quorum=1", "federation.deadline=2h", "federation.assembly=1h",
      "time.compute=1260s")
    // h2 alone for the first two hours, then h1 as well, and then h2 goes in the eighth hour.
    #expect(rounds[1].answered == ["h2"])
    #expect(rounds[3].answered == ["h1", "h2"])
  }
}

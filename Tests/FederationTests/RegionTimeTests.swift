import Federation
import Scenarios
import Testing
import Transports

private final class Watch: Timekeeper {
  var phases: [PhaseTiming] = []
  var run: RunTiming?

  func note(_ timing: PhaseTiming) { phases.append(timing) }
  func conclude(_ timing: RunTiming) { run = timing }
}

@Suite("Regions in virtual time")
struct RegionTimeTests {
  private struct Course {
    var rounds: [RoundRecord]
    var phases: [PhaseTiming]
    var run: RunTiming?
    var ending: Ending

    var learning: [PhaseTiming] { phases.filter { $0.phase == .learn } }
  }

  private func play(_ overrides: [String]) throws -> Course {
    let scenario = try Scenario.read(
      smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) })
    let (diary, watch) = (Diary(), Watch())
    var simulation = try Simulation(Experiment(scenario), data: nil, observer: diary)
    simulation.timekeeper = watch
    let ending = try simulation.play()
    return Course(rounds: diary.rounds, phases: watch.phases, run: watch.run, ending: ending)
  }

  private static let tree = "regions={ north: [h1, h2], south: { east: [h3] } }"

  private func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-6 }

  @Test("a message takes each hop on its way, and a region answers when its slowest hospital has")
  func hops() throws {
    let course = try play([
      Self.tree, "federation.deadline=1m", "time.compute=1s", "time.speed={ others: 1, h2: 0.5 }",
      "time.latency={ others: 0s, h1: 100ms, h2: 1s, h3: 500ms, north: 2s, east: 250ms, south: 3s }",
    ])
    #expect(course.learning.count == 3)
    for round in course.learning {
      // North: 2 + 1 down, 2 · 1 / 0.5 of computing, 1 + 2 up. South: 3 + 0.25 + 0.5 down, 2, and up the same.
      #expect(isNear(round.seconds, 10))
      let slowest = try #require(round.slowest)
      #expect(slowest.hospital == "h2" && round.answered == 3)
      // Both ways passed two hops.
      #expect(isNear(slowest.unasked, 0) && isNear(slowest.down, 3))
      #expect(isNear(slowest.compute, 4) && isNear(slowest.up, 3))
      #expect(isNear(slowest.alone, 10 - 9.5))
    }
  }

  @Test(
    "a region's link carries one answer for all of its hospitals, and what it takes is waited for")
  func traffic() throws {
    let (free, slow) = (
      try play([Self.tree, "time.compute=1s"]),
      try play([Self.tree, "time.compute=1s", "time.up={ others: unlimited, north: 8kbit/s }"])
    )
    let traffic = try #require(free.run).traffic
    #expect(traffic.map(\.hospital) == ["h1", "h2", "h3", "h4", "north", "south", "south/east"])
    // A kilobyte a second: the difference is what the north's answers took.
    let north = try #require(traffic.first { $0.hospital == "north" })
    let late = zip(free.phases, slow.phases).map { $1.seconds - $0.seconds }
    #expect(late.allSatisfy { $0 > 0.1 })
    #expect(late.reduce(0, +) < Double(north.up) / 1000)
    // What hospitals got and sent passed their own links; the regions' come besides.
    let run = try #require(free.run)
    #expect(run.bytesUp == traffic.prefix(4).reduce(0) { $0 + $1.up })
    #expect(free.phases.reduce(0) { $0 + $1.bytesUp } <= run.bytesUp)
    // Sums of exact words take more than one answer would, and less than two.
    let h1 = try #require(traffic.first { $0.hospital == "h1" })
    #expect(north.up > h1.up && north.up < 3 * h1.up)
    #expect(free.rounds == slow.rounds)
  }

  @Test("no hop changes a bit of what is learnt, and all draws are those of the seed")
  func sameRounds() throws {
    let flat = try play([])
    let time =
      "time={ compute: 300ms, compute-spread: 0.5, latency: { others: 40ms, south: 1s }, up: 1Mbit/s }"
    let (one, two) = (try play([Self.tree, time]), try play([Self.tree, time]))
    #expect(one.rounds == flat.rounds && one.ending == flat.ending)
    #expect(one.phases == two.phases && one.run == two.run)
  }

  @Test(
    "what happens to hospitals below a region happens as without one",
    arguments: [
      ["timeline=[{ round: 2, restart: coordinator }]"],
      ["timeline=[{ round: 2, kill: h1 }, { round: 3, start: h1 }]"],
      ["timeline=[{ round: 2, cut: h3 }, { round: 3, reconnect: h3 }]"],
      ["timeline=[{ round: 2, pause: h2 }, { round: 3, resume: h2 }]"],
      ["timeline=[{ round: 1, drop: { hospitals: h1..h3, probability: 0.3 } }]", "seed=4"],
      ["timeline=[{ round: 2, join: h2 }]"],
    ])
  func timeline(settings: [String]) throws {
    let time = "time={ compute: 300ms, latency: 40ms }"
    let settings = settings + ["federation.deadline=1m", "federation.assembly=2m", time]
    let (tree, flat) = (try play([Self.tree] + settings), try play(settings))
    #expect(tree.ending.outcome == .finished)
    #expect(tree.rounds == flat.rounds)
  }

  @Test("nobody waits for the farewell of a hospital that leaves its region, which hears it alone")
  func leaving() throws {
    let time = "time={ compute: 300ms, latency: 40ms }"
    let settings = ["timeline=[{ round: 2, leave: h3 }]", "federation.assembly=2m", time]
    let (tree, flat) = (try play([Self.tree] + settings), try play(settings))
    #expect(tree.rounds == flat.rounds && tree.rounds.last?.missing == ["h3"])
    #expect(tree.ending.outcome == .finished)
    #expect(try #require(tree.run).seconds < 10)
  }

  @Test(
    "all of the time is accounted for, also before questions and where a region waits in vain",
    arguments: [
      "{ round: 2, kill: h3 }, { round: 3, start: h3 }", "{ round: 2, pause: h1 }",
      "{ round: 2, join: h2 }, { round: 3, leave: h1 }", "{ at: 1500ms, cut: [h1, h2] }",
      "{ round: 2, restart: coordinator }",
    ])
  func accounts(timeline: String) throws {
    let time = "time={ compute: 300ms, latency: { others: 40ms, h2: 1s } }"
    let settings = ["timeline=[\(timeline)]", "federation.quorum=1", time]
    for regions in [[], [Self.tree, "time.latency.south=200ms"]] {
      let course = try play(settings + regions)
      let run = try #require(course.run)
      let parts = [run.between, run.waiting, run.down, run.compute, run.up, run.deadline]
      #expect(isNear(parts.reduce(0, +), run.seconds), "\(run)")
      for phase in course.phases {
        let slowest = phase.slowest.map { [$0.unasked, $0.down, $0.queued, $0.compute, $0.up] }
        #expect(isNear((slowest ?? []).reduce(phase.inVain, +), phase.seconds), "\(phase)")
      }
    }
  }

  @Test("a hospital that is too late for its region is missing, and the region answers without it")
  func deadline() throws {
    // The region waits for nine tenths of the coordinator's ten seconds.
    let course = try play([
      Self.tree, "time.compute=1s", "time.latency={ others: 0s, h1: 4.2s }",
    ])
    let flat = try play(["time.compute=1s", "time.latency={ others: 0s, h1: 3.9s }"])
    #expect(flat.rounds.allSatisfy { $0.missing.isEmpty })
    for (round, time) in zip(course.rounds.dropFirst(), course.learning) {
      #expect(round.missing == ["h1"] && round.answered == ["h2", "h3"])
      #expect(!time.deadlinePassed)
      // The region has waited in vain from the answer of h2, after 2 s, until 9 s.
      #expect(time.slowest.map { isNear($0.up, 0) && isNear($0.compute, 2) } == true)
    }
    let run = try #require(course.run)
    #expect(run.deadlines >= 1 && run.deadline > 6.9)
    #expect(run.waits.allSatisfy { $0.hospital != "h2" || $0.times <= 1 })
  }
}

import Federation
import Scenarios
import Tensors
import Testing
import Transports

/// Loses, repeats and delays messages as a seed says.
struct Squalls: Weather {
  var random: RandomStream
  var loss = 0.15

  func delay(_ random: inout RandomStream) -> Duration {
    .milliseconds(random.integer(below: 400))
  }

  mutating func fates(of letter: Letter) -> [Fate] {
    let copies = random.uniform() < 0.2 ? 2 : 1
    return (0..<copies).compactMap { _ in
      random.uniform() < loss ? nil : .arrives(after: delay(&random))
    }
  }
}

/// Alters or loses the first answers of one hospital.
private struct OnAnswers: Weather {
  var count: Int
  let fates: [Fate]

  mutating func fates(of letter: Letter) -> [Fate] {
    guard case .answer(let answer) = letter.message, answer.hospital == "h2", count > 0 else {
      return [.arrives()]
    }
    count -= 1
    return fates
  }
}

@Suite("The doors of the simulated engine")
struct SimulationHooksTests {
  private func experiment(_ overrides: String...) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) }))
  }

  private func play(
    _ experiment: Experiment, _ prepare: (inout Simulation) -> Void = { _ in }
  ) throws -> (ending: Ending, rounds: [RoundRecord], events: [RunEvent]) {
    let diary = Diary()
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    prepare(&simulation)
    let ending = try simulation.play()
    return (ending, diary.rounds, diary.events)
  }

  @Test("ends with the bits of a federation in which every node is kept and says all its hellos")
  func eager() throws {
    let experiment = try experiment("cohorts.standardise=across-hospitals")
    var sea = try RoughSea(experiment.scenario, weather: .init(), seed: 0)
    let ending = sea.play()
    let (lazy, rounds, _) = try play(experiment)
    #expect(lazy == ending)
    #expect(rounds == sea.rounds)
  }

  @Test("a hospital that does not take part in a round costs it nothing", arguments: [20, 400])
  func lazy(hospitals: Int) throws {
    let experiment = try experiment(
      "cohorts.hospitals=\(hospitals)", "cohorts.held-out=0", "federation.rounds=5",
      "federation.participation=\(5 / Double(hospitals))", "federation.quorum=5")
    var before: [Int] = []
    _ = try play(experiment) { simulation in
      for round in 1...5 {
        simulation.when(.round(round)) {
          #expect($0.awake.isEmpty)
          before.append($0.eventCount)
        }
      }
    }
    // An assignment and an answer for each that takes part; all came without an event.
    #expect(before == [0, 10, 20, 30, 40])
  }

  @Test(
    "loss, repetition and delay change no bit while all answer in time", arguments: 1...20)
  func squalls(seed: Int) throws {
    let experiment = try experiment(
      "cohorts.standardise=across-hospitals", "federation.deadline=1h", "federation.assembly=1h",
      "federation.rounds=8")
    let calm = try play(experiment)
    let rough = try play(experiment) {
      $0.weather = Squalls(random: RandomStream(seed: UInt64(seed)))
    }
    #expect(rough.ending == calm.ending)
    #expect(rough.rounds == calm.rounds)
  }

  @Test("an answer that is lost or comes as noise is asked for again and counts")
  func lostAnswers() throws {
    let experiment = try experiment()
    let calm = try play(experiment)
    for fates in [[], [Fate.arrives { _ in .failure(.unreadableEnvelope) }]] {
      let hurt = try play(experiment) { $0.weather = OnAnswers(count: 2, fates: fates) }
      #expect(hurt.rounds == calm.rounds)
    }
  }

  @Test("an answer that is altered on its way is the one that counts")
  func alteredAnswer() throws {
    let altered = try play(try experiment()) {
      let fate = Fate.arrives { message in
        guard case .answer(var answer) = message else { return .success(message) }
        answer.outcome = .declined(reason: "altered")
        return .success(.answer(answer))
      }
      $0.weather = OnAnswers(count: 1, fates: [fate])
    }
    #expect(altered.rounds[1].declined == [.init(hospital: "h2", reason: "altered")])
    #expect(altered.rounds[2].answered == ["h1", "h2", "h3"])
  }

  @Test("a node that is killed as a round begins is missed in it, and back after it was started")
  func killed() throws {
    let (ending, rounds, events) = try play(try experiment("federation.rounds=6")) { simulation in
      simulation.when(.round(2)) { $0.kill($0.node(of: "h2") ?? -1) }
      simulation.when(.round(4)) { $0.start($0.node(of: "h2") ?? -1) }
    }
    #expect(ending.outcome == .finished)
    let missing = rounds.dropFirst().map(\.missing)
    #expect(missing == [[], ["h2"], ["h2"], [], [], []])
    let changes = events.compactMap {
      if case .presence(let presence) = $0, presence.hospital == "h2" {
        presence.change
      } else {
        nil
      }
    }
    #expect(changes == [.joined, .lost, .returned])
  }

  @Test("a node that is started later joins late, and is in the round under way")
  func late() throws {
    let (_, rounds, _) = try play(try experiment()) { simulation in
      simulation.kill(2)
      simulation.when(.round(2)) { $0.start(2) }
    }
    #expect(rounds.dropFirst().map(\.missing) == [["h3"], [], []])
  }

  @Test(
    "a paused node delays its round and changes no bit; past the deadline it is lost")
  func paused() throws {
    let experiment = try experiment()
    let calm = try play(experiment)
    var ends = Instant.zero
    let short = try play(experiment) { simulation in
      simulation.when(.round(2)) {
        $0.pause(0)
        $0.when(.instant($0.now + .seconds(9))) { $0.resume(0) }
      }
      simulation.when(.round(3)) { ends = $0.now }
    }
    #expect(short.rounds == calm.rounds)
    #expect(ends == .zero + .seconds(9))
    let long = try play(experiment) { simulation in
      simulation.when(.round(2)) {
        $0.pause(0)
        $0.when(.instant($0.now + .seconds(11))) { $0.resume(0) }
      }
    }
    #expect(long.rounds.dropFirst().map(\.missing).prefix(2) == [[], ["h1"]])
  }

  @Test("cues of an instant are played at it, in the order in which they were given")
  func instants() throws {
    var played: [(Int, Instant)] = []
    let experiment = try experiment()
    _ = try play(experiment) { simulation in
      // The round waits for a paused node, so that time passes.
      simulation.when(.round(1)) { $0.pause(0) }
      for (order, second) in [3, 1, 3, 2].enumerated() {
        simulation.when(.instant(.zero + .seconds(second))) { played.append((order, $0.now)) }
      }
    }
    #expect(played.map(\.0) == [1, 3, 0, 2])
    #expect(played.map(\.1) == [1, 2, 3, 3].map { .zero + .seconds($0) })
  }

  @Test("another coordinator in the place of the first is found by all nodes and plays to the end")
  func restartedCoordinator() throws {
    let experiment = try experiment()
    let calm = try play(experiment)
    let restarted = try play(experiment) { simulation in
      simulation.when(.round(2)) {
        $0.killCoordinator()
        $0.when(.instant($0.now + .seconds(5))) {
          try $0.startCoordinator(Coordinator(experiment, run: Array(repeating: 1, count: 16)))
        }
      }
    }
    #expect(restarted.ending == calm.ending)
    #expect(restarted.rounds == calm.rounds.prefix(2) + calm.rounds)
  }

  @Test("a coordinator that is started again goes on, and every round is closed once")
  func resumedCoordinator() throws {
    let experiment = try experiment("cohorts.standardise=across-hospitals", "evaluation.every=2")
    let calm = try play(experiment)
    for pause in [Duration.zero, .seconds(5)] {
      let resumed = try play(experiment) { simulation in
        for round in 1...3 {
          simulation.when(.round(round)) {
            $0.killCoordinator()
            $0.when(.instant($0.now + pause)) { try $0.restartCoordinator() }
          }
        }
      }
      #expect(resumed.ending == calm.ending)
      #expect(resumed.events.filter(\.isCommitted) == calm.events.filter(\.isCommitted))
    }
  }

  @Test("a coordinator that is ended and never started again is an error, not a wait without end")
  func stalled() throws {
    let experiment = try experiment()
    #expect(throws: StalledSimulation.self) {
      try play(experiment) { simulation in
        simulation.when(.round(2)) { $0.killCoordinator() }
      }
    }
  }
}

import Federation
import MetaLearning
import Scenarios
import Tensors
import Testing
import Transports

/// Keeps what hospitals remember in a dictionary.
private final class Cupboard: MemoryKeeper {
  var contents: [String: [UInt8]] = [:]

  func recall(_ hospital: String) -> [UInt8]? { contents[hospital] }
  func keep(_ bytes: [UInt8], of hospital: String) { contents[hospital] = bytes }
}

/// Loses the answers of one hospital in one round.
private struct LostAnswers: Weather {
  let hospital: String
  let round: Int

  func fates(of letter: Letter) -> [Fate] {
    guard case .answer(let answer) = letter.message, answer.hospital == hospital,
      answer.turn.phase == .learn, answer.turn.round == round
    else { return [.arrives()] }
    return []
  }
}

@Suite("Every algorithm in a federation")
struct MethodTests {
  private static let remembering = AlgorithmPlan.Name.allCases.filter(\.remembers)

  private func experiment(
    _ name: AlgorithmPlan.Name, _ overrides: String...
  ) throws -> Experiment {
    let local = name.isLocal ? ", local: { steps: 3, batch: 8, rate: 0.1 }" : ""
    let proximal = [.imaml, .fedprox, .pfedme, .ditto].contains(name) ? ", proximal: 2" : ""
    let plan =
      "algorithm={ name: \(name.rawValue), inner: { steps: 2, rate: 0.1 },"
      + " outer: { optimizer: sgd, rate: 0.5 }\(local)\(proximal) }"
    let settings =
      [plan, "federation.episodes-per-round=1", "federation.rounds=5", "cohorts.hospitals=5"]
      + overrides
    return Experiment(
      try Scenario.read(
        smallScenario, file: "small.yaml", overrides: settings.map { try Override($0) }))
  }

  private func play(
    _ experiment: Experiment, keeper: Cupboard? = nil,
    from checkpoint: Coordinator.Checkpoint? = nil, _ prepare: (inout Simulation) -> Void = { _ in }
  ) throws -> (ending: Ending, diary: Diary) {
    let diary = Diary()
    var simulation = try Simulation(
      experiment, data: nil, observer: diary, resuming: checkpoint, keeper: keeper)
    prepare(&simulation)
    return (try simulation.play(), diary)
  }

  @Test(
    "learns, sends as many numbers as it says, and does it twice alike",
    arguments: AlgorithmPlan.Name.allCases)
  func plays(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(name)
    let (ending, diary) = try play(experiment)
    #expect(ending.outcome == .finished, "\(ending.reason)")
    #expect(ending.parameters.count == experiment.layout.parameters)
    #expect(Set(diary.rounds.map(\.sha256)).count == 6)
    #expect(try play(experiment).diary.rounds == diary.rounds)
    let after = try #require(diary.evaluation).hospitals.filter { !$0.results.isEmpty }
    #expect(after.count == 5)
  }

  @Test(
    "does not notice loss, repetition, delay or who shares a node",
    arguments: AlgorithmPlan.Name.allCases)
  func squalls(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(
      name, "federation.deadline=1h", "federation.assembly=1h",
      "cohorts.standardise=across-hospitals")
    let calm = try play(experiment).diary.rounds
    for seed in 0..<3 as Range<UInt64> {
      let rounds = try play(experiment) {
        $0.weather = Squalls(random: RandomStream(seed: seed))
      }.diary.rounds
      #expect(rounds == calm, "seed \(seed)")
    }
  }

  @Test(
    "a model that a hospital keeps is judged where it has trained, and of no other algorithm",
    arguments: AlgorithmPlan.Name.allCases)
  func personal(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(name)
    #expect(experiment.contenders.contains(.personal) == name.keepsModel)
    guard let place = experiment.contenders.firstIndex(of: .personal) else { return }
    let evaluation = try #require(try play(experiment).diary.evaluation)
    for hospital in evaluation.hospitals {
      let sums = try #require(hospital.results.first)[place]
      #expect((sums.judged > 0) != hospital.heldOut, "\(hospital.hospital)")
      #expect(sums.logLoss.isFinite)
    }
  }

  @Test(
    "it is what training makes of the model in common: without steps, that one",
    arguments: AlgorithmPlan.Name.allCases.filter(\.keepsModel))
  func untrained(name: AlgorithmPlan.Name) throws {
    let still = try experiment(name, "algorithm.local.rate=0", "algorithm.inner.rate=0")
    for (experiment, isStill) in [(still, true), (try self.experiment(name), false)] {
      let evaluation = try #require(try play(experiment).diary.evaluation)
      let place = try #require(experiment.contenders.firstIndex(of: .personal))
      let common = try #require(experiment.contenders.firstIndex(of: .adapted(steps: 0)))
      for hospital in evaluation.hospitals where !hospital.heldOut {
        let row = try #require(hospital.results.first)
        #expect((row[place] == row[common]) == isStill, "\(hospital.hospital)")
      }
    }
  }

  @Test("goes on after a coordinator and all nodes have died, at any round", arguments: remembering)
  func resumption(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(name)
    let undisturbed = try play(experiment).diary
    let calm = undisturbed.rounds
    for round in 1...4 {
      let cupboard = Cupboard()
      let checkpoint = try checkpoint(after: round, of: experiment, keeper: cupboard)
      let rest = try play(experiment, keeper: cupboard, from: checkpoint).diary
      #expect(rest.rounds == Array(calm.dropFirst(round + 1)), "after round \(round)")
      #expect(rest.evaluation == undisturbed.evaluation)
    }
  }

  @Test("a hospital whose memory is gone declines, and says why", arguments: remembering)
  func forgotten(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(name)
    let checkpoint = try checkpoint(after: 2, of: experiment, keeper: Cupboard())
    let (ending, diary) = try play(experiment, keeper: Cupboard(), from: checkpoint)
    #expect(ending.outcome == .quorumLost)
    let reasons = diary.rounds.last?.declined.map(\.reason) ?? []
    #expect(reasons.count == 4)
    #expect(reasons.allSatisfy { $0.contains("after round 2") && $0.contains("--memory") })
  }

  @Test(
    "an answer that was lost leaves no trace in what its hospital remembers", arguments: remembering
  )
  func lostAnswer(name: AlgorithmPlan.Name) throws {
    let experiment = try experiment(name)
    let (ending, diary) = try play(experiment) {
      $0.weather = LostAnswers(hospital: "h2", round: 2)
    }
    #expect(ending.outcome == .finished)
    #expect(diary.rounds[2].missing == ["h2"])
    #expect(diary.rounds[3].answered.contains("h2"))
    // Where the same hospitals are absent because nobody asks them, it goes the same way.
    let absent = try play(experiment) { simulation in
      simulation.when(.round(2)) { $0.kill(1) }
      simulation.when(.round(3)) { $0.start(1) }
    }.diary.rounds
    #expect(absent.map(\.sha256) == diary.rounds.map(\.sha256))
  }

  @Test(
    "every algorithm learns a model of layers of every kind", arguments: AlgorithmPlan.Name.allCases
  )
  func layers(name: AlgorithmPlan.Name) throws {
    // Held back enough for curvature that is positive everywhere.
    let plan = name == .imaml ? "algorithm.proximal=100" : "federation.rounds=2"
    let experiment = try experiment(
      name, "federation.rounds=2", plan, "model.initialiser=uniform-fan-in",
      "model.layers=[{ dense: 4, activation: tanh },"
        + " { residual: [{ normalise: layer }, { dense: 4, activation: tanh }] }, { dense: 3 }]")
    let (ending, diary) = try play(experiment)
    #expect(ending.outcome == .finished)
    #expect(diary.rounds.allSatisfy { $0.declined.isEmpty })
    #expect(ending.parameters.allSatisfy { $0.isFinite })
    #expect(ending.parameters != experiment.initialParameters())
  }

  @Test("what implicit gradients leave unsolved is told round by round, and of no other algorithm")
  func residuals() throws {
    #expect(try play(experiment(.maml)).diary.rounds.allSatisfy { $0.residuals == nil })
    let means = try [(1, 1), (50, 30)].map { steps, iterations in
      let experiment = try experiment(
        .imaml, "algorithm.inner.steps=\(steps)", "algorithm.conjugate-gradients=\(iterations)")
      let rounds = try play(experiment).diary.rounds
      #expect(rounds.first?.residuals == nil)
      let told = try rounds.dropFirst().map { try #require($0.residuals) }
      #expect(told.count == 5)
      #expect(told.allSatisfy { $0.inner > 0 && $0.solver >= 0 })
      return told
    }
    for (rough, fine) in zip(means[0], means[1]) {
      #expect(fine.inner < rough.inner / 2)
      // The solver stops at its tolerance.
      #expect(fine.solver <= 1e-6)
    }
  }

  @Test("an implicit gradient that is not defined is declined, not sent as something weaker")
  func implicit() throws {
    // Hardly held back, a network ends where curvature is not positive.
    let experiment = try experiment(
      .imaml, "algorithm.proximal=0.000001", "algorithm.conjugate-gradients=100",
      "model.layers=[{ dense: 8, activation: tanh }]")
    let (ending, diary) = try play(experiment)
    #expect(ending.outcome == .quorumLost)
    let reasons = diary.rounds.last?.declined.map(\.reason) ?? []
    #expect(!reasons.isEmpty)
    #expect(reasons.allSatisfy { $0.contains("raise algorithm.proximal") })
  }

  @Test("hospitals that count by their patients make the mean that their patients would")
  func weighting() throws {
    let overrides = ["federation.rounds=1", "algorithm.outer.rate=1"]
    let even = try experiment(.fedavg, overrides[0], overrides[1])
    let weighted = try experiment(
      .fedavg, overrides[0], overrides[1], "algorithm.weighting=patients")
    let start = even.initialParameters()
    let moves = try even.training.map { hospital in
      let worker = try HospitalWorker(even, hospitals: [hospital], data: nil)
      let answer = try #require(
        worker.perform(
          Job(
            turn: Turn(run: Array(repeating: 1, count: 16), phase: .learn, round: 1),
            hospital: hospital, tensors: [tensor("meta-parameters", floats: start)])))
      guard case .contribution(_, let tensors) = answer.outcome else { throw Unexpected() }
      return try #require(tensors.first { $0.meaning == "meta-gradient-sum" }).frame.floats()
    }
    let counts = try even.training.map { hospital in
      try trainingPatients(of: hospital, in: weighted)
    }
    #expect(Set(counts).count > 1)
    let found = try play(weighted).ending.parameters
    let total = Double(counts.reduce(0, +))
    for index in start.indices {
      let mean = zip(moves, counts).reduce(0) { $0 + Double($1.0[index]) * Double($1.1) } / total
      #expect(abs(Double(found[index]) - (Double(start[index]) - mean)) < 1e-6)
    }
  }

  private struct Unexpected: Error {}

  /// The episodes that a contribution counts for, which are patients there.
  private func trainingPatients(of hospital: String, in experiment: Experiment) throws -> Int {
    let worker = try HospitalWorker(experiment, hospitals: [hospital], data: nil)
    let parameters = tensor("meta-parameters", floats: experiment.initialParameters())
    let answer = worker.perform(
      Job(
        turn: Turn(run: Array(repeating: 1, count: 16), phase: .learn, round: 1),
        hospital: hospital, tensors: [parameters]))
    guard case .contribution(let count, _)? = answer?.outcome else { throw Unexpected() }
    return count
  }

  /// The state of a run that is interrupted after a round.
  private func checkpoint(
    after round: Int, of experiment: Experiment, keeper: Cupboard
  ) throws -> Coordinator.Checkpoint {
    let diary = Diary()
    var simulation = try Simulation(
      experiment, data: nil, observer: diary, keeper: keeper,
      isInterrupted: { diary.rounds.last?.round == round })
    #expect(try simulation.play().outcome == .interrupted)
    let checkpoints = diary.events.compactMap {
      if case .checkpoint(let checkpoint) = $0 { checkpoint } else { nil }
    }
    return try #require(checkpoints.last { $0.round == round })
  }
}

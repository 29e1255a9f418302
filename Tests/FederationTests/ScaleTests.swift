import Federation
import Scenarios
import Testing
import Transports

@Suite("Many hospitals")
struct ScaleTests {
  private func experiment(_ overrides: String...) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario, file: "small.yaml", overrides: overrides.map { try Override($0) }))
  }

  // MARK: Patients

  private func job(_ hospital: Int, round: Int, of experiment: Experiment) -> Job {
    let parameters = tensor("meta-parameters", floats: experiment.initialParameters())
    return Job(
      turn: Turn(run: Rehearsal.run, phase: .learn, round: round), hospital: "h\(hospital)",
      tensors: [parameters])
  }

  @Test(
    "patients that are made again are the same, and no more are kept than there is room for",
    arguments: [
      "[]", "[{ case-mix: { shift: 1 } }, { label-noise: { rate: 0.3, from-round: 2, over: 2 } }]",
    ], [0, 40_000, 1 << 20])
  func bounded(rules: String, room: Int) throws {
    let experiment = try experiment(
      "heterogeneity=\(rules)", "cohorts.hospitals=30", "cohorts.held-out=0")
    let names = experiment.training
    let small = try HospitalWorker(
      experiment, hospitals: names, data: nil, patientMemory: room)
    let large = try HospitalWorker(experiment, hospitals: names, data: nil)
    for round in 1...4 {
      for hospital in 1...30 {
        let job = job(hospital, round: round, of: experiment)
        #expect(small.perform(job) == large.perform(job))
        #expect(small.kept.bytes <= room)
      }
    }
    #expect(large.kept.hospitals == 30)
    #expect(large.kept.bytes > 40_000 && large.kept.bytes < 1 << 20)
    switch room {
    case 0: #expect(small.kept.hospitals == 0)
    case 1 << 20: #expect(small.kept.hospitals == 30)
    default: #expect((1..<30).contains(small.kept.hospitals))
    }
  }

  @Test("the patients of a hospital that does not take part are never made")
  func unused() throws {
    let experiment = try experiment(
      "cohorts.hospitals=2000", "cohorts.held-out=0", "federation.participation=0.005",
      "federation.quorum=10", "evaluation.hospitals=5")
    let diary = Diary()
    var kept: [Int] = []
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    for round in 1...3 { simulation.when(.round(round)) { kept.append($0.keptHospitals) } }
    _ = try simulation.play()
    let taken = diary.rounds.dropFirst().map { Set($0.answered) }
    #expect(taken.allSatisfy { $0.count == 10 })
    #expect(kept == [0, taken[0].count, taken[0].union(taken[1]).count])
  }

  // MARK: Who is judged

  @Test("as many are judged as the scenario says, held-out hospitals first", arguments: 1...20)
  func judged(count: Int) throws {
    let experiment = try experiment(
      "cohorts.hospitals=20", "cohorts.held-out=6", "evaluation.hospitals=\(count)")
    let (training, heldOut) = (experiment.training, experiment.heldOut)
    #expect(Set(experiment.judged).count == count)
    #expect(experiment.judged.count { heldOut.contains($0) } == min(count, 6))
    #expect(
      Array(experiment.judged) == (training + Array(heldOut)).filter(experiment.judged.contains))
  }

  @Test("all are judged unless it says so, and the seed decides who is")
  func judgedBySeed() throws {
    #expect(try experiment().judged == ["h1", "h2", "h3", "h4"])
    let overrides = ["cohorts.hospitals=40", "evaluation.hospitals=12"]
    let drawn = try (1...5).map { seed in
      Array(try experiment(overrides[0], overrides[1], "seed=\(seed)").judged)
    }
    #expect(Set(drawn).count > 3)
    #expect(Array(try experiment(overrides[0], overrides[1], "seed=1").judged) == drawn[0])
  }

  @Test("every evaluation of a run judges the same hospitals and no others")
  func evaluations() throws {
    let experiment = try experiment(
      "cohorts.hospitals=12", "cohorts.held-out=3", "evaluation.hospitals=5", "evaluation.every=1")
    let diary = Diary()
    #expect(try simulate(experiment, data: nil, observer: diary).outcome == .finished)
    let evaluations = diary.events.compactMap {
      if case .evaluated(let evaluation) = $0 { evaluation } else { nil }
    }
    #expect(evaluations.count == 3)
    for evaluation in evaluations {
      #expect(evaluation.hospitals.map(\.hospital) == Array(experiment.judged))
      #expect(evaluation.hospitals.count(where: \.heldOut) == 3)
      #expect(evaluation.missing.isEmpty)
    }
  }

  // MARK: The coordinator

  @Test("what the coordinator notes grows with who takes part in a round, not with who there is")
  func entries() throws {
    var (growth, starts): ([Int], [Int]) = ([], [])
    for hospitals in [500, 5_000] {
      let experiment = try experiment(
        "cohorts.hospitals=\(hospitals)", "cohorts.held-out=0", "federation.rounds=4",
        "federation.participation=\(20 / Double(hospitals))", "federation.quorum=20",
        "evaluation.hospitals=5")
      var sizes: [Int] = []
      var simulation = try Simulation(experiment, data: nil, observer: Diary())
      for round in 1...4 { simulation.when(.round(round)) { sizes.append(entries(of: $0)) } }
      _ = try simulation.play()
      starts.append(sizes[0])
      growth.append(try #require(sizes.max()) - sizes[0])
    }
    #expect(growth.allSatisfy { (0...200).contains($0) })
    // No list of names, nor of who is here: hospitals that are counted and come in order need none but
    // what every 1,024 of them have in common.
    #expect((0...20).contains(starts[1] - starts[0]))
  }

  /// The elements of all collections of the coordinator, the experiment and its scenario included.
  private func entries(of simulation: Simulation) -> Int {
    let coordinator = Mirror(reflecting: simulation).descendant("coordinator")
    return coordinator.map { entries(in: $0) } ?? 0
  }

  private func entries(in value: Any) -> Int {
    let mirror = Mirror(reflecting: value)
    if value is [Float] || value is [UInt8] || value is String { return 0 }
    let own =
      [.collection, .set, .dictionary].contains(mirror.displayStyle) ? mirror.children.count : 0
    return mirror.children.reduce(own) { $0 + entries(in: $1.value) }
  }

  @Test("100,000 hospitals of which one in a hundred takes part play to the end")
  func hundredThousand() throws {
    let experiment = try experiment(
      "cohorts.synthetic={ patients: 12, features: 1 }", "cohorts.hospitals=100000",
      "cohorts.held-out=10", "task={ support: 1, query: 1 }", "model.layers=[]",
      "algorithm.order=first", "federation.rounds=2", "federation.episodes-per-round=1",
      "federation.participation=0.01", "federation.quorum=1000",
      "evaluation={ hospitals: 20, shots: [1], steps: [0], episodes: 1 }")
    let diary = Diary()
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    var size = 0
    simulation.when(.round(1)) { size = entries(of: $0) }
    #expect(try simulation.play().outcome == .finished)
    #expect(diary.rounds.dropFirst().map(\.answered.count) == [1000, 1000])
    // The question, its assignments and the experiment; of those who are not asked next to nothing.
    #expect((1000..<8000).contains(size))
    #expect(diary.evaluation?.hospitals.count == 20)
  }
}

import Cohorts
import MetaLearning
import Models
import Scenarios
import Testing
import Transports

@testable import Federation

@Suite("An outcome of ten classes")
struct TenClassesTests {
  private static func experiment(
    _ algorithm: AlgorithmPlan.Name = .fedavg, _ overrides: String...
  ) throws -> Experiment {
    let proximal = algorithm == .imaml ? ", proximal: 2" : ""
    let local = algorithm.isLocal ? ", local: { steps: 4, batch: 10, rate: 0.1 }" : ""
    return Experiment(
      try Scenario.read(
        """
        scenario: ten
        summary: Points of ten classes.
        cohorts: { ten-classes: {}, hospitals: 6, held-out: [h6] }
        task: { support: 8, query: 8 }
        model: { layers: [{ dense: 6, activation: tanh }] }
        algorithm: { name: \(algorithm.rawValue), inner: { steps: 2, rate: 0.1 }, outer: { optimizer: sgd, rate: 0.5 }\(local)\(proximal) }
        federation: { rounds: 4, deadline: 1h }
        evaluation: { shots: [20], steps: [0, 2], episodes: 1 }
        """, file: "ten.yaml", overrides: overrides.map { try Override($0) }))
  }

  @Test(
    "is learnt by every algorithm, and judged by all references",
    arguments: AlgorithmPlan.Name.allCases)
  func algorithms(name: AlgorithmPlan.Name) throws {
    let experiment = try Self.experiment(name)
    #expect(experiment.network.outputs == 10)
    let diary = Diary()
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    let ending = try simulation.play()
    #expect(ending.outcome == .finished, "\(ending.reason)")
    #expect(Set(diary.rounds.map(\.sha256)).count == 5)
    let evaluation = try #require(diary.evaluation)
    #expect(evaluation.hospitals.count == 6)
    for hospital in evaluation.hospitals {
      for (contender, sums) in zip(evaluation.contenders, try #require(hospital.results.first)) {
        guard contender != .personal || !hospital.heldOut else { continue }
        #expect(sums.judged > 0 && sums.logLoss.isFinite, "\(contender) at \(hospital.hospital)")
        #expect(sums.pairs == 0)
      }
    }
  }

  @Test("the majority of the support set is judged by how often it comes true")
  func majority() throws {
    let experiment = try Self.experiment()
    let wards = try Wards(experiment, hospitals: ["h5"], data: nil, capacity: 1 << 24)
    let source = try wards.source(of: "h5", in: 0, standardiser: nil)
    var random = experiment.judgingStream(hospital: "h5", shots: 20, episode: 0)
    let episode = try source.judgingEpisode(shots: 20, using: &random)
    let counts = (0..<10).map { label in episode.support.outcomes.count { $0 == Float(label) } }
    let most = try #require(counts.max())
    let labels = Set(counts.indices.filter { counts[$0] == most }.map { Float($0) })
    let diary = Diary()
    var simulation = try Simulation(experiment, data: nil, observer: diary)
    _ = try simulation.play()
    let evaluation = try #require(diary.evaluation)
    let hospital = try #require(evaluation.hospitals.first { $0.hospital == "h5" })
    let right = Double(episode.query.outcomes.count { labels.contains($0) }) / Double(labels.count)
    #expect(abs((hospital.results.first?.first?.correct ?? 0) - right) < 1e-9)
  }

  @Test("a hospital that exchanges labels learns class 9 − y for class y")
  func exchanged() throws {
    let hostile = try Self.experiment(
      .maml, "timeline=[{ round: 2, hostile: { hospitals: h2, attack: label-flip } }]")
    let honest = try Self.experiment(.maml)
    let wards = try Wards(honest, hospitals: ["h2"], data: nil, capacity: 0)
    let cohort = try wards.cohort(of: "h2", in: 2)
    var turned = cohort
    turned.outcomes = cohort.outcomes.map { 9 - $0 }
    func sent(_ experiment: Experiment, _ cohort: Cohort) throws -> [Float] {
      let job = Job(
        turn: Turn(run: Rehearsal.run, phase: .learn, round: 2), hospital: "h2",
        tensors: [tensor("meta-parameters", floats: experiment.initialParameters())])
      let answer = HospitalWorker(experiment, cohorts: ["h2": cohort]).perform(job)
      guard case .contribution(_, let tensors) = answer?.outcome else { return [] }
      return try #require(tensors.first { $0.meaning == "meta-gradient-sum" }).frame.floats()
    }
    let flipped = try sent(hostile, cohort)
    #expect(flipped.contains { $0 != 0 })
    #expect(try flipped == sent(honest, turned))
    #expect(try flipped != sent(honest, cohort))
  }

  @Test("a census counts each class, and dealing points anew keeps their number")
  func census() throws {
    let census = try Census(of: Self.experiment(), in: 0, data: nil)
    #expect(census.isOfClasses && census.labels == (0..<10).map { "class \($0)" })
    #expect(census.hospitals[2].counts == [0, 0, 0, 0, 295, 141, 0, 0, 0, 0])
    let dealt = try Census(
      of: Self.experiment(.fedavg, "cohorts.partition={ of: pooled }"), in: 0, data: nil)
    for label in 0..<10 {
      let sums = [census, dealt].map { $0.hospitals.reduce(0) { $0 + $1.counts[label] } }
      #expect(sums[0] == sums[1])
    }
    #expect(dealt.hospitals.map(\.patients).max() == 1631)
  }

  @Test("rules and partitions skew all classes")
  func skews() throws {
    func counts(_ override: String) throws -> [[Int]] {
      try Census(of: Self.experiment(.fedavg, override), in: 1, data: nil).hospitals.map(\.counts)
    }
    let natural = try counts("seed=1")
    for (before, after) in zip(
      natural, try counts("heterogeneity=[{ label-skew: { classes: 1 } }]"))
    {
      #expect(after.count { $0 > 0 } == 1)
      #expect(zip(before, after).allSatisfy { $1 == 0 || $1 == $0 })
    }
    let dealt = try counts("cohorts.partition={ of: pooled, label-skew: { dirichlet: 0.1 } }")
    let even = try counts("cohorts.partition={ of: pooled, label-skew: { dirichlet: 10000 } }")
    let shares = [dealt, even].map { counts in
      counts.map { Double($0.max() ?? 0) / Double($0.reduce(0, +)) }.reduce(0, +) / 6
    }
    #expect(shares[0] > shares[1] + 0.15)
    // Numbers are rounded within each class.
    for counts in dealt + even { #expect(abs(counts.reduce(0, +) - 1631) <= 10) }
  }

  @Test(
    "points depend on the seed of the data set alone, and who is kept for judging on the scenario's"
  )
  func seeds() throws {
    func episode(_ seed: Int) throws -> Episode {
      let experiment = try Self.experiment(.fedavg, "seed=\(seed)")
      let wards = try Wards(experiment, hospitals: ["h3"], data: nil, capacity: 1 << 24)
      let points = TenClasses(
        alpha: 0.5, beta: 0.5, factor: 1, seed: 0,
        hospitals: Array(experiment.scenario.cohorts.hospitals))
      #expect(try wards.cohort(of: "h3", in: 0) == points.cohort(of: "h3"))
      var random = experiment.judgingStream(hospital: "h3", shots: 20, episode: 0)
      return try wards.source(of: "h3", in: 0, standardiser: nil)
        .judgingEpisode(shots: 20, using: &random)
    }
    #expect(try episode(1) == episode(1))
    #expect(try episode(1).query != episode(2).query)
  }
}

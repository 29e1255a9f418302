import Cohorts
import Foundation
import MetaLearning
import Scenarios
import Tensors
import Testing
import Transports

@testable import Federation

@Suite("Hospitals that a partition makes of patients with many records, or of conditions")
struct HospitalsOfPatientsTests {
  private static let doses =
    "{ doses: { records: 12 }, hospitals: 4, held-out: [h2], partition: { of: pooled, from: [q1..q40] } }"

  private func experiment(_ cohorts: String, _ overrides: String...) throws -> Experiment {
    Experiment(
      try Scenario.read(
        """
        scenario: wards
        summary: Hospitals of patients.
        cohorts: \(cohorts)
        task: { support: 8, query: 8 }
        model: { layers: [{ dense: 3, activation: tanh }] }
        algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.01 } }
        federation: { rounds: 3 }
        privacy: { minimum-patients: 2 }
        evaluation: { episodes: 2, steps: [0, 1] }
        """, file: "wards.yaml", overrides: overrides.map { try Override($0) }))
  }

  private func play(
    _ experiment: Experiment, processes: Int? = nil, data: String? = nil
  ) throws -> Diary {
    let diary = Diary()
    let ending = try simulate(experiment, data: data, processes: processes, observer: diary)
    #expect(ending.outcome == .finished)
    return diary
  }

  private func wards(_ experiment: Experiment, data: String? = nil) throws -> Wards {
    try Wards(
      experiment, hospitals: experiment.scenario.cohorts.hospitals, data: data, capacity: 1 << 24)
  }

  private func answer(
    _ experiment: Experiment, _ phase: Phase, _ hospital: String = "h1"
  ) throws -> Answer.Outcome {
    let worker = try HospitalWorker(experiment, hospitals: [hospital], data: nil)
    let parameters = tensor("meta-parameters", floats: experiment.initialParameters())
    let turn = Turn(run: Array(repeating: 1, count: 16), phase: phase, round: 1)
    let job = Job(turn: turn, hospital: hospital, tensors: phase == .describe ? [] : [parameters])
    return try #require(worker.perform(job)).outcome
  }

  @Test(
    "they learn and are judged to the end, with the same bits however hospitals share nodes",
    arguments: [
      "algorithm.order=second", "heterogeneity=[]", "evaluation.validation=3",
      "algorithm={ name: fedavg, local: { steps: 2, batch: 6, rate: 0.05 }, outer: { rate: 1 },"
        + " inner: { steps: 1, rate: 0.1 }, weighting: patients }",
    ])
  func plays(setting: String) throws {
    let experiment = try experiment(Self.doses, setting)
    let diary = try play(experiment)
    #expect(diary.rounds == (try play(experiment, processes: 2).rounds))
    let hospitals = try #require(diary.evaluation).hospitals
    #expect(hospitals.count == 4)
    for hospital in hospitals {
      #expect(hospital.declined == nil)
      #expect(hospital.patients == 10)
      // Three of ten patients are kept, and of eight shots at a held-out hospital each of seven gives one.
      for (contender, sums) in zip(experiment.contenders, hospital.results[0]) {
        switch contender {
        case .fixedDose: #expect(sums.judged == 0)
        case .validated: #expect(sums.judged == 2 * 8)
        default: #expect(sums.judged == 2 * 3 * 12, "\(contender) at \(hospital.hospital)")
        }
      }
    }
  }

  @Test("a recommendation at a hospital of patients is judged by the truth of the visit")
  func doses() throws {
    let experiment = try experiment(Self.doses)
    #expect(experiment.contenders.contains(.fixedDose))
    let evaluation = try #require(try play(experiment).evaluation)
    let place = try #require(experiment.contenders.firstIndex(of: .bestReachable))
    for hospital in evaluation.hospitals {
      let choices = hospital.results[0].map(\.choices)
      #expect(choices[place].judged > 0)
      #expect(choices[place].regret == 0)
      #expect(choices.contains { $0.regret > 0 })
    }
  }

  @Test("no sum leaves over fewer patients than may be told of, however many records they have")
  func minimum() throws {
    func declines(_ phase: Phase, _ settings: String..., below minimum: Int) throws -> Bool {
      var scenario = try experiment(
        Self.doses,
        "cohorts.standardise=\(phase == .describe ? "across-hospitals" : "none")"
      ).scenario
      for setting in settings {
        scenario = try Scenario.read(
          scenario.yaml, file: "wards.yaml", overrides: [Override(setting)])
      }
      // A file that asks for what no hospital can satisfy would be refused.
      scenario.privacy.minimumPatients = minimum
      if case .declined(let reason) = try answer(Experiment(scenario), phase) {
        #expect(reason.contains("fewer than \(scenario.privacy.minimumPatients) patients"))
        return true
      }
      return false
    }
    // Of ten patients seven train, three of them in a support set of eight records.
    let few = "cohorts.partition.quantity-skew={ counts: { h1: 10, h2: 10, h3: 10, h4: 10 } }"
    #expect(try !declines(.learn, few, below: 3))
    #expect(try declines(.learn, few, below: 4))
    #expect(try !declines(.describe, few, below: 7))
    #expect(try declines(.describe, few, below: 8))
    #expect(try !declines(.evaluate, few, below: 3))
    #expect(try declines(.evaluate, few, below: 4))
    let local =
      "algorithm={ name: fedavg, local: { steps: 1, batch: 70, rate: 0.05 }, outer: { rate: 1 },"
      + " inner: { steps: 1, rate: 0.1 } }"
    #expect(try !declines(.learn, few, local, below: 7))
    #expect(try declines(.learn, few, local, below: 8))
  }

  @Test("a hospital counts for its patients, where it counts for patients")
  func weight() throws {
    let experiment = try experiment(
      Self.doses,
      "algorithm={ name: fedavg, local: { steps: 1, batch: 70, rate: 0.05 }, outer: { rate: 1 },"
        + " inner: { steps: 1, rate: 0.1 }, weighting: patients }",
      "federation.participation-by=patients", "cohorts.standardise=none")
    guard case .contribution(let count, _) = try answer(experiment, .learn),
      case .contribution(_, let tensors) = try answer(experiment, .describe)
    else {
      Issue.record("the hospital declined")
      return
    }
    #expect(count == 7)
    #expect(try #require(tensors.first { $0.meaning == "patients" }).frame.doubles() == [7])
  }

  @Test("that nothing changes is said of a patient's own last value, never of another's")
  func contenders() throws {
    func has(_ cohorts: String) throws -> Bool {
      try experiment(cohorts).contenders.contains(.lastValue)
    }
    let pooled = "hospitals: 4, partition: { of: pooled } }"
    #expect(try has("{ dataset: hupa-ucm-cgm, \(pooled)"))
    #expect(try !has("{ dataset: remifentanil, \(pooled)"))
    #expect(try !has("{ dataset: parkinsons-telemonitoring, \(pooled)"))
    #expect(try has("{ dataset: remifentanil, hospitals: [p1, p2] }"))
  }

  @Test("the census counts patients beside their records")
  func census() throws {
    let experiment = try experiment(Self.doses)
    let hospitals = try Census(of: experiment, in: 1, data: nil).hospitals
    #expect(hospitals.map(\.patients) == [10, 10, 10, 10])
    #expect(hospitals.map(\.records) == [120, 120, 120, 120])
    #expect(hospitals.allSatisfy { abs($0.shares.reduce(0, +) - 1) < 1e-12 })
  }

  @Test(
    "patients of a data set of records are dealt whole, or put together by their names",
    .enabled(if: PublishedData.holds("parkinsons-telemonitoring"), PublishedData.skipped))
  func parkinsons() throws {
    let dealt = try experiment(
      "{ dataset: parkinsons-telemonitoring, hospitals: 6, held-out: 2, partition: { of: pooled } }"
    )
    let wards = try wards(dealt, data: PublishedData.directory)
    let cohorts = try dealt.scenario.cohorts.hospitals.map { try wards.cohort(of: $0, in: 1) }
    #expect(cohorts.map(\.patients) == [7, 7, 7, 7, 7, 7])
    #expect(cohorts.reduce(0) { $0 + $1.outcomes.count } == 5875)
    #expect(Set(cohorts.flatMap { Set($0.owners ?? []) }).count == 42)
    let merged = try experiment(
      "{ dataset: parkinsons-telemonitoring, held-out: [north],"
        + " partition: { of: hospitals, merge: { north: [p1, p2], south: [p3..p9] } } }")
    #expect(merged.scenario.cohorts.hospitals == ["north", "south"])
    let north = try self.wards(merged, data: PublishedData.directory).cohort(of: "north", in: 1)
    let alone = try ParkinsonsTelemonitoring.cohorts(
      of: ["p1", "p2"], score: .motor, in: PublishedData.directory)
    #expect(north.outcomes == alone.flatMap(\.outcomes))
    #expect(north.outcomeScale == alone[0].outcomeScale)
    #expect(north.times == nil && north.patients == 2)
    #expect(try play(dealt, data: PublishedData.directory).evaluation?.hospitals.count == 6)
  }

  @Test(
    "in the example of the documentation every hospital learns in every round, and may say so",
    .enabled(if: PublishedData.holds("parkinsons-telemonitoring"), PublishedData.skipped),
    arguments: 1...5 as ClosedRange<UInt64>)
  func documented(seed: UInt64) throws {
    let document = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Docs/scenarios.md"), encoding: .utf8)
    let section = try #require(document.components(separatedBy: "#### Hospitals of patients").last)
    let example = try #require(
      section.components(separatedBy: "```")[1].split(separator: "cohorts: ").last
    )
    .split(separator: "\n")
    #expect(example.count == 2 && example[1] == "privacy: { minimum-patients: 2 }")
    let diary = try play(
      experiment(String(example[0]), "seed=\(seed)"), data: PublishedData.directory)
    #expect(diary.rounds.allSatisfy { $0.answered.count == 4 && $0.declined.isEmpty })
    let evaluation = try #require(diary.evaluation)
    #expect(evaluation.hospitals.count == 6)
    #expect(evaluation.hospitals.allSatisfy { $0.declined == nil })
  }

  @Test(
    "glucose at hospitals of patients is forecast along each one's own readings",
    .enabled(if: PublishedData.holds("hupa-ucm-cgm"), PublishedData.skipped))
  func glucose() throws {
    let dealt = try experiment(
      "{ dataset: hupa-ucm-cgm, hospitals: 4, held-out: 1, partition: { of: pooled } }",
      "model.layers=[{ convolution: 4 }, { dense: 4 }]")
    let wards = try wards(dealt, data: PublishedData.directory)
    let all = try GlucoseMonitoring.cohorts(
      of: GlucoseMonitoring.patients, horizon: 30, in: PublishedData.directory)
    var records = 0
    for hospital in dealt.scenario.cohorts.hospitals {
      let cohort = try wards.cohort(of: hospital, in: 1)
      records += cohort.outcomes.count
      #expect(cohort.patients == 6)
      #expect(cohort.persistence == Array(repeating: 0, count: cohort.outcomes.count))
    }
    #expect(records == all.reduce(0) { $0 + $1.outcomes.count })
    let evaluation = try #require(try play(dealt, data: PublishedData.directory).evaluation)
    let place = try #require(dealt.contenders.firstIndex(of: .lastValue))
    #expect(evaluation.hospitals.allSatisfy { $0.results[0][place].judged > 0 })
  }

  @Test(
    "conditions at hospitals are put together, taken apart and dealt like hospitals",
    .enabled(if: PublishedData.holds("ist"), PublishedData.skipped))
  func conditions() throws {
    let regrouped = try experiment(
      "{ dataset: ist, by: condition, hospitals: [lacunar, 134-TACS-1, 134-TACS-2, 7-PACS],"
        + " partition: { of: hospitals, merge: { lacunar: [7-LACS, 26-LACS] },"
        + " split: { 134-TACS: 2 } } }")
    let wards = try wards(regrouped, data: PublishedData.directory)
    let found = try regrouped.scenario.cohorts.hospitals.map { try wards.cohort(of: $0, in: 1) }
    let sizes = try StrokeTrial.cohorts(
      of: ["7-LACS", "26-LACS", "134-TACS", "7-PACS"], by: .condition, in: PublishedData.directory
    ).map(\.outcomes.count)
    #expect(found[0].outcomes.count == sizes[0] + sizes[1])
    #expect(found[1].outcomes.count + found[2].outcomes.count == sizes[2])
    #expect(found[3].outcomes.count == sizes[3])
    let dealt = try experiment(
      "{ dataset: ist, by: condition, hospitals: 2, partition: { of: pooled, from: [7-LACS, 26-LACS],"
        + " label-skew: { dirichlet: 1 } } }")
    let parts = try self.wards(dealt, data: PublishedData.directory)
    let count = try ["h1", "h2"].map { try parts.cohort(of: $0, in: 1).outcomes.count }
    #expect(count.reduce(0, +) == sizes[0] + sizes[1])
    #expect(try play(regrouped, data: PublishedData.directory).evaluation?.hospitals.count == 4)
  }
}

import MetaLearning
import Scenarios
import Tensors
import Testing
import Transports

@testable import Federation

@Suite("The form in which judgements travel")
struct JudgementFormTests {
  private func experiment(_ cohorts: String) throws -> Experiment {
    Experiment(
      try Scenario.read(
        """
        scenario: judged
        summary: Who is judged, and how that travels.
        cohorts: \(cohorts)
        task: { support: 5, query: 5 }
        model: { layers: [] }
        algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
        federation: { rounds: 1 }
        evaluation: { shots: [5, 7], steps: [0, 1] }
        """, file: "judged.yaml"))
  }

  private static let clinic = "{ synthetic: { patients: 40 }, hospitals: 3 }"
  private static let doses = "{ doses: { records: 24 }, hospitals: 3, held-out: 1 }"

  /// Sums that no two contenders share.
  private func sums(_ form: JudgementForm, choosing: Bool, seed: UInt64) -> [[MetricSums]] {
    var random = RandomStream(seed: seed)
    return form.nothing.map { row in
      row.map { _ in
        var sums = MetricSums(numbers: (0..<MetricSums.count).map { _ in random.normal() })
        if choosing {
          sums.choices = ChoiceSums(numbers: (0..<ChoiceSums.count).map { _ in random.normal() })
        }
        return sums
      }
    }
  }

  @Test("what is written is read, of one hospital and of several", arguments: [clinic, doses])
  func roundTrip(cohorts: String) throws {
    let experiment = try experiment(cohorts)
    let form = JudgementForm(of: experiment)
    let rows = (1...3).map {
      Judgement(sums: sums(form, choosing: cohorts == Self.doses, seed: UInt64($0)))
    }
    #expect(try form.judgement(in: form.tensors(of: rows[0])) == rows[0])
    #expect(try form.judgements(ofRows: 3, in: form.tensors(ofRows: rows)) == rows)
    #expect(throws: UnfitAnswer.self) {
      try form.judgements(ofRows: 2, in: form.tensors(ofRows: rows))
    }
  }

  @Test("only where there are doses does anything travel of them, and there it must")
  func choices() throws {
    let (clinic, doses) = (
      JudgementForm(of: try experiment(Self.clinic)), JudgementForm(of: try experiment(Self.doses))
    )
    #expect(clinic.tensors(of: Judgement(sums: clinic.nothing)).map(\.meaning) == ["metrics"])
    let tensors = doses.tensors(of: Judgement(sums: doses.nothing))
    #expect(tensors.map(\.meaning) == ["metrics", "choices"])
    #expect(tensors.map(\.shape) == [[2, 8, 8], [2, 8, 3]])
    #expect(throws: UnfitAnswer.self) { try doses.judgement(in: Array(tensors.prefix(1))) }
  }

  @Test(
    "a hospital's recommendations are judged where its records are, and kept with the evaluation")
  func worker() throws {
    let experiment = try experiment(Self.doses)
    let worker = try HospitalWorker(experiment, hospitals: ["h1"], data: nil)
    let job = Job(
      turn: Turn(run: Array(repeating: 1, count: 16), phase: .evaluate, round: 1), hospital: "h1",
      tensors: [
        .doubles(Meaning.featureMean, [60, 0, 0, 0.5]),
        .doubles(Meaning.featureScale, [12, 1, 1, 0.3]),
        .floats(Meaning.parameters, experiment.initialParameters()),
      ])
    guard case .contribution(_, let tensors) = worker.perform(job)?.outcome else {
      Issue.record("it declined")
      return
    }
    let sums = try JudgementForm(of: experiment).judgement(in: tensors).sums
    let best = try #require(experiment.contenders.firstIndex(of: .bestReachable))
    let fixed = try #require(experiment.contenders.firstIndex(of: .fixedDose))
    for row in sums {
      #expect(row[best].meanRegret == 0 && row[best].bestDoseShare == 1)
      #expect(row[fixed].judged == 0 && row[fixed].meanRegret ?? 0 > 0)
      for contender in row { #expect(contender.choices.judged == row[best].judged) }
    }
    let evaluation = Evaluation(
      round: 1, final: true, shots: [5, 7], contenders: experiment.contenders,
      hospitals: [.init(hospital: "h1", heldOut: false, patients: 24, results: sums)], missing: [])
    #expect(Evaluation(evaluation.bytes, of: experiment) == evaluation)
  }
}

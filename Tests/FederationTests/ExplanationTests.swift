import MetaLearning
import Models
import Scenarios
import Tensors
import Testing
import Transports

@testable import Federation

@Suite("Hospitals tell on which features the model relies")
struct ExplanationTests {
  private func experiment(
    explain: Bool = true, shots: String = "[8]", minimum: Int = 5
  ) throws -> Experiment {
    Experiment(
      try Scenario.read(
        """
        scenario: explained
        summary: On what the model relies.
        cohorts: { synthetic: { patients: 60, features: 5 }, hospitals: 4, held-out: 1 }
        heterogeneity: [missing-features: { share: 0.2, features: [age], indicator: true }]
        task: { support: 8, query: 8 }
        model: { layers: [{ dense: 4, activation: tanh }] }
        algorithm: { name: maml, inner: { steps: 2, rate: 0.1 }, outer: { rate: 0.01 } }
        federation: { rounds: 1 }
        privacy: { minimum-patients: \(minimum) }
        evaluation: { shots: \(shots), steps: [0, 2], episodes: 2, explain: \(explain) }
        """, file: "explained.yaml"))
  }

  private func tensors(_ experiment: Experiment, _ hospital: String) throws -> [Tensor] {
    let worker = try HospitalWorker(
      experiment, hospitals: experiment.scenario.cohorts.hospitals, data: nil)
    let inputs = experiment.network.inputs
    let job = Job(
      turn: Turn(run: Array(repeating: 1, count: 16), phase: .evaluate, round: 1),
      hospital: hospital,
      tensors: [
        .doubles(Meaning.featureMean, Array(repeating: 0, count: inputs)),
        .doubles(Meaning.featureScale, Array(repeating: 30, count: inputs)),
        .floats(Meaning.parameters, experiment.initialParameters()),
      ])
    guard case .contribution(_, let tensors) = worker.perform(job)?.outcome else { return [] }
    return tensors
  }

  @Test("sums over the patients judged leave it, a row a feature, and nothing where nobody asks")
  func sums() throws {
    let experiment = try experiment()
    #expect(experiment.explained?.features.last == "age missing")
    #expect(experiment.explained?.features.count == experiment.network.inputs)
    let tensors = try tensors(experiment, "h1")
    #expect(tensors.map(\.meaning) == ["metrics", "explained", "reliance", "patients"])
    #expect(tensors[2].shape == [6, 4])
    let judgement = try JudgementForm(of: experiment).judgement(in: tensors)
    #expect(judgement.reliance?.explained == judgement.sums[0][0].judged)
    #expect(try self.tensors(experiment, "h1").map(\.frame) == tensors.map(\.frame))
    let plain = try self.tensors(self.experiment(explain: false), "h1")
    #expect(plain.map(\.meaning) == ["metrics", "patients"])
    #expect(plain[0].frame == tensors[0].frame, "explaining changes nothing of what is judged")
  }

  @Test("it travels through a region as it is, and is kept with the evaluation")
  func travels() throws {
    let experiment = try experiment()
    let form = JudgementForm(of: experiment)
    let rows = try ["h1", "h2", "h4"].map { try form.judgement(in: tensors(experiment, $0)) }
    #expect(try form.judgements(ofRows: 3, in: form.tensors(ofRows: rows)) == rows)
    let evaluation = Evaluation(
      round: 1, final: true, shots: [8], contenders: experiment.contenders,
      hospitals: rows.map {
        .init(
          hospital: "h1", heldOut: false, patients: 60, results: $0.sums, reliance: $0.reliance)
      }, missing: [], explained: experiment.explained)
    #expect(Evaluation(evaluation.bytes, of: experiment) == evaluation)
  }

  @Test("a hospital with too few patients tells nothing of them")
  func tooFew() throws {
    let some = try experiment(shots: "[8, 12]", minimum: 9)
    let judgement = try JudgementForm(of: some).judgement(in: tensors(some, "h1"))
    #expect(judgement.reliance == nil)
    #expect(judgement.sums[0][0].judged == 0 && judgement.sums[1][0].judged > 0)
    #expect(try tensors(experiment(minimum: 9), "h1").isEmpty, "it declines")
  }

  @Test("the model that is explained is the one that training adapts, where that is judged")
  func model() throws {
    #expect(try experiment().explained?.steps == 2)
    #expect(try experiment(shots: "[5, 8, 20]").explained?.shots == 8)
    #expect(try experiment(shots: "[5, 20]").explained?.shots == 20)
    #expect(try experiment(explain: false).explained == nil)
  }
}

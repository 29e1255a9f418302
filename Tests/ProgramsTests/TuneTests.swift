import Foundation
import Testing

@Suite("replay tune", .serialized)
struct TuneTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func tune(_ arguments: String...) throws -> Program.Outcome {
    try Program(
      "replay",
      [
        "tune", Place.scenario("default"), "--run", directory.file("tuning"), "--set",
        "federation.rounds=2",
      ]
        + ["--set", "evaluation.episodes=2", "--set", "evaluation.steps=[0, 1]"] + arguments
    ).end()
  }

  private var trials: [String] {
    let text = try? String(contentsOfFile: directory.file("tuning/trials.csv"), encoding: .utf8)
    return (text ?? "").components(separatedBy: "\r\n").dropLast()
  }

  @Test("how trials are judged is no setting to search")
  func judging() throws {
    for key in ["evaluation.shots=[16],[32]", "evaluation.episodes=1,2"] {
      let outcome = try tune("--vary", key)
      #expect(outcome.status == 64 && outcome.errors.contains("says how trials are judged"))
    }
    let both = try tune(
      "--vary", "evaluation.intercept-spread=1,2", "--vary", "evaluation.episodes=1,2")
    #expect(both.status == 64 && both.errors.contains("evaluation.episodes says"))
    #expect(trials.isEmpty)
  }

  @Test("the spread of an intercept is found by what the model for all is worth with it")
  func intercept() throws {
    let outcome = try tune(
      "--score", "intercept", "--vary", "evaluation.intercept-spread=0.5,2", "--folds", "1")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Best, by intercept: --set evaluation.intercept-spread="))
    #expect(trials.count == 3)
    #expect(trials.dropFirst().allSatisfy { $0.contains(",finished,intercept,") })
  }

  @Test("trials are told the best first, and more of them are added to those that were made")
  func more() throws {
    let range = "algorithm.inner.rate=0.01..1"
    let few = try tune("--range", range, "--trials", "2")
    #expect(few.status == 0, "\(few.errors)")
    #expect(
      few.output.contains("log loss of 2 trials, validated at 8 training hospitals in 2 folds"))
    #expect(few.output.contains("\nBest, with "))
    let made = Set(trials)
    #expect(made.count == 3)
    let more = try tune("--range", range, "--trials", "4")
    #expect(more.status == 0, "\(more.errors)")
    #expect(more.errors.contains("4 of 8 cells were played before"))
    #expect(trials.count == 5 && made.isSubset(of: trials))
    let scores = trials.dropFirst().compactMap { Double($0.components(separatedBy: ",")[3]) }
    #expect(scores.count == 4 && scores == scores.sorted())
  }

  @Test("what cannot be searched is said before anything is played")
  func problems() throws {
    #expect(try tune().status == 64)
    #expect(try tune("--range", "seed=1..9").status == 64)
    #expect(try tune("--vary", "model.l2=0,1", "--folds", "9").status == 64)
    #expect(try tune("--vary", "model.l2=0,1", "--seeds", "2").status == 64)
    #expect(try tune("--vary", "model.l2=0,1", "--range", "model.l2=0..1").status == 64)
    let unknown = try tune("--range", "algorithm.inner.rte=0.1..1")
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean rate?"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("tuning")))
  }
}

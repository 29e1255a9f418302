import Federation
import MetaLearning
import Reports
import Scenarios
import Testing

@Suite("The closing sentence tells the truth")
struct ConclusionTests {
  private func sentence(
    _ evaluation: Evaluation?, kind: TaskPlan.Kind = .classification,
    heldOut: [String] = ["new"], ending: Ending = Sample.ending
  ) -> String {
    var scenario = Sample.scenario(kind: kind)
    scenario.cohorts.heldOut = .named(heldOut)
    var results = RunResults(of: scenario)
    if let evaluation { results.note(.evaluated(evaluation)) }
    results.note(.ended(ending))
    return results.conclusion
  }

  /// The sentence for one held-out hospital with these mean log losses.
  private func sentence(_ figures: [(Contender, Double)], heldOut: Bool = true) -> String {
    let hospital = Sample.hospital("new", heldOut: heldOut, losses: figures.map(\.1))
    return sentence(
      Sample.evaluation([hospital], contenders: figures.map(\.0)), heldOut: heldOut ? ["new"] : [])
  }

  @Test("where adaptation helps, it says from where to where and what was beaten")
  func helps() {
    #expect(
      sentence(Sample.usual)
        == "Held-out hospitals: 16 patients and 5 steps bring the mean log loss from 0.650 to 0.500,"
        + " below predicting their majority (0.700) and training on them alone (0.600);"
        + " best reachable 0.450.")
  }

  @Test("where adaptation does harm, it says so")
  func harms() {
    #expect(
      sentence([
        (.supportConstant, 0.5), (.supportAlone, 0.55), (.adapted(steps: 0), 0.6),
        (.adapted(steps: 5), 0.7),
      ])
        == "Held-out hospitals: 16 patients and 5 steps raise the mean log loss from 0.600 to 0.700:"
        + " adapting does harm here, not below predicting their majority (0.500) and training on"
        + " them alone (0.550).")
  }

  @Test("where only one rival is beaten, it names both on their sides")
  func mixed() {
    #expect(
      sentence([
        (.supportConstant, 0.68), (.supportAlone, 0.5), (.adapted(steps: 0), 0.6),
        (.adapted(steps: 5), 0.55),
      ])
        == "Held-out hospitals: 16 patients and 5 steps bring the mean log loss from 0.600 to 0.550,"
        + " below predicting their majority (0.680) but not below training on them alone (0.500).")
  }

  @Test("figures that look equal in the table are called equal")
  func equal() {
    #expect(
      sentence([
        (.supportAlone, 0.5003), (.adapted(steps: 0), 0.5004), (.adapted(steps: 5), 0.4996),
      ])
        == "Held-out hospitals: 16 patients and 5 steps leave the mean log loss at 0.500, not below"
        + " training on them alone (0.500).")
  }

  @Test("an inner loop that diverges is called that")
  func diverges() {
    #expect(
      sentence([(.adapted(steps: 0), 0.6), (.adapted(steps: 5), .nan)])
        == "Held-out hospitals: 16 patients and 5 steps drive the mean log loss from 0.600 to nan:"
        + " the inner loop diverges.")
  }

  @Test(
    "a rival that is no finite number is told as that, and compared with nothing",
    arguments: [(Double.infinity, "inf"), (.nan, "nan")])
  func divergedRival(figure: Double, text: String) {
    #expect(
      sentence([(.supportAlone, figure), (.adapted(steps: 0), 0.6), (.adapted(steps: 5), 0.5)])
        == "Held-out hospitals: 16 patients and 5 steps bring the mean log loss from 0.600 to 0.500;"
        + " no finite number comes of training on them alone (\(text)).")
    #expect(
      sentence([
        (.supportConstant, 0.4), (.supportAlone, figure), (.adapted(steps: 0), 0.6),
        (.adapted(steps: 5), 0.7), (.bestReachable, 0.3),
      ])
        == "Held-out hospitals: 16 patients and 5 steps raise the mean log loss from 0.600 to 0.700:"
        + " adapting does harm here, not below predicting their majority (0.400); no finite number comes of"
        + " training on them alone (\(text)); best reachable 0.300.")
  }

  @Test("a figure before adaptation that is no number is not said to rise or to fall")
  func divergedBefore() {
    #expect(
      sentence([(.supportConstant, 0.7), (.adapted(steps: 0), .nan), (.adapted(steps: 5), 0.5)])
        == "Held-out hospitals: 16 patients and 5 steps reach a mean log loss of 0.500, where it is nan"
        + " before adaptation, below predicting their majority (0.700).")
    #expect(
      sentence([(.adapted(steps: 0), .infinity), (.adapted(steps: 5), .nan)])
        == "Held-out hospitals: 16 patients and 5 steps have no mean log loss: it is inf before adaptation"
        + " and nan after it.")
  }

  @Test("without a held-out hospital it speaks of those that trained, and says that")
  func noneHeldOut() {
    #expect(
      sentence([(.adapted(steps: 0), 0.6), (.adapted(steps: 5), 0.5)], heldOut: false)
        == "Training hospitals (none was held out): 16 patients and 5 steps bring the mean log loss"
        + " from 0.600 to 0.500.")
  }

  @Test(
    "where held-out hospitals are silent or decline, it says that and speaks of those that trained",
    arguments: [
      (["new"], "The held-out hospital could not be judged."),
      (["new", "south"], "None of the 2 held-out hospitals could be judged."),
    ])
  func heldOutAbsent(heldOut: [String], opening: String) {
    var declined = Sample.hospital("new", heldOut: true, losses: [])
    declined.results = []
    declined.declined = "has fewer patients than the scenario's minimum of 5"
    let evaluation = Sample.evaluation(
      [Sample.hospital("north", losses: [0.6, 0.5]), declined],
      contenders: [.adapted(steps: 0), .adapted(steps: 5)], missing: ["south"])
    #expect(
      sentence(evaluation, heldOut: heldOut)
        == "\(opening) Training hospitals: 16 patients and 5 steps bring the mean log loss from 0.600"
        + " to 0.500.")
  }

  @Test("a run that did not finish says why, and what of it is kept")
  func complaint() throws {
    let outcomes: [Ending.Outcome] = [.interrupted, .quorumLost, .diverged]
    try withTemporaryDirectory { path in
      let directory = try RunDirectory(path: path, for: Sample.scenario())
      for outcome in outcomes {
        var ending = Ending(outcome: outcome, round: 1, parameters: [], reason: "it had to end")
        #expect(complaint(ending, in: directory) == "it had to end")
        ending.parameters = Sample.parameters
        #expect(
          complaint(ending, in: directory)
            == "it had to end; the meta-parameters after 1 round are kept in \(path)/meta.safetensors"
        )
      }
      #expect(complaint(Sample.ending, in: directory) == nil)
    }
  }

  private func complaint(_ ending: Ending, in directory: RunDirectory) -> String? {
    var results = RunResults(of: Sample.scenario())
    results.note(.ended(ending))
    return results.complaint(keptIn: directory)
  }

  @Test("without adaptation among the contenders it gives the figure before")
  func beforeOnly() {
    #expect(
      sentence([(.supportConstant, 0.7), (.adapted(steps: 0), 0.6)])
        == "Held-out hospitals: without adaptation the mean log loss is 0.600, below predicting"
        + " their majority (0.700).")
  }

  @Test("the steps are those that training adapts with, or else the most that were judged")
  func steps() {
    let other = sentence([
      (.adapted(steps: 0), 0.6), (.adapted(steps: 1), 0.55), (.adapted(steps: 10), 0.5),
    ])
    #expect(other.contains("16 patients and 10 steps bring the mean log loss from 0.600 to 0.500"))
    let one = sentence([(.adapted(steps: 0), 0.6), (.adapted(steps: 1), 0.5)])
    #expect(one.contains("16 patients and 1 step bring"))
  }

  @Test("regression speaks of errors, and of points where there are no patients")
  func regression() {
    var hospital = Sample.hospital("new", heldOut: true, losses: [2, 1.5])
    hospital.patients = nil
    let evaluation = Sample.evaluation(
      [hospital], contenders: [.supportConstant, .adapted(steps: 5)])
    #expect(
      sentence(evaluation, kind: .regression)
        == "Held-out hospitals: 16 points and 5 steps reach a mean error of 1.500, below predicting"
        + " their mean (2.000).")
  }

  @Test("an evaluation before the end says after how many rounds it was made")
  func early() {
    let evaluation = Sample.evaluation(
      [Sample.hospital("new", heldOut: true, losses: [0.6, 0.5])],
      contenders: [.adapted(steps: 0), .adapted(steps: 5)], final: false)
    #expect(
      sentence(evaluation)
        == "After 3 rounds, held-out hospitals: 16 patients and 5 steps bring the mean log loss from"
        + " 0.600 to 0.500.")
  }

  @Test("a run without an evaluation says why nobody can say")
  func nothing() {
    let ending = Ending(
      outcome: .interrupted, round: 1, parameters: [], reason: "interrupted in round 2.")
    #expect(sentence(nil, ending: ending) == "No hospital was judged: interrupted in round 2.")
    #expect(sentence(Sample.evaluation([], missing: ["new"])) == "No hospital could be judged.")
  }

  @Test("means count each hospital the same, however many patients it has")
  func means() {
    var large = Sample.hospital("large", heldOut: true, losses: [0.2, 0.2])
    large.results = [[Sample.sums(0.2) + Sample.sums(0.2) + Sample.sums(0.2), Sample.sums(0.2)]]
    let small = Sample.hospital("small", heldOut: true, losses: [0.6, 0.4])
    let evaluation = Sample.evaluation(
      [large, small], contenders: [.adapted(steps: 0), .adapted(steps: 5)])
    #expect(sentence(evaluation).contains("from 0.400 to 0.300"))
  }
}

import Federation
import MetaLearning
import Reports
import Scenarios
import Testing

@Suite("The table of results")
struct ResultsTableTests {
  private func table(_ evaluation: Evaluation, kind: TaskPlan.Kind = .classification) -> String {
    var results = RunResults(of: Sample.scenario(kind: kind))
    results.note(.evaluated(evaluation))
    return results.table ?? "no table"
  }

  @Test("classification: log loss and accuracy of every contender at every hospital")
  func classification() {
    var usual = Sample.usual
    usual.hospitals[1].patients = 300
    #expect(
      table(usual) == """
        After 3 rounds; 16 patients to adapt on

                                   log loss ───────────────────────────────    accuracy, % ──────────────────────
        hospital       patients    major  alone      0      1      5   best   major alone     0     1     5  best
        training
          north             100    0.660  0.590  0.610  0.550  0.480  0.410    70.0  70.0  70.0  70.0  70.0  70.0
          south             300    0.640  0.570  0.630  0.530  0.460  0.430    70.0  70.0  70.0  70.0  70.0  70.0
          mean of 2         200    0.650  0.580  0.620  0.540  0.470  0.420    70.0  70.0  70.0  70.0  70.0  70.0
        held-out
          new               100    0.700  0.600  0.650  0.600  0.500  0.450    70.0  70.0  70.0  70.0  70.0  70.0
          mean of 1         100    0.700  0.600  0.650  0.600  0.500  0.450    70.0  70.0  70.0  70.0  70.0  70.0

          major  the share of class 1 in the support set, smoothed: (n₁ + 1) / (n + 2)
          alone  50 steps at rate 0.05 on the support set alone, from fresh parameters
          0, 1…  the meta-parameters after so many steps on the support set
          best   the true risks: the best that can be reached
          At training hospitals the support sets are drawn from patients that the meta-parameters were
          trained on; judged are patients that were kept apart.

        """)
  }

  @Test("of several classes the constant is a share of each, and no AUROC is told")
  func severalClasses() throws {
    var scenario = Sample.scenario()
    scenario.cohorts.source = .tenClasses(
      TenClassesPlan(alpha: 0.5, beta: 0.5, sizeFactor: 1, seed: 0))
    var results = RunResults(of: scenario)
    results.note(.evaluated(Sample.usual))
    let table = try #require(results.table)
    #expect(
      table.contains("the share of each class in the support set, smoothed: (n_c + 1) / (n + 10)"))
    let json = results.json
    #expect(json.contains("\"brier\"") && !json.contains("\"auroc\""))
    var two = RunResults(of: Sample.scenario())
    two.note(.evaluated(Sample.usual))
    #expect(two.json.contains("\"auroc\""))
  }

  @Test("regression: the root mean squared error")
  func regression() {
    var hospital = Sample.hospital("new", heldOut: true, losses: [2, 1.75, 1.5])
    hospital.patients = nil
    let evaluation = Sample.evaluation(
      [hospital], contenders: [.supportConstant, .adapted(steps: 0), .adapted(steps: 5)])
    #expect(
      table(evaluation, kind: .regression) == """
        After 3 rounds; 16 points to adapt on

                                   root mean squared error
        hospital       patients     mean      0      5
        held-out
          new                 –    2.000  1.750  1.500
          mean of 1           –    2.000  1.750  1.500

          mean   the mean of the support set
          0, 1…  the meta-parameters after so many steps on the support set

        """)
  }

  @Test("where there are doses, what the recommended ones cost has columns of its own")
  func doses() {
    func sums(_ error: Double, regret: Double) -> MetricSums {
      var sums = MetricSums(numbers: [10, 0, 10 * error * error, 0, 0, 0, 0, 0])
      sums.choices = ChoiceSums(numbers: [10, 10 * regret, 4])
      return sums
    }
    var fixed = MetricSums()
    fixed.choices = ChoiceSums(numbers: [10, 2.5, 1])
    let row = [sums(2, regret: 0.5), sums(1.5, regret: 0.125), fixed]
    var results = RunResults(of: Sample.dosesScenario)
    results.note(
      .evaluated(
        Sample.evaluation(
          [.init(hospital: "new", heldOut: true, patients: 40, results: [row])],
          contenders: [.adapted(steps: 0), .adapted(steps: 5), .fixedDose])))
    #expect(
      results.table == """
        After 3 rounds; 16 records to adapt on

                                   root mean squared error     regret of the recommended dose
        patient         records        0      5  fixed        0      5  fixed
        held-out
          new                40    2.000  1.500      –    0.500  0.125  0.250
          mean of 1          40    2.000  1.500      –    0.500  0.125  0.250

          0, 1…  the meta-parameters after so many steps on the support set
          fixed  the same dose for everybody, the one that is best on average

        """)
    #expect(
      results.conclusion.hasSuffix(
        " The doses that it then recommends fall short of the best by 0.125; those of the model"
          + " before adaptation by 0.500 and one dose for all by 0.250."))
    #expect(results.json.contains(#""regret": 0.125"#))
    #expect(results.json.contains(#""bestDoseShare": 0.4"#))
  }

  @Test("hospitals that declined or were silent are named below")
  func absent() {
    var declined = Sample.hospital("tiny", losses: [])
    declined.results = []
    declined.declined = "has fewer patients than the scenario's minimum of 5"
    let evaluation = Sample.evaluation(
      [Sample.hospital("north", losses: [0.5]), declined],
      contenders: [.adapted(steps: 0)], missing: ["south"])
    #expect(
      table(evaluation) == """
        After 3 rounds; 16 patients to adapt on

                                   log loss     accuracy, %
        hospital       patients        0       0
        training
          north             100    0.500    70.0
          mean of 1         100    0.500    70.0
          tiny declined: has fewer patients than the scenario's minimum of 5
          south did not answer

          0, 1…  the meta-parameters after so many steps on the support set
          At training hospitals the support sets are drawn from patients that the meta-parameters were
          trained on; judged are patients that were kept apart.

        """)
  }

  @Test("every hospital has a row where a few hundred were judged")
  func everyone() {
    let training = (1...141).map { Sample.hospital("t\($0)", losses: [0.5]) }
    let heldOut = (1...47).map { Sample.hospital("n\($0)", heldOut: true, losses: [0.75]) }
    let text = table(Sample.evaluation(training + heldOut, contenders: [.adapted(steps: 0)]))
    let lines = text.split(separator: "\n")
    for hospital in training + heldOut {
      #expect(lines.count { $0.hasPrefix("  \(hospital.hospital) ") } == 1)
    }
  }

  @Test("with very many hospitals the means stay, and the held-out ones up to a limit")
  func many() {
    let training = (1...411).map { Sample.hospital("t\($0)", losses: [0.5]) }
    let heldOut = (1...47).map { Sample.hospital("n\($0)", heldOut: true, losses: [0.75]) }
    let text = table(Sample.evaluation(training + heldOut, contenders: [.adapted(steps: 0)]))
    let lines = text.split(separator: "\n")
    #expect(lines.count < 30)
    #expect(lines.contains { $0.hasPrefix("  mean of 411") && $0.contains(" 100 ") })
    #expect(lines.contains { $0.hasPrefix("  mean of 47") })
    #expect(lines.contains("  411 more in results.json"))
    #expect(lines.contains("  35 more in results.json"))
    #expect(lines.contains { $0.hasPrefix("  n12 ") })
    #expect(!lines.contains { $0.hasPrefix("  n13 ") })
  }

  @Test("no line is wider than 120 columns, whatever is compared")
  func width() {
    let contenders: [Contender] =
      [.supportConstant, .supportAlone] + (0...10).map { .adapted(steps: $0) } + [.bestReachable]
    let name = "a hospital with a very long name indeed"
    let hospital = Sample.hospital(name, losses: contenders.map { _ in 0.5 })
    let text = table(Sample.evaluation([hospital], contenders: contenders))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    #expect(text.contains("log loss"))
    #expect(text.contains("accuracy, %"))
  }

  @Test(
    "a model that a hospital keeps, and one of all patients, have a column and a line of their own")
  func personal() {
    let hospital = Sample.hospital("north", losses: [0.5, 0.25, 0.125])
    let text = table(
      Sample.evaluation([hospital], contenders: [.adapted(steps: 0), .personal, .pooled]))
    #expect(text.contains("0.250"))
    #expect(text.contains("0.125"))
    #expect(text.contains("which breaks locality"))
    #expect(text.contains("own    the model that the hospital keeps"))
  }

  @Test("each size of support set has a table of its own")
  func shots() {
    var hospital = Sample.hospital("new", heldOut: true, losses: [0.6])
    hospital.results.append([Sample.sums(0.4)])
    var evaluation = Sample.evaluation([hospital], contenders: [.adapted(steps: 0)])
    evaluation.shots = [4, 16]
    let text = table(evaluation)
    #expect(text.contains("After 3 rounds; 4 patients to adapt on"))
    #expect(text.contains("After 3 rounds; 16 patients to adapt on"))
    #expect(text.contains("0.600"))
    #expect(text.contains("0.400"))
  }

  @Test(
    "figures keep apart and within six characters, however large",
    arguments: [
      (0.5, "0.500"), (99.9996, "100.00"), (1234.56, "1234.6"), (99_999.6, "100000"),
      (1.23e25, "1.2e25"), (9.97e25, "1.0e26"), (1.2e300, "1e300"), (.infinity, "inf"),
      (.nan, "nan"),
    ])
  func large(figure: Double, text: String) {
    let hospital = Sample.hospital("new", heldOut: true, losses: [figure, figure])
    let contenders: [Contender] = [.adapted(steps: 0), .adapted(steps: 5)]
    let lines = table(Sample.evaluation([hospital], contenders: contenders)).split(separator: "\n")
    let row = lines.first { $0.hasPrefix("  new ") }?.split(separator: " ") ?? []
    #expect(row.prefix(4) == ["new", "100", text[...], text[...]])
    #expect(text.count <= 6)
  }

  @Test("one of a thing is not several")
  func singular() {
    var evaluation = Sample.evaluation(
      [Sample.hospital("new", heldOut: true, losses: [0.5])], contenders: [.adapted(steps: 0)])
    evaluation.round = 1
    evaluation.shots = [1]
    #expect(table(evaluation).hasPrefix("After 1 round; 1 patient to adapt on\n"))
  }

  @Test("where no training hospital was judged, nothing is said of them")
  func heldOutOnly() {
    let hospital = Sample.hospital("new", heldOut: true, losses: [0.5])
    let text = table(Sample.evaluation([hospital], contenders: [.adapted(steps: 0)]))
    #expect(!text.contains("training"))
  }

  @Test("a figure that is not defined is a dash")
  func undefined() {
    var hospital = Sample.hospital("new", losses: [0.6])
    hospital.results = [[MetricSums()]]
    let text = table(Sample.evaluation([hospital], contenders: [.adapted(steps: 0)]))
    #expect(text.contains("–"))
    #expect(!text.contains("nan"))
  }
}

import Foundation
import Testing

@Suite("replay describe", .serialized)
struct DescribeTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  private static let rules = """
    heterogeneity:
      - label-skew: { prevalence: { h1: 0, h2: 0.5, h3: 1 } }
      - quantity-skew: { counts: { h1: 10, h2: 20, h3: 40 } }
      - missing-features: { never: [age], hospitals: [h2] }
      - label-noise: { rate: 0.25, hospitals: [h3], from-round: 2, over: 4, until-round: 8 }
    """

  private func scenario(
    _ cohorts: String = "synthetic: { patients: 30, features: 2 }, hospitals: 3, held-out: [h3]",
    _ rules: String = rules
  ) throws -> String {
    let file = directory.file("clinics.yaml")
    try """
    scenario: clinics
    summary: Clinics that differ in every way.
    seed: 3
    cohorts: { \(cohorts), standardise: per-hospital }
    \(rules)
    task: { support: 2, query: 2 }
    model: { layers: [] }
    algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
    federation: { rounds: 9 }

    """.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  private func describe(_ file: String, _ more: String...) throws -> String {
    let outcome = try Program("replay", ["describe", file] + more).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  private func portrait(_ file: String, _ more: String...) throws -> Portrait {
    let outcome = try Program("replay", ["describe", file, "--json"] + more).end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Portrait.self, from: Data(outcome.output.utf8))
  }

  @Test("says in words, formulas and counts what makes hospitals differ, and how far they do")
  func text() throws {
    // Shares (1, 0), (0.55, 0.45), (0, 1). The distance of the first two is the root of H(0.775, 0.225) −
    // H(0.55, 0.45) / 2 = 0.769 − 0.496 bits, of the last two of H(0.275, 0.725) − 0.496.
    #expect(
      try describe(scenario()) == """
        clinics: Clinics that differ in every way.
        3 hospitals, 1 of them held out; synthetic patients with 2 features, about 30 a hospital; seed 3

        What makes hospitals differ
          label-skew        Class 1 comes in the share that is asked for: h1 0, h2 0.5, h3 1.
                            p = q_h + s (p_h − q_h), p_h as given
          quantity-skew     3 hospitals have as many patients as is asked for.
                            size = n_h^(1 − s) m_h^s, m_h as given, real ones n_h at most
          missing-features  Missing: age always, at h2.
                            P(missing) = s / (1 + exp(−(logit share + by-value t)))
          label-noise       Outcomes are written down wrongly (symmetric): 0.25, at h3, from round 2 over 4 rounds, until round 8.
                            P(turned) = s rate; risk′ = r (1 − ρ1) + (1 − r) ρ0

        Patients in round 1 (* held out)
              patients              class 1
          h1        10  ###.......  0.00 ....................
          h2        20  #####.....  0.45 #########...........  50 % missing
          h3*       40  ##########  1.00 ####################

        Jensen-Shannon distance of labels (0 alike, 1 no label in common)
          h2    0.52
          h3    1.00  0.59
                  h1    h2

        Jensen-Shannon distance over 3 pairs: mean 0.705, median 0.593, largest 1.000
        Effective sample size 51 of 70 patients, every hospital counting the same; sizes as of 2.3 equal hospitals

        What travels in a round of maml, to a hospital and back
          down  meta-parameters    6  float32  network 6
          up    losses             2  float64
                meta-gradient-sum  6  float32  gradient 6
          with envelopes 84 bytes down and 117 bytes up; nothing is kept at the hospital

        """)
  }

  @Test("tells programs the same, with all digits")
  func json() throws {
    let portrait = try portrait(scenario())
    #expect(portrait.scenario == "clinics")
    #expect(portrait.summary == "Clinics that differ in every way.")
    #expect(portrait.seed == 3)
    #expect(portrait.round == 1)
    #expect(
      portrait.rules.map(\.kind) == [
        "label-skew", "quantity-skew", "missing-features", "label-noise",
      ])
    #expect(portrait.rules.map(\.name) == portrait.rules.map(\.kind))
    #expect(portrait.rules[2].sentence == "Missing: age always, at h2.")
    #expect(
      portrait.rules[1].formula == "size = n_h^(1 − s) m_h^s, m_h as given, real ones n_h at most")
    #expect(portrait.labels == ["class 0", "class 1"])
    #expect(portrait.hospitals.map(\.hospital) == ["h1", "h2", "h3"])
    #expect(portrait.hospitals.map(\.heldOut) == [false, false, true])
    #expect(portrait.hospitals.map(\.patients) == [10, 20, 40])
    #expect(portrait.hospitals.map(\.counts) == [[10, 0], [11, 9], [0, 40]])
    #expect(portrait.hospitals.map(\.missing) == [0, 0.5, 0])
    // 3² / (1/10 + 1/20 + 1/40), and 70² / (10² + 20² + 40²).
    #expect(abs(portrait.measures.effectivePatients - 360.0 / 7) < 1e-9)
    #expect(abs(portrait.measures.effectiveHospitals - 7.0 / 3) < 1e-9)
    let distances = try #require(portrait.measures.distances)
    #expect(distances.pairs == 3)
    #expect(!distances.drawn)
    #expect(abs(distances.mean - 0.7052) < 1e-4)
    #expect(abs(distances.median - 0.5934) < 1e-4)
    #expect(distances.largest == 1)
  }

  @Test("of a drift it shows the round that is asked for")
  func drift() throws {
    let file = try scenario()
    let turned = try [1, 3, 6, 9].map { round in
      try portrait(file, "--round", "\(round)").hospitals[2].counts[0]
    }
    // Nothing before round 2 and after round 8; more in round 6, at full strength, than in round 3.
    #expect(turned[0] == 0 && turned[3] == 0)
    #expect(0 < turned[1] && turned[1] < turned[2] && turned[2] < 20)
  }

  @Test("the median of an even number of distances lies between the two in the middle")
  func median() throws {
    let file = try scenario(
      "synthetic: { patients: 20, features: 2 }, hospitals: 4",
      "heterogeneity: [{ label-skew: { prevalence: { h1: 0, h2: 0, h3: 0, h4: 1 } } }]")
    // Three pairs are alike, and three have no label in common.
    let distances = try #require(try portrait(file).measures.distances)
    #expect(distances.pairs == 6)
    #expect(distances.median == 0.5)
    #expect(distances.mean == 0.5)
  }

  @Test("many hospitals are summed up, and no longer listed or compared in pairs")
  func many() throws {
    let shares = (1...30).map { "h\($0): \($0 % 2)" }.joined(separator: ", ")
    let file = try scenario(
      "synthetic: { patients: 20, features: 2 }, hospitals: 30",
      "heterogeneity: [{ label-skew: { prevalence: { \(shares) } } }]")
    let text = try describe(file)
    #expect(text.contains("Patients in round 1, over 30 hospitals\n"))
    #expect(text.contains("  class 1   least 0.00, a tenth below 0.00, median "))
    #expect(text.contains("    0.0… ####################.................... 15\n"))
    #expect(text.contains("    0.9… ####################.................... 15\n"))
    #expect(!text.contains("h17"))
    // Of 435 pairs 225 are of one of either kind.
    #expect(text.contains("over 435 pairs: mean 0.517, median 1.000, largest 1.000\n"))
    #expect(!text.contains("Jensen-Shannon distance of labels"))
  }

  @Test("numbers are counted in tenths of all, and points that tasks make are not")
  func others() throws {
    let file = try scenario(
      "synthetic: { patients: 40, features: 2, outcome: length-of-stay }, hospitals: 2", "")
    let portrait = try portrait(file)
    #expect(portrait.labels == (1...10).map { "tenth \($0)" })
    let totals = (0..<10).map { tenth in portrait.hospitals.map { $0.counts[tenth] }.reduce(0, +) }
    let patients = portrait.hospitals.map(\.patients).reduce(0, +)
    // As many in each, to rounding.
    #expect(totals.allSatisfy { (patients / 10...patients / 10 + 1).contains($0) })
    #expect(try describe(file).contains("No rules of heterogeneity.\n"))
    let waves = try describe(Place.scenario("sinusoid"))
    #expect(waves.contains("\nTasks make their own points: no patients.\n"))
    #expect(waves.contains("sine waves, drawn anew for every episode"))
    let points = try self.portrait(Place.scenario("sinusoid"))
    #expect(points.hospitals.isEmpty)
    #expect(points.measures.distances == nil)
  }

  @Test("what cannot be described is an error with a status")
  func errors() throws {
    #expect(try Program.run("replay", "describe", scenario(), "--round", "-1").status == 64)
    #expect(try Program.run("replay", "describe", directory.file("absent.yaml")).status == 2)
    let real = try Program.run(
      "replay", "describe", Place.scenario("heart-disease"), "--data", directory.path)
    #expect(real.status == 5)
  }
}

/// What `replay describe --json` prints.
private struct Portrait: Decodable {
  struct Rule: Decodable {
    var kind, name, sentence, formula: String
  }

  struct Hospital: Decodable {
    var hospital: String
    var heldOut: Bool
    var patients: Int
    var counts: [Int]
    var missing: Double

    enum CodingKeys: String, CodingKey {
      case hospital, patients, counts, missing
      case heldOut = "held-out"
    }
  }

  struct Measures: Decodable {
    var effectivePatients, effectiveHospitals: Double
    var distances: Distances?

    enum CodingKeys: String, CodingKey {
      case effectivePatients = "effective-patients"
      case effectiveHospitals = "effective-hospitals"
      case distances = "jensen-shannon-distance"
    }
  }

  struct Distances: Decodable {
    var pairs: Int
    var drawn: Bool
    var mean, median, largest: Double
  }

  var scenario, summary: String
  var seed, round: Int
  var rules: [Rule]
  var labels: [String]
  var hospitals: [Hospital]
  var measures: Measures
}

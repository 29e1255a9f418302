import Federation
import Reports
import Scenarios
import Testing

@Suite("The portrait of a scenario")
struct ScenarioPortraitTests {
  private func experiment(_ timeline: String, faults: String = "") throws -> Experiment {
    let scenario = try Scenario.read(
      """
      scenario: portrait
      summary: Two hospitals, of which one drifts.
      cohorts: { synthetic: { patients: 400, prevalence: 0.3 }, hospitals: 2 }
      task: { support: 4, query: 4 }
      model: { layers: [] }
      algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 10 }
      regions: { north: [h1], south: [h2] }
      timeline: [\(timeline)]
      \(faults.isEmpty ? "" : "faults: { \(faults) }")
      """, file: "portrait.yaml")
    return Experiment(scenario)
  }

  private func portrait(_ timeline: String, faults: String = "") throws -> ScenarioPortrait {
    let experiment = try experiment(timeline, faults: faults)
    let census = try Census(of: experiment, in: 1, data: nil)
    return ScenarioPortrait(of: experiment.scenario, census: census)
  }

  @Test("shows a drift of the timeline among the rules, in words and as a formula")
  func drift() throws {
    let drift = "{ round: 3, drift: { hospitals: h2, prevalence: 0.8, over: 4 } }"
    let text = try portrait(drift).text(for: .output)
    #expect(text.contains("What makes hospitals differ\n  label-skew  Class 1 comes in the share"))
    #expect(text.contains(": 0.8, at h2, from round 3 over 4 rounds.\n"))
    #expect(text.contains("p = q_h + s (p_h − q_h)"))
    #expect(try portrait(drift).json.contains("\"label-skew\""))
    #expect(try portrait("").text(for: .output).contains("No rules of heterogeneity."))
  }

  @Test("shows a drift by chance among the rules, in words and as a formula")
  func driftByChance() throws {
    let portrait = try portrait(
      "", faults: "drift: { rate: 200, prevalence: 0.95, over: 2, rounds: 30, regions: north }")
    let text = portrait.text(for: .output)
    #expect(
      text.contains(
        """
        What makes hospitals differ
          label-skew  Class 1 comes in the share that is asked for: 0.95, by chance 200 times in a hundred rounds, each over 2 rounds, each for 30 rounds, at all hospitals of north.
                      p = q_h + s (p_h − q_h), p_h as given

        """))
    #expect(text.contains("drift, label-skew: 200 in a hundred rounds, each for 30 rounds, at all"))
    #expect(portrait.json.contains("by chance 200 times in a hundred rounds"))
    #expect(portrait.json.contains("\"uncounted\": []"))
  }

  @Test("says of a drift by time that no figure of a round tells of it")
  func driftByTime() throws {
    let drift = "{ at: 1ms, drift: { hospitals: h2, prevalence: 0.95, over: 3 } }"
    let note =
      "  without the drift that goes by time: in which round that is nobody knows beforehand\n"
    let portrait = try portrait(drift)
    #expect(portrait.text(for: .output).contains("Patients in round 1\n" + note))
    #expect(
      portrait.json.contains(
        "\"uncounted\": [\"Class 1 comes in the share that is asked for: 0.95, at h2, from the first"
          + " round after 0.001s over 3 rounds.\""))
    let planned = try self.portrait("{ round: 3, drift: { hospitals: h2, prevalence: 0.8 } }")
    #expect(!planned.text(for: .output).contains("nobody knows"))
  }

  @Test("what happens by chance is told without what a timeline names hospitals after")
  func chance() throws {
    let faults = """
      slow: { rate: 10, factor: 3 }, hostile: { rate: 10, attack: noise, hospitals: [h1, h2] },
      delay: { rate: 1, by: 2s, rounds: 1 }
      """
    let text = try portrait("", faults: faults).text(for: .output)
    #expect(
      text.contains(
        """
          work takes 3 times as long: 10 in a hundred rounds, each for 1 round, at one of those that train
          delay messages by 2s: 1 in a hundred rounds, each for 1 round, at one of those that train
          hostile, noise of strength 1: 10 in a hundred rounds, each for 1 round, at one of h1, h2

        """))
  }

  @Test("tells regions, what is planned and what happens by chance, in words and as JSON")
  func course() throws {
    let scenario = try Scenario.read(
      """
      scenario: eventful
      summary: Much happens.
      cohorts: { synthetic: { patients: 60 }, hospitals: 6 }
      task: { support: 4, query: 4 }
      model: { layers: [] }
      algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 10 }
      regions: { north: [h1, h2], south: { east: [h3] } }
      timeline:
        - { round: 3, kill: h2 }
        - { at: 90s, hostile: { hospitals: [h4, h5], attack: scaling, strength: 4, rounds: 1 } }
        - { round: 4, restart: coordinator }
        - { round: 5, delay: { hospitals: h1, by: 2s, probability: 0.5, rounds: 3 } }
      faults:
        leave: { rate: 2 }
        cut: { rate: 4, rounds: 2, regions: [north, south] }
      """, file: "eventful.yaml")
    let census = try Census(of: Experiment(scenario), in: 1, data: nil)
    let portrait = ScenarioPortrait(of: scenario, census: census)
    let text = portrait.text(for: .output)
    #expect(
      text.contains("Regions\n  north: 2 hospitals\n  south: 1 hospital\n    east: 1 hospital\n"))
    #expect(
      text.contains(
        """
        What happens
          round 3: kill h2
          after 90s: hostile, scaling of strength 4: h4, h5, for 1 round
          round 4: restart of the coordinator
          round 5: delay messages by 2s with probability 0.5 of h1, for 3 rounds

        What happens by chance, drawn by the seed
          leave: 2 in a hundred rounds, at one of those that train
          cut: 4 in a hundred rounds, each for 2 rounds, at all hospitals of one of north, south

        """))
    #expect(portrait.json.contains("\"round 3: kill h2\""))
    #expect(!(try self.portrait("").text(for: .output).contains("What happens")))
  }

  @Test("tells how a partition brings patients to hospitals, and of what is dealt by which formula")
  func partition() throws {
    let parts = [
      "{ of: pooled, from: [h1, h2], label-skew: { dirichlet: 0.5 }, quantity-skew: { zipf: 1 } }",
      "{ of: hospitals, merge: { north: [h1, h2] }, split: { h3: 2 } }",
    ]
    let texts = try parts.map { partition in
      let scenario = try Scenario.read(
        """
        scenario: dealt
        summary: Hospitals that come of others.
        cohorts:
          synthetic: { patients: 60 }
          hospitals: \(partition.contains("pooled") ? "2" : "[north, h3-1, h3-2, h4]")
          partition: \(partition)
        task: { support: 4, query: 4 }
        model: { layers: [] }
        algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
        federation: { rounds: 10 }
        """, file: "dealt.yaml")
      let census = try Census(of: Experiment(scenario), in: 1, data: nil)
      return ScenarioPortrait(of: scenario, census: census).text(for: .output)
    }
    #expect(
      texts[0].contains("How patients come to hospitals\n  The patients of h1, h2 are put together")
    )
    #expect(
      texts[0].contains("Dirichlet distribution of concentration 0.5, as far as the pool allows"))
    #expect(texts[0].contains("sizes in proportion to w_h\n"))
    #expect(texts[1].contains("The patients of h1, h2 are put together in north."))
    #expect(texts[1].contains("The patients of h3 are dealt by lot to 2 hospitals."))
    #expect(!(try portrait("").text(for: .output).contains("How patients come")))
  }

  @Test("of hospitals of patients it shows patients and their records, and measures by patients")
  func records() throws {
    let scenario = try Scenario.read(
      """
      scenario: wards
      summary: Patients of a dose clinic at hospitals.
      cohorts:
        doses: { records: 12 }
        hospitals: 2
        partition: { from: [q1..q30, r7], quantity-skew: { counts: { h1: 2, h2: 1 } } }
      task: { support: 4, query: 4 }
      model: { layers: [] }
      algorithm: { name: maml, inner: { steps: 1, rate: 0.1 }, outer: { rate: 0.1 } }
      federation: { rounds: 10 }
      """, file: "wards.yaml")
    let census = try Census(of: Experiment(scenario), in: 1, data: nil)
    let portrait = ScenarioPortrait(of: scenario, census: census)
    let text = portrait.text(for: .output)
    #expect(
      text.contains(
        "The patients q1..q30, r7 are put together and dealt anew, each with all records."))
    #expect(text.contains("  h1        21  "))
    #expect(text.contains("  252  ") && text.contains("  120  "))
    #expect(text.contains("of 31 patients, every hospital counting the same"))
    #expect(portrait.json.contains("\"patients\": 21"))
    #expect(portrait.json.contains("\"records\": 252"))
    #expect(!(try self.portrait("").json.contains("records")))
  }

  @Test("counts the patients of the round that is asked for")
  func rounds() throws {
    let drifting = try experiment("{ round: 3, drift: { hospitals: h2, prevalence: 0.8 } }")
    let calm = try Census(of: experiment(""), in: 1, data: nil).hospitals
    #expect(try Census(of: drifting, in: 2, data: nil).hospitals[0].shares == calm[0].shares)
    #expect(try Census(of: drifting, in: 2, data: nil).hospitals[1].shares[1] < 0.7)
    let drifted = try Census(of: drifting, in: 3, data: nil).hospitals
    #expect(drifted[0].shares == calm[0].shares)
    #expect(abs(drifted[1].shares[1] - 0.8) < 0.08)
  }

  @Test(
    "shows a profile over all of several classes, and of many hospitals how far one class prevails")
  func severalClasses() throws {
    func text(_ hospitals: Int) throws -> String {
      let scenario = try experiment("").scenario
      var ten = scenario
      ten.cohorts.source = .tenClasses(
        TenClassesPlan(alpha: 0.5, beta: 0.5, sizeFactor: 1, seed: 0))
      ten.cohorts.hospitals = HospitalList(HospitalRange(count: hospitals))
      let census = try Census(of: Experiment(ten), in: 1, data: nil)
      return ScenarioPortrait(of: ten, census: census).text(for: .output)
    }
    let few = try text(6)
    #expect(few.contains("synthetic points of ten classes, α = 0.50, β = 0.50, drawn with seed 0"))
    #expect(few.contains("  classes 0 to 9\n"))
    let second = try #require(few.split(separator: "\n").first { $0.hasPrefix("  h2 ") })
    #expect(
      second.contains(" 171 ") && (second.hasSuffix("0000009000") || second.hasSuffix("█   ")))
    let many = try text(25)
    #expect(many.contains("  majority  least 0."))
    #expect(many.contains("hospitals by their share of the class that most have"))
  }
}

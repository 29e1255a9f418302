import Scenarios
import Testing

@Suite("Which hospitals train")
struct HospitalRosterTests {
  private func scenario(_ hospitals: Int, heldOut: String, seed: UInt64) throws -> Scenario {
    let overrides = try [
      "cohorts.hospitals=\(hospitals)", "cohorts.held-out=\(heldOut)", "federation.quorum=1",
    ].map { try Override($0) }
    return try Scenario.read(Scenario.bundledDefault, file: "", overrides: overrides, seed: seed)
  }

  @Test("training and held-out hospitals are all hospitals, each once, in order")
  func partition() throws {
    for seed in 0..<200 as Range<UInt64> {
      let scenario = try scenario(30, heldOut: "\(seed % 30)", seed: seed)
      let heldOut = Set(scenario.heldOutHospitals)
      #expect(heldOut.count == Int(seed % 30))
      let all = scenario.cohorts.hospitals
      #expect(Array(scenario.trainingHospitals) == all.filter { !heldOut.contains($0) })
      #expect(Array(scenario.heldOutHospitals) == all.filter(heldOut.contains))
    }
  }

  @Test("names written short stand for the same names, in order")
  func shortened() throws {
    #expect(
      HospitalRange.shortened(["h1", "h2", "h3", "h5", "va", "7", "8"]) == [
        "h1..h3", "h5", "va", "7..8",
      ])
    #expect(HospitalRange.shortened(["h2", "h1", "h01", "h02"]) == ["h2", "h1", "h01", "h02"])
    #expect(HospitalRange.shortened([]) == [])
    #expect(
      HospitalRange.shortened(["h1", "h2", "k1", "k2", "k3"], atLeast: 3) == ["h1", "h2", "k1..k3"])
    // With points in them, the ends of a range could not be told apart.
    for names in [["a.1", "a.2"], ["x..h1", "x..h2"]] {
      #expect(HospitalRange.shortened(names) == names)
    }
    for seed in 0..<200 as Range<UInt64> {
      let names = Array(
        try scenario(30, heldOut: "\(seed % 30)", seed: seed).trainingHospitals)
      let words = HospitalRange.shortened(names)
      #expect(words.flatMap { HospitalRange($0)?.names ?? [$0] } == names)
      // No two neighbours are left that would make a range.
      #expect(HospitalRange.shortened(HospitalRange(count: 30).names).count == 1)
    }
  }

  @Test("the seed alone decides, and another seed decides otherwise")
  func seeds() throws {
    let choices = try (0..<50 as Range<UInt64>).map {
      Array(try scenario(40, heldOut: "10", seed: $0).heldOutHospitals)
    }
    #expect(Array(try scenario(40, heldOut: "10", seed: 3).heldOutHospitals) == choices[3])
    #expect(Set(choices).count == 50)
  }

  @Test("the choice for a seed is the recorded one")
  func recorded() throws {
    // Computed outside, with Python, from the definition in the documentation.
    #expect(try scenario(10, heldOut: "3", seed: 7).heldOutHospitals == ["h1", "h2", "h9"])
    #expect(
      try scenario(16, heldOut: "25%", seed: 1).heldOutHospitals == ["h5", "h8", "h14", "h15"])
  }

  @Test("over many seeds every hospital is held out about equally often")
  func uniform() throws {
    var counts: [String: Int] = [:]
    for seed in 0..<2000 as Range<UInt64> {
      for name in try scenario(20, heldOut: "5", seed: seed).heldOutHospitals {
        counts[name, default: 0] += 1
      }
    }
    // 2000 draws with probability 1/4: 500 on average, with a standard deviation of 19.4.
    #expect(counts.count == 20)
    #expect(counts.values.allSatisfy { abs($0 - 500) < 5 * 19 })
    let spread = counts.values.reduce(0.0) { $0 + (Double($1) - 500) * (Double($1) - 500) } / 375
    // A chi-square with 19 degrees of freedom stays below 43.8 in 999 of 1000 cases.
    #expect(spread < 43.8)
  }

  @Test("a larger count keeps those that a smaller one chose")
  func nested() throws {
    let small = Set(try scenario(40, heldOut: "5", seed: 9).heldOutHospitals)
    let large = Set(try scenario(40, heldOut: "12", seed: 9).heldOutHospitals)
    #expect(small.isSubset(of: large))
  }

  @Test(
    "participation invites its share of those that train, and at least one",
    arguments: [(1.0, 8), (0.5, 4), (0.3, 2), (0.01, 1)])
  func invited(participation: Double, count: Int) throws {
    let overrides = try ["federation.participation=\(participation)", "federation.quorum=1"].map {
      try Override($0)
    }
    let scenario = try Scenario.read(Scenario.bundledDefault, file: "", overrides: overrides)
    #expect(scenario.invitedPerRound == count)
  }

  @Test("a range stands for its names, and other texts are no ranges")
  func ranges() {
    #expect(HospitalRange("h3..h5")?.names == ["h3", "h4", "h5"])
    #expect(HospitalRange("7..7")?.names == ["7"])
    #expect(HospitalRange("ward9-98..ward9-101")?.names.last == "ward9-101")
    #expect(HospitalRange(count: 2).names == ["h1", "h2"])
    for text in ["", "..", "h1", "h1..", "h5..h3", "h1..k3", "h01..h03", "h1...h3", "h1..h999999"] {
      #expect(HospitalRange(text) == nil, "\(text)")
    }
  }
}

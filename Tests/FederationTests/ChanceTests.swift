import Federation
import Scenarios
import Testing
import Transports

@Suite("Who comes and goes, and what drifts, by chance")
struct ChanceTests {
  private func timeline(_ sections: String, _ overrides: [String] = []) throws -> Timeline {
    try experiment(sections, overrides).timeline
  }

  private func experiment(_ sections: String, _ overrides: [String] = []) throws -> Experiment {
    Experiment(
      try Scenario.read(
        smallScenario + "\n" + sections, file: "small.yaml",
        overrides: (["cohorts.hospitals=h1..h12", "federation.rounds=200"] + overrides)
          .map { try Override($0) }))
  }

  @Test("hospitals that join by chance are away at first, and come once each, in an order by lot")
  func joins() throws {
    let timeline = try timeline("faults: { join: { rate: 5, hospitals: [h5, h6, h7, h8] } }")
    #expect(timeline.joiners == ["h5", "h6", "h7", "h8"])
    #expect(timeline.concerned == timeline.joiners)
    let joined = timeline.cues.flatMap(\.deeds)
    #expect(joined.allSatisfy { $0.kind == .plain(.join) })
    #expect(Set(joined.map(\.hospital)) == timeline.joiners)
    #expect(joined.count == 4)
    let orders = try (1...8).map { seed in
      try self.timeline(
        "faults: { join: { rate: 5, hospitals: [h5, h6, h7, h8] } }", ["seed=\(seed)"]
      ).cues.flatMap(\.deeds).map(\.hospital)
    }
    #expect(Set(orders).count > 2)
    // At a low rate some never come, and nobody waits for them.
    let rare = try self.timeline("faults: { join: { rate: 0.001, hospitals: [h5, h6] } }")
    #expect(rare.cues.isEmpty)
    #expect(rare.absent(at: .init(round: 200)) == ["h5", "h6"])
  }

  @Test("hospitals that leave by chance do so once, and nothing else befalls them afterwards")
  func leaves() throws {
    let timeline = try timeline(
      "faults: { leave: { rate: 3 }, kill: { rate: 30, rounds: 2 }, join: { rate: 4, hospitals: h9 } }"
    )
    let deeds = timeline.cues.flatMap(\.deeds)
    let left = deeds.filter { $0.kind == .plain(.leave) }.map(\.hospital)
    #expect(left.count > 2)
    #expect(Set(left).count == left.count)
    for hospital in left {
      let own = deeds.filter { $0.hospital == hospital }
      #expect(own.last?.kind == .plain(.leave))
    }
    // Whoever joins is not killed before.
    #expect(deeds.first { $0.hospital == "h9" }?.kind == .plain(.join))
  }

  @Test("a region is met as a whole where regions are named, and by its name in words")
  func regions() throws {
    let timeline = try timeline(
      "regions: { north: [h1, h2, h3], south: { east: [h4], west: [h5, h6] } }\n"
        + "faults: { cut: { rate: 10, rounds: 2, regions: [north, south] },"
        + " drop: { rate: 5, regions: west } }")
    var groups: Set<Set<String>> = []
    for cue in timeline.cues {
      let cut = cue.deeds.filter { $0.kind == .plain(.cut) }.map(\.hospital)
      if !cut.isEmpty { groups.insert(Set(cut)) }
      let dropped = Set(cue.deeds.filter { $0.kind.isDisturbance }.map(\.hospital))
      #expect(dropped.isEmpty || dropped == ["h5", "h6"])
    }
    #expect(groups.contains(["h1", "h2", "h3"]) && groups.contains(["h4", "h5", "h6"]))
    #expect(
      groups.allSatisfy {
        [["h1", "h2", "h3"], ["h4", "h5", "h6"]].contains($0)
          || $0 == ["h1", "h2", "h3", "h4", "h5", "h6"]
      })
  }

  @Test(
    "drifts by chance change patients in their rounds and only there, each with draws of its own")
  func drifts() throws {
    let overrides = ["cohorts.hospitals=4", "federation.rounds=40", "federation.quorum=1"]
    let experiment = try experiment(
      "faults: { drift: { rate: 10, rounds: 3, measurement: { factor-spread: 1 } } }", overrides)
    let one = Diary()
    _ = try simulate(experiment, data: nil, observer: one)
    let calm = Diary()
    _ = try simulate(self.experiment("", overrides), data: nil, observer: calm)
    let parted = try #require(
      zip(one.rounds, calm.rounds).first { $0.sha256 != $1.sha256 }?.0.round)
    #expect((1...40).contains(parted))
    let sizes = try (0...40).map { round in
      try Census(of: experiment, in: round, data: nil).hospitals.map(\.patients)
    }
    #expect(Set(sizes).count == 1)
    let other = Diary()
    _ = try simulate(experiment, data: nil, observer: other)
    #expect(other.rounds == one.rounds)
  }

  @Test("a drift by chance holds where and when it was drawn to")
  func driftOfLabels() throws {
    let experiment = try experiment(
      "faults: { drift: { rate: 8, rounds: 5, hospitals: h3, prevalence: 0.95 } }",
      ["cohorts.synthetic.patients=300", "federation.rounds=60"])
    let shares = try (0...60).map { round in
      try Census(of: experiment, in: round, data: nil).hospitals.map { $0.shares[1] }
    }
    let drifted = (0...60).filter { abs(shares[$0][2] - 0.95) < 0.02 }
    #expect(drifted.count >= 5 && drifted.count < 50)
    #expect(shares.allSatisfy { $0[0] == shares[0][0] && $0[3] == shares[0][3] })
    for round in 0...60 where !drifted.contains(round) {
      #expect(shares[round][2] == shares[0][2], "\(round)")
    }
  }
}

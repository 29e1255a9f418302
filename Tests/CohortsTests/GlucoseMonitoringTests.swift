import Cohorts
import Foundation
import Tensors
import Testing

@Suite(
  "Glucose monitoring, as published",
  .enabled(if: PublishedData.hasGlucose, Comment(rawValue: PublishedData.skipped)))
struct GlucoseMonitoringDataTests {
  @Test(
    "every patient has the readings of the published table, but those without past or future",
    arguments: [30, 60])
  func table(horizon: Int) throws {
    let table = try PublishedData.table("patient", "readings", of: "hupa-ucm-cgm")
    #expect(table.map { $0[0] } == GlucoseMonitoring.patients)
    let cohorts = try GlucoseMonitoring.cohorts(
      of: GlucoseMonitoring.patients, horizon: horizon, in: PublishedData.directory)
    for (row, cohort) in zip(table, cohorts) {
      let readings = try #require(Int(row[1]))
      #expect(cohort.outcomes.count == readings - 7 - horizon / 15)
      let mean = (0..<cohort.outcomes.count).reduce(0.0) { $0 + Double(cohort.inputs[$1, 0]) }
      let published = try #require(Double(row[3]))
      #expect(abs(mean / Double(cohort.outcomes.count) - published) < 2)
      #expect(cohort.persistence?.allSatisfy { $0 == 0 } == true)
    }
  }

  @Test("no real patient's query window is learnt from, whatever is drawn", arguments: [30, 60])
  func noLeak(horizon: Int) throws {
    let cohorts = try GlucoseMonitoring.cohorts(
      of: GlucoseMonitoring.patients, horizon: horizon, in: PublishedData.directory)
    for (index, cohort) in cohorts.enumerated() {
      // The only feature is the row, so that an episode tells which records it took.
      var numbered = cohort
      numbered.features = ["row"]
      numbered.inputs = Matrix(
        rows: cohort.outcomes.count, columns: 1,
        scalars: cohort.outcomes.indices.map { Float($0) })
      let times = try #require(cohort.times)
      let clinic = try Clinic(
        cohort: numbered, testShare: 0.5, heldOut: false, standardiser: nil,
        random: RandomStream(seed: 1))
      var random = RandomStream(seed: UInt64(index))
      for _ in 0..<20 {
        for episode in [
          try clinic.trainingEpisode(support: 96, query: 96, using: &random),
          try clinic.judgingEpisode(shots: 288, using: &random),
        ] {
          let known = episode.support.inputs.scalars.map { times[Int($0)].known }.max() ?? 0
          let made = episode.query.inputs.scalars.map { times[Int($0)].made }.min() ?? 0
          #expect(known <= made)
        }
      }
    }
  }

  @Test("that nothing changes is wrong by about 24 mg/dl in half an hour")
  func lastValue() throws {
    let changes = try GlucoseMonitoring.cohorts(
      of: GlucoseMonitoring.patients, horizon: 30, in: PublishedData.directory
    ).map { cohort in
      (cohort.outcomes.reduce(0.0) { $0 + Double($1) * Double($1) }
        / Double(cohort.outcomes.count)).squareRoot()
    }
    let mean = changes.reduce(0, +) / Double(changes.count)
    #expect((22...25).contains(mean))
  }
}

@Suite("Glucose monitoring, from any text")
struct GlucoseMonitoringTextTests {
  private static let header = "patient,minute,time_of_day_min,glucose_mg_dl\n"

  /// Readings of a patient, of which some are missing.
  private func text(count: Int, without gaps: Set<Int> = []) -> SourceText {
    let rows = (0..<count).filter { !gaps.contains($0) }.map { index in
      "HUPA0001P,\(15 * index),\(15 * index % 1440),\(value(index))"
    }
    return SourceText(file: "cgm.csv", text: Self.header + rows.joined(separator: "\n"))
  }

  private func value(_ index: Int) -> Int { 100 + index * index % 97 }

  private func cohort(_ text: SourceText, horizon: Int = 30) throws -> Cohort {
    try GlucoseMonitoring.cohorts(of: ["HUPA0001P"], horizon: horizon, readings: text)[0]
  }

  @Test("a record is the last reading, its changes, the time of day and the change to come")
  func record() throws {
    let cohort = try cohort(text(count: 60))
    #expect(cohort.features.count == 10)
    #expect(cohort.outcomes.count == 60 - 7 - 2)
    for row in cohort.outcomes.indices {
      let now = row + 7
      #expect(cohort.inputs[row, 0] == Float(value(now)))
      for back in 1...7 {
        #expect(cohort.inputs[row, back] == Float(value(now) - value(now - back)))
      }
      let angle = Double(15 * now % 1440) / 1440 * 2 * .pi
      #expect(abs(Double(cohort.inputs[row, 8]) - sin(angle)) < 1e-5)
      #expect(abs(Double(cohort.inputs[row, 9]) - cos(angle)) < 1e-5)
      #expect(cohort.outcomes[row] == Float(value(now + 2) - value(now)))
      #expect(
        cohort.times?[row] == RecordTime(made: Double(15 * now), known: Double(15 * now + 30)))
    }
  }

  @Test("no record reaches across a missing reading, behind or ahead", arguments: [30, 60])
  func gaps(horizon: Int) throws {
    for seed in 0..<40 as Range<UInt64> {
      var random = RandomStream(seed: seed)
      let gaps = Set((0..<3).map { _ in random.integer(below: 80) })
      let cohort = try? cohort(text(count: 80, without: gaps), horizon: horizon)
      let made = Set((cohort?.times ?? []).map { Int($0.made) / 15 })
      let whole = (0..<80).filter { now in
        (now - 7...now + horizon / 15).allSatisfy { (0..<80).contains($0) && !gaps.contains($0) }
      }
      #expect(made == Set(whole))
    }
  }

  @Test("what a record knows does not change with what comes after it")
  func noFuture() throws {
    let all = try cohort(text(count: 60))
    let cut = try cohort(text(count: 40))
    for row in cut.outcomes.indices { #expect(all.inputs.row(row) == cut.inputs.row(row)) }
    #expect(Array(all.outcomes.prefix(cut.outcomes.count)) == cut.outcomes)
  }

  @Test("a broken field, and a reading out of order, are told by line and column")
  func broken() throws {
    for (row, column, found) in [
      ("HUPA0001P,15,15,low", 17, "text that is no number in column 'glucose_mg_dl'"),
      ("HUPA0001P,15,15,0", 17, "a number that is not accepted in column 'glucose_mg_dl'"),
      ("HUPA0001P,15,1440,99", 14, "a number that is not accepted in column 'time_of_day_min'"),
      ("HUPA0001P,0,15,99", 11, "a number that is not accepted in column 'minute'"),
    ] {
      let source = SourceText(file: "cgm.csv", text: Self.header + "HUPA0001P,0,0,120\n\(row)\n")
      let error = #expect(throws: CohortError.self) { try cohort(source) }
      #expect(error?.line == 3)
      #expect(error?.column == column)
      #expect(error?.found == found)
    }
  }
}

import Cohorts
import Foundation
import Tensors
import Testing

@Suite(
  "Parkinson's telemonitoring, as published",
  .enabled(if: PublishedData.hasParkinsons, Comment(rawValue: PublishedData.skipped)))
struct ParkinsonsTelemonitoringTests {
  private func cohorts(_ score: ParkinsonsTelemonitoring.Score = .motor) throws -> [Cohort] {
    try ParkinsonsTelemonitoring.cohorts(
      of: ParkinsonsTelemonitoring.patients, score: score, in: PublishedData.directory)
  }

  @Test("every patient has the recordings, age, sex and scores of the published table")
  func table() throws {
    let table = try PublishedData.table("patient", "rows", of: "parkinsons-telemonitoring")
    #expect(table.count == 42)
    for (row, (motor, total)) in zip(table, zip(try cohorts(), try cohorts(.total))) {
      let number = try row.map { try #require(Double($0)) }
      #expect(motor.hospital == "p\(row[0])")
      #expect(motor.outcomes.count == Int(row[1]))
      #expect(Double(motor.inputs[0, 0]) == number[2])
      #expect(Double(motor.inputs[0, 1]) == number[3])
      #expect(abs(Double(motor.outcomes.min() ?? 0) - number[4]) < 0.006)
      #expect(abs(mean(motor) - number[5]) < 0.006)
      #expect(abs(Double(motor.outcomes.max() ?? 0) - number[6]) < 0.006)
      #expect(abs(mean(total) - number[7]) < 0.006)
    }
  }

  private func mean(_ cohort: Cohort) -> Double {
    cohort.outcomes.reduce(0) { $0 + Double($1) } / Double(cohort.outcomes.count)
  }

  @Test("recordings are in the order of time, and those of one session never on both sides")
  func sessions() throws {
    for cohort in try cohorts() {
      let times = try #require(cohort.times)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0.made <= $1.made })
      #expect(cohort.inputs.scalars.allSatisfy { $0.isFinite })
      let clinic = try Clinic(
        cohort: cohort, testShare: 0.3, heldOut: false, standardiser: nil,
        random: RandomStream(seed: 1))
      for seed in 0..<20 as Range<UInt64> {
        var random = RandomStream(seed: seed)
        for episode in [
          try clinic.trainingEpisode(support: 12, query: 12, using: &random),
          try clinic.judgingEpisode(shots: 12, using: &random),
        ] {
          let last = (0..<12).map { episode.support.inputs[$0, 2] }.max() ?? 0
          let first = (0..<episode.query.count).map { episode.query.inputs[$0, 2] }.min() ?? 0
          #expect(first - last >= 0.5)
        }
      }
    }
  }

  @Test("a patient outside the data set is refused")
  func unknown() {
    let error = #expect(throws: CohortError.self) {
      try ParkinsonsTelemonitoring.cohorts(
        of: ["p43"], score: .motor, in: PublishedData.directory)
    }
    #expect(error?.description.contains("accepted: p1 to p42") == true)
  }

  @Test("a broken field is told by line, column and kind, and not by its text")
  func broken() throws {
    let path = "parkinsons-telemonitoring/parkinsons_updrs.data"
    let lines = try PublishedData.text(of: path).split(separator: "\n")
    for (old, new, column, found) in [
      ("72", "old", 3, "text that is no number in column 'age'"),
      ("0.00662", "0", 29, "a number that is not accepted in column 'Jitter(%)'"),
      ("0.00662", "-1", 29, "a number that is not accepted in column 'Jitter(%)'"),
      ("34.398", "", 22, "an empty field in column 'total_UPDRS'"),
    ] {
      let row = String(lines[1]).replacing(",\(old),", with: ",\(new),", maxReplacements: 1)
      let text = SourceText(file: "p.data", text: "\(lines[0])\n\(row)\n")
      let error = #expect(throws: CohortError.self) {
        try ParkinsonsTelemonitoring.cohorts(of: ["p1"], score: .total, recordings: text)
      }
      #expect(error?.line == 2)
      #expect(error?.column == column)
      #expect(error?.found == found)
    }
  }
}

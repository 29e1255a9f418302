import Cohorts
import Foundation
import Tensors
import Testing

@Suite(
  "Remifentanil, as published",
  .enabled(if: PublishedData.hasDrugLevels, Comment(rawValue: PublishedData.skipped)))
struct RemifentanilDataTests {
  @Test("65 patients have 18 to 52 levels, 1992 in all")
  func counts() throws {
    let cohorts = try Remifentanil.cohorts(
      of: Remifentanil.patients, in: PublishedData.directory)
    let counts = cohorts.map(\.outcomes.count).sorted()
    #expect(counts.count == 65)
    #expect(counts.reduce(0, +) == 1992)
    #expect((counts[0], counts[32], counts[64]) == (18, 23, 52))
    #expect(cohorts.allSatisfy { $0.inputs.scalars.allSatisfy { $0.isFinite } })
    #expect(cohorts.allSatisfy { $0.features == Remifentanil.features })
  }
}

@Suite("Remifentanil, from any text")
struct RemifentanilTextTests {
  private static let header = "ID,Subject,Time,conc,Rate,Amt,Age,Sex,Ht,Wt,BSA,LBM\n"

  private func row(
    _ time: Double, _ level: String, _ rate: Double, amount: String = "0", sex: String = "Male"
  ) -> String {
    "1.0,1,\(time),\(level),\(rate),\(amount),30,\(sex),171,72,1.8,56.5\n"
  }

  private func cohort(_ rows: String...) throws -> Cohort {
    try Remifentanil.cohorts(
      of: ["p1"], levels: SourceText(file: "r.csv", text: Self.header + rows.joined()))[0]
  }

  @Test("what a body holds is the integral of the rate, half of it gone every half-life")
  func held() throws {
    // 10 µg/min for 6 min, then nothing for 3.
    let cohort = try cohort(row(0, "", 10), row(2, "5", 10), row(6, "8", 0), row(9, "2", 0))
    let columns = [1.0, 3, 10, 30].map { halfLife -> Float in
      let k = log(2) / halfLife
      return Float(log1p(10 / k * (1 - exp(-k * 6)) * exp(-k * 3)))
    }
    #expect(zip(cohort.inputs.row(2).suffix(4), columns).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(Array(cohort.inputs.row(0).prefix(6)) == [30, 1, 171, 72, 56.5, 2])
    #expect(abs(cohort.inputs[2, 7] - Float(log1p(60.0))) < 1e-5)
    // The rate until the sample was taken, not the one from then on.
    #expect(cohort.inputs[1, 6] == Float(log1p(10.0)))
    #expect(cohort.inputs[2, 6] == 0)
    #expect(cohort.outcomes == ([5, 8, 2] as [Float]).map { log($0) })
    #expect(cohort.times?.map(\.made) == [2, 6, 9])
  }

  @Test("nothing that a record knows depends on the amount until the next sample, or on later rows")
  func noFuture() throws {
    let plain = try cohort(row(0, "", 10), row(2, "5", 10), row(6, "8", 0))
    let other = try cohort(
      row(0, "", 10, amount: "77"), row(2, "5", 10, amount: "9"), row(40, "1", 3))
    #expect(plain.inputs.row(0) == other.inputs.row(0))
  }

  @Test("a broken field, and a row out of order, are told by line and column")
  func broken() throws {
    for (second, column, found) in [
      (row(2, "0", 1), 11, "a number that is not accepted in column 'conc'"),
      (row(0, "3", 1), 7, "a number that is not accepted in column 'Time'"),
      (row(2, "3", 1, sex: "male"), 22, "text that is no number in column 'Sex'"),
    ] {
      let error = #expect(throws: CohortError.self) { try cohort(row(0, "1", 10), second) }
      #expect(error?.line == 3)
      #expect(error?.column == column)
      #expect(error?.found == found)
    }
  }
}

import Cohorts
import Foundation
import Tensors
import Testing

@Suite(
  "Small trials of several centres, as published",
  .enabled(if: PublishedData.hasSmallTrials, Comment(rawValue: PublishedData.skipped)))
struct SmallTrialTests {
  @Test("every centre of rhDNase has the patients and infections of its description")
  func rhDNase() throws {
    let readme = try PublishedData.text(of: "small-multicentre-trials/README.md")
    let line = try #require(
      readme.split(separator: "\n").first { $0.hasPrefix("Patients per centre: 1: 8") })
    let centres = line.matches(of: /(\d+): (\d+) \((\d\.\d+)\)/).map(\.output)
    let cohorts = try RhDNaseTrial.cohorts(
      of: RhDNaseTrial.centres, in: PublishedData.directory)
    #expect(centres.count == 51)
    #expect(cohorts.reduce(0) { $0 + $1.outcomes.count } == 647)
    for (centre, cohort) in zip(centres, cohorts) {
      #expect(cohort.hospital == "c\(centre.1)")
      #expect(cohort.outcomes.count == Int(centre.2))
      #expect(abs(share(cohort) - (try #require(Double(centre.3)))) < 0.0051)
    }
    #expect(abs(share(of: cohorts.flatMap(\.outcomes)) - 0.376) < 0.001)
  }

  @Test("every hospital of PBC3 has the patients and failures of its description")
  func cirrhosis() throws {
    let cohorts = try CirrhosisTrial.cohorts(
      of: CirrhosisTrial.hospitals, in: PublishedData.directory)
    let sites = try PublishedData.table(
      "site", "patients", "failed", of: "small-multicentre-trials")
    #expect(sites.count == 6)
    for (site, cohort) in zip(sites, cohorts) {
      #expect(cohort.outcomes.count == Int(site[1]))
      #expect(abs(share(cohort) - (try #require(Double(site[2])))) < 0.00051)
      #expect(cohort.features == CirrhosisTrial.features)
    }
    let stages = cohorts.flatMap { cohort in
      (0..<cohort.outcomes.count).map { (cohort.inputs[$0, 3].isNaN, cohort.inputs[$0, 11]) }
    }
    #expect(stages.count { $0.0 } == 58)
    #expect(stages.allSatisfy { ($0.1 == 1) == $0.0 })
  }

  private func share(_ cohort: Cohort) -> Double { share(of: cohort.outcomes) }
  private func share(of outcomes: [Float]) -> Double {
    outcomes.reduce(0) { $0 + Double($1) } / Double(outcomes.count)
  }
}

@Suite("Small trials of several centres, from any text")
struct SmallTrialTextTests {
  private static let pbc3 =
    "ptno;unit;tment;sex;age;stage;gibleed;crea;alb;bili;alkph;asptr;weight;days;status\n"
  private static let rhDNase =
    "id,inst,trt,fev,fu,infected_at_entry,n_exacerbations,exacerbation,first_exacerbation_day\n"

  @Test("transplanted and dead are failures; days and numbers of patients change no input")
  func outcomes() throws {
    let rows = [0, 1, 2].map { "1;2;1;0;50;NA;0;80;33;NA;700;120;NA;\(100 + $0);\($0)\n" }
    let cohort = try CirrhosisTrial.cohorts(
      of: ["london"], patients: SourceText(file: "p.csv", text: Self.pbc3 + rows.joined()))[0]
    #expect(cohort.outcomes == [0, 1, 1])
    #expect(cohort.inputs[0, 3].isNaN && cohort.inputs[0, 6].isNaN && cohort.inputs[0, 8].isNaN)
    #expect(cohort.inputs[0, 11] == 1)
    #expect(Array(cohort.inputs.row(0).prefix(3)) == Array(cohort.inputs.row(2).prefix(3)))
  }

  @Test("broken fields are told by line, column and kind")
  func broken() {
    let centre = #expect(throws: CohortError.self) {
      try RhDNaseTrial.cohorts(
        of: ["c1"],
        patients: SourceText(file: "r.csv", text: Self.rhDNase + "1,52,1,28.8,168,0,0,0,\n"))
    }
    #expect(centre?.line == 2 && centre?.column == 3)
    let stage = #expect(throws: CohortError.self) {
      try CirrhosisTrial.cohorts(
        of: ["london"],
        patients: SourceText(
          file: "p.csv", text: Self.pbc3 + "1;2;1;0;50;?;0;0;33;1;700;120;1;1;1\n"))
    }
    #expect(stage?.column == 12)
    #expect(stage?.found == "a missing value in column 'stage'")
  }

  @Test("a centre of no patients is refused, with the names that there are")
  func unknown() {
    let error = #expect(throws: CohortError.self) {
      try RhDNaseTrial.cohorts(
        of: ["c52"],
        patients: SourceText(file: "r.csv", text: Self.rhDNase + "1,1,1,28.8,168,0,0,0,\n"))
    }
    #expect(error?.found == "'c52'")
    #expect(error?.accepted == "c1 to c51")
  }
}

import Cohorts
import Foundation
import Tensors
import Testing

@Suite("Stroke trial, as published")
struct StrokeTrialDataTests {
  @Test(
    "every hospital has the patients and outcomes of the site table",
    .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
  func siteTable() throws {
    let hospitals = try StrokeTrial.hospitals(in: PublishedData.directory)
    let cohorts = try StrokeTrial.cohorts(of: hospitals, in: PublishedData.directory)
    let sites = try siteRows()
    #expect(hospitals.count == 466)
    #expect(cohorts.reduce(0) { $0 + $1.outcomes.count } == 19_435 - 150)
    for cohort in cohorts {
      let site = try #require(sites[cohort.hospital])
      #expect(cohort.outcomes.count <= site.patients)
      if let share = site.deadOrDependent {
        #expect(abs(mean(cohort.outcomes) - share) < 0.0001, "hospital \(cohort.hospital)")
      }
    }
  }

  @Test(
    "the largest hospital is number 134, and 188 have thirty patients or more",
    .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
  func published() throws {
    let sites = try siteRows()
    #expect(sites.values.count { $0.patients >= 30 } == 188)
    let largest = try StrokeTrial.cohort(of: "134", in: PublishedData.directory)
    #expect((500...524).contains(largest.outcomes.count))
    let all = try StrokeTrial.hospitals(in: PublishedData.directory)
    let outcomes = try StrokeTrial.cohorts(of: all, in: PublishedData.directory)
      .flatMap(\.outcomes)
    #expect(abs(mean(outcomes) - 0.629) < 0.0005)
  }

  @Test(
    "the answers to every question sum to one at every patient",
    .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
  func oneHot() throws {
    let cohort = try StrokeTrial.cohort(of: "1", in: PublishedData.directory)
    let groups = Dictionary(grouping: 3..<52) { column in
      StrokeTrial.features[column].split(separator: "=", omittingEmptySubsequences: false)[0]
    }
    #expect(groups.count == 17)
    for row in 0..<cohort.inputs.rows {
      for columns in groups.values {
        #expect(columns.reduce(0) { $0 + cohort.inputs[row, $1] } == 1)
      }
    }
  }

  @Test(
    "the first patient is encoded as the file tells",
    .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
  func firstPatient() throws {
    let cohort = try StrokeTrial.cohort(of: "1", in: PublishedData.directory)
    let said = StrokeTrial.features.indices.filter { $0 > 2 && cohort.inputs[0, $0] == 1 }
      .map { StrokeTrial.features[$0] }
    #expect(Array(cohort.inputs.row(0).prefix(3)) == [17, 69, 140])
    #expect(
      said == [
        "RCONSC=D", "SEX=M", "RSLEEP=Y", "RATRIAL=", "RCT=Y", "RVISINF=Y", "RHEP24=", "RASP3=",
        "RDEF1=N", "RDEF2=N", "RDEF3=N", "RDEF4=Y", "RDEF5=N", "RDEF6=Y", "RDEF7=N", "RDEF8=Y",
        "STYPE=PACS",
      ])
    #expect(cohort.outcomes[0] == 1)
  }

  @Test(
    "a hospital outside the trial is refused, whatever its name",
    .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
  func unknownHospital() {
    let error = #expect(throws: CohortError.self) {
      try StrokeTrial.cohorts(of: ["1", "st-anna"], in: PublishedData.directory)
    }
    #expect(error?.found == "the hospital 'st-anna'")
  }

  private struct Site {
    let patients: Int
    let deadOrDependent: Double?
  }

  private func siteRows() throws -> [String: Site] {
    let path = PublishedData.directory + "/ist/sites.csv"
    var sites: [String: Site] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      sites[String(fields[0])] = Site(
        patients: try #require(Int(fields[2])), deadOrDependent: Double(fields[3]))
    }
    return sites
  }

  private func mean(_ outcomes: [Float]) -> Double {
    outcomes.reduce(0) { $0 + Double($1) } / Double(outcomes.count)
  }
}

@Suite("Stroke trial, from any text")
struct StrokeTrialTextTests {
  private static let header =
    "HOSPNUM,COUNTRY,RDELAY,RCONSC,SEX,AGE,RSLEEP,RATRIAL,RCT,RVISINF,RHEP24,RASP3,RSBP,RDEF1,"
    + "RDEF2,RDEF3,RDEF4,RDEF5,RDEF6,RDEF7,RDEF8,STYPE,OCCODE,EXPD14,EXPD6,EXPDD"

  private func row(
    hospital: String = "7", delay: String = "12", consciousness: String = "F", sex: String = "M",
    outcome: String = "3"
  ) -> String {
    "\(hospital),UK,\(delay),\(consciousness),\(sex),70,N,N,Y,N,N,N,150,Y,Y,Y,N,N,N,N,N,LACS,"
      + "\(outcome),0.11,0.22,0.33"
  }

  private func text(_ rows: String...) -> SourceText {
    SourceText(file: "ist.csv", text: ([Self.header] + rows).joined(separator: "\n"))
  }

  @Test("there are 52 features, and none is the trial's own prediction")
  func features() {
    #expect(StrokeTrial.features.count == 52)
    #expect(Set(StrokeTrial.features).count == 52)
    #expect(!StrokeTrial.features.contains { $0.hasPrefix("EXPD") })
  }

  @Test("the trial's own predictions change no input")
  func predictionsUnused() throws {
    let one = try StrokeTrial.cohorts(of: ["7"], patients: text(row()))
    let other = try StrokeTrial.cohorts(
      of: ["7"], patients: text(row().replacing("0.11,0.22,0.33", with: "0.9,0.9,0.9")))
    #expect(one == other)
  }

  @Test("outcomes 1 and 2 are dead or dependent, 3 and 4 are not, 0 and 9 are left out")
  func outcomes() throws {
    let rows = ["1", "0", "2", "3", "9", "4"].map { row(outcome: $0) }
    let source = SourceText(
      file: "ist.csv", text: ([Self.header] + rows).joined(separator: "\r\n") + "\r\n")
    #expect(try StrokeTrial.cohorts(of: ["7"], patients: source)[0].outcomes == [1, 1, 0, 0])
  }

  @Test("hospitals are told by number, ascending, and loaded in the order asked for")
  func order() throws {
    let source = text(row(hospital: "12"), row(hospital: "7"), row(hospital: "100"))
    #expect(try StrokeTrial.hospitals(in: source) == ["7", "12", "100"])
    let cohorts = try StrokeTrial.cohorts(of: ["100", "7"], patients: source)
    #expect(cohorts.map(\.hospital) == ["100", "7"])
  }

  @Test("a broken field is told by line, column and kind, and its text is not")
  func brokenField() {
    for (broken, column, found) in [
      (row(delay: "soon"), 6, "text that is no number in column 'RDELAY'"),
      (row(consciousness: "asleep"), 9, "text that is no number in column 'RCONSC'"),
      (row(sex: ""), 11, "an empty field in column 'SEX'"),
      (row(outcome: "5"), 53, "a number that is not accepted in column 'OCCODE'"),
    ] {
      let error = #expect(throws: CohortError.self) {
        try StrokeTrial.cohorts(of: ["7"], patients: text(row(), broken))
      }
      #expect(error?.line == 3)
      #expect(error?.column == column)
      #expect(error?.found == found)
      #expect(error?.description.contains("soon") == false)
      #expect(error?.description.contains("asleep") == false)
    }
  }

  @Test("a table without one of the columns is refused, and says which")
  func missingColumn() {
    let source = SourceText(
      file: "ist.csv", text: Self.header.replacing("RSBP,", with: "") + "\n")
    let error = #expect(throws: CohortError.self) {
      try StrokeTrial.cohorts(of: ["7"], patients: source)
    }
    #expect(error?.found == "no column 'RSBP' in the header")
  }
}

import Cohorts
import Tensors
import Testing

@Suite("Heart disease, as published")
struct HeartDiseaseDataTests {
  @Test(
    "every hospital has FLamby's patients in train and test",
    .enabled(if: PublishedData.hasHeartDisease, Comment(rawValue: PublishedData.skipped)),
    arguments: [
      ("cleveland", 199, 104), ("hungarian", 172, 89), ("switzerland", 30, 16), ("va", 85, 45),
    ])
  func sizes(hospital: String, train: Int, test: Int) throws {
    let cohort = try HeartDisease.cohort(of: hospital, in: PublishedData.directory)
    let kept = try #require(cohort.keptForJudging)
    #expect(kept.count { !$0 } == train)
    #expect(kept.count { $0 } == test)
    #expect(cohort.inputs.columns == 13)
    #expect(cohort.features == HeartDisease.features)
  }

  @Test(
    "Cleveland has the ages, sexes and diagnoses that its README tells",
    .enabled(if: PublishedData.hasHeartDisease, Comment(rawValue: PublishedData.skipped)))
  func cleveland() throws {
    let cohort = try HeartDisease.cohort(of: "cleveland", in: PublishedData.directory)
    #expect(cohort.outcomes.count { $0 == 1 } == 139)
    #expect(abs(mean(of: 0, in: cohort) - 54.439) < 0.0005)
    #expect(abs(mean(of: 1, in: cohort) - 0.68) < 0.0005)
  }

  @Test(
    "Switzerland has no healthy patient to train on and one to judge by",
    .enabled(if: PublishedData.hasHeartDisease, Comment(rawValue: PublishedData.skipped)))
  func switzerland() throws {
    let cohort = try HeartDisease.cohort(of: "switzerland", in: PublishedData.directory)
    let kept = try #require(cohort.keptForJudging)
    let healthy = cohort.outcomes.indices.filter { cohort.outcomes[$0] == 0 }
    #expect(healthy.map { kept[$0] } == [true])
  }

  @Test("there is no fifth hospital")
  func unknownHospital() {
    let error = #expect(throws: CohortError.self) {
      try HeartDisease.cohort(of: "boston", in: PublishedData.directory)
    }
    #expect(error?.description.contains("cleveland, hungarian, switzerland, va") == true)
  }

  private func mean(of column: Int, in cohort: Cohort) -> Double {
    let rows = 0..<cohort.inputs.rows
    return rows.reduce(0) { $0 + Double(cohort.inputs[$1, column]) } / Double(rows.count)
  }
}

@Suite("Heart disease, from any text")
struct HeartDiseaseTextTests {
  private let split = SourceText(
    file: "split.csv",
    text: """
      center,center_id,line,split,disease
      va,3,1,train,0
      va,3,2,dropped,1
      va,3,3,test,1
      cleveland,0,4,train,1

      """)

  private func cohort(_ rows: String) throws(CohortError) -> Cohort {
    try HeartDisease.cohort(
      of: "va", patients: SourceText(file: "va.data", text: rows), split: split)
  }

  @Test("chest pain and resting ECG become one column for every level but the first")
  func levels() throws {
    let cohort = try cohort(
      """
      51,1,1,130,240,0,0,150,0,.5,?,?,?,0
      52,0,2,?,240,0,1,150,0,1,?,?,?,1
      53.0,0.0,4.0,120.0,0,1,2,99,1,-1,1,0,3,4\r\n
      """)
    #expect(cohort.inputs.row(0) == [51, 1, 130, 240, 0, 150, 0, 0.5, 0, 0, 0, 0, 0])
    #expect(cohort.inputs.row(1) == [53, 0, 120, 0, 1, 99, 1, -1, 0, 0, 1, 0, 1])
    #expect(cohort.outcomes == [0, 1])
    #expect(cohort.keptForJudging == [false, true])
  }

  @Test(
    "a broken row is told by line, column and kind, and its values are not",
    arguments: [
      ("51,1,1,13x,240,0,0,150,0,.5,?,?,?,0", 8, "text that is no number in column 'trestbps'"),
      ("51,1,1,,240,0,0,150,0,.5,?,?,?,0", 8, "an empty field in column 'trestbps'"),
      ("51,1,7,130,240,0,0,150,0,.5,?,?,?,0", 6, "a number that is not accepted in column 'cp'"),
      ("51,1,1,130,nan,0,0,150,0,.5,?,?,?,0", 12, "text that is no number in column 'chol'"),
      ("51,1,1,130,240,0,0,150,0,.5,?,?,?,?", 35, "a missing value in column 'num'"),
      ("51,1,1,130,240,0,0,150,0,.5,?,?,?", 1, "a row of 13 fields"),
      ("51,1,1,130,240,0,0,150,0,1e99,?,?,?,0", 26, "text that is no number in column 'oldpeak'"),
    ])
  func brokenRow(row: String, column: Int, found: String) {
    let good = "52,0,2,140,240,0,1,150,0,1,?,?,?,1"
    let error = #expect(throws: CohortError.self) {
      try cohort(
        "51,1,1,130,240,0,0,150,0,.5,?,?,?,0\n52,0,2,?,240,0,1,150,0,1,?,?,?,1\n\(row)\n\(good)")
    }
    #expect(error?.line == 3)
    #expect(error?.column == column)
    #expect(error?.found == found)
    #expect(error?.description.hasPrefix("va.data:3:\(column): ") == true)
  }

  @Test(
    "a split that does not fit the rows is refused",
    arguments: [
      "51,1,1,?,240,0,0,150,0,.5,?,?,?,0",
      "51,1,1,130,240,0,0,150,0,.5,?,?,?,0\n52,0,2,140,240,0,1,150,0,1,?,?,?,1",
    ])
  func foreignSplit(rows: String) {
    let error = #expect(throws: CohortError.self) { try cohort(rows) }
    #expect(error?.found == "a row that does not fit split.csv")
  }

  @Test("a split without its header line is refused")
  func headless() {
    let error = #expect(throws: CohortError.self) {
      try HeartDisease.cohort(
        of: "va", patients: SourceText(file: "va.data", text: ""),
        split: SourceText(file: "split.csv", text: "va,3,1,train,0\n"))
    }
    #expect(error?.found == "no column 'center' in the header")
  }
}

import Cohorts
import Foundation
import Tensors
import Testing

@Suite(
  "Intensive care, as published",
  .enabled(if: PublishedData.hasIntensiveCare, Comment(rawValue: PublishedData.skipped)))
struct IntensiveCareTests {
  private func cohorts(
    _ hospitals: [String], by grouping: Grouping = .hospital,
    outcome: IntensiveCare.Outcome = .longStay
  ) throws -> [Cohort] {
    try IntensiveCare.cohorts(
      of: hospitals, by: grouping, outcome: outcome, in: PublishedData.directory)
  }

  private func sites() throws -> [[String]] {
    try PublishedData.text(of: "eicu-demo/sites.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    }
  }

  @Test("186 hospitals have their first stays, without those of patients seen before")
  func siteTable() throws {
    let hospitals = try IntensiveCare.hospitals(in: PublishedData.directory)
    #expect(hospitals.count == 186)
    let found = Dictionary(
      uniqueKeysWithValues: try cohorts(hospitals).map { ($0.hospital, $0) })
    let sites = try sites()
    #expect(sites.reduce(0) { $0 + (Int($1[5]) ?? 0) } == 2119)
    #expect(found.values.reduce(0) { $0 + $1.outcomes.count } == 1800)
    var alike = 0
    for site in sites {
      let cohort = try #require(found[site[0]])
      let first = try #require(Int(site[5]))
      #expect(cohort.outcomes.count <= first)
      guard cohort.outcomes.count == first else { continue }
      alike += 1
      let share = cohort.outcomes.reduce(0) { $0 + Double($1) } / Double(first)
      #expect(abs(share - (try #require(Double(site[8])))) < 0.0001, "hospital \(site[0])")
    }
    #expect(alike > 50)
  }

  @Test("the patients of a hospital's conditions are the patients of the hospital")
  func conditions() throws {
    let stays = SourceText(
      file: "stays.csv", text: try PublishedData.text(of: "eicu-demo/eicu_demo_stays.csv"))
    let groups = [
      "sepsis", "cardiac", "respiratory", "neurological", "digestive", "overdose", "metabolic",
      "other",
    ]
    for hospital in ["73", "420", "142"] {
      let whole = try IntensiveCare.cohorts(
        of: [hospital], by: .hospital, outcome: .longStay, stays: stays)[0]
      let parts = groups.compactMap { group in
        try? IntensiveCare.cohorts(
          of: ["\(hospital)-\(group)"], by: .condition, outcome: .longStay, stays: stays)[0]
      }
      #expect(parts.count > 1)
      #expect(parts.reduce(0) { $0 + $1.outcomes.count } == whole.outcomes.count)
      #expect(
        Set(
          parts.flatMap { part in part.outcomes.indices.map { Array(part.inputs.row($0)) } }
            .map(\.description))
          == Set(whole.outcomes.indices.map { Array(whole.inputs.row($0)).description }))
    }
  }

  @Test("most diagnoses belong to a group, and no group is most of them")
  func groups() throws {
    let all = try cohorts(IntensiveCare.hospitals(in: PublishedData.directory))
    let names = ["sepsis", "cardiac", "respiratory", "neurological", "digestive", "overdose"]
    for name in names + ["metabolic"] {
      let column = try #require(IntensiveCare.features.firstIndex(of: name))
      let share = all.reduce(0.0) { sum, cohort in
        sum + cohort.outcomes.indices.reduce(0.0) { $0 + Double(cohort.inputs[$1, column]) }
      }
      #expect((60...600).contains(share), "\(name)")
    }
  }

  @Test("APACHE's scores and predictions, lengths of stay and death change no input")
  func noPredictions() throws {
    let text = try PublishedData.text(of: "eicu-demo/eicu_demo_stays.csv")
    let lines = text.split(separator: "\n")
    let names = lines[0].split(separator: ",")
    let later = try #require(names.firstIndex(of: "acutephysiologyscore"))
    // The last ten columns are free of quotation marks.
    let changed = lines.prefix(300).enumerated().map { index, line in
      guard index > 0 else { return String(line) }
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      let end = fields.count
      for column in end - (names.count - later)..<end { fields[column] = "1" }
      return fields.joined(separator: ",")
    }
    let plain = lines.prefix(300).joined(separator: "\n")
    let hospitals = try IntensiveCare.hospitals(in: SourceText(file: "s.csv", text: plain))
    let (one, other) = try (
      IntensiveCare.cohorts(
        of: hospitals, by: .hospital, outcome: .longStay,
        stays: SourceText(file: "s.csv", text: plain)),
      IntensiveCare.cohorts(
        of: hospitals, by: .hospital, outcome: .longStay,
        stays: SourceText(file: "s.csv", text: changed.joined(separator: "\n")))
    )
    for (one, other) in zip(one, other) {
      #expect(one.inputs.scalars.map(\.bitPattern) == other.inputs.scalars.map(\.bitPattern))
    }
  }

  @Test("an empty field and -1 are missing, and a column says so")
  func missing() throws {
    let text = try PublishedData.text(of: "eicu-demo/eicu_demo_stays.csv")
    let lines = text.split(separator: "\n")
    // Line 3 begins with a quoted diagnosis of two parts; line 2's sodium is 141.
    let read = { (line: String) in
      try IntensiveCare.cohorts(
        of: ["56"], by: .hospital, outcome: .death,
        stays: SourceText(file: "s.csv", text: "\(lines[0])\n\(line)\n"))[0]
    }
    let column = try #require(IntensiveCare.features.firstIndex(of: "sodium"))
    let flag = try #require(IntensiveCare.features.firstIndex(of: "missing sodium"))
    let plain = try read(String(lines[1]))
    #expect(plain.features == IntensiveCare.features)
    #expect(plain.inputs[0, column] == 141 && plain.inputs[0, flag] == 0)
    for word in ["", "-1"] {
      let lacking = try read(String(lines[1]).replacing(",141,", with: ",\(word),"))
      #expect(lacking.inputs[0, column].isNaN && lacking.inputs[0, flag] == 1)
    }
    let broken = #expect(throws: CohortError.self) {
      try read(String(lines[1]).replacing(",141,", with: ",high,"))
    }
    #expect(broken?.found == "text that is no number in column 'sodium'")
    #expect(broken?.line == 2)
  }
}

@Suite(
  "Conditions at the hospitals of the stroke trial",
  .enabled(if: PublishedData.hasStrokeTrial, Comment(rawValue: PublishedData.skipped)))
struct StrokeSyndromeTests {
  @Test("the patients of a hospital's syndromes are the patients of the hospital")
  func syndromes() throws {
    let whole = try StrokeTrial.cohort(of: "134", in: PublishedData.directory)
    let names = ["TACS", "PACS", "POCS", "LACS", "OTH"].map { "134-\($0)" }
    let parts = try StrokeTrial.cohorts(
      of: names, by: .condition, in: PublishedData.directory)
    #expect(parts.map(\.hospital) == names)
    #expect(parts.reduce(0) { $0 + $1.outcomes.count } == whole.outcomes.count)
    for (part, name) in zip(parts, names) {
      let column = try #require(
        StrokeTrial.features.firstIndex(of: "STYPE=\(name.dropFirst(4))"))
      #expect(part.outcomes.indices.allSatisfy { part.inputs[$0, column] == 1 })
    }
  }

  @Test("a hospital is no condition, and says what one is called")
  func unknown() {
    let error = #expect(throws: CohortError.self) {
      try StrokeTrial.cohorts(of: ["134"], by: .condition, in: PublishedData.directory)
    }
    #expect(error?.accepted.contains("134-TACS") == true)
  }
}

import Cohorts
import Foundation
import Testing

@Suite("Published files")
struct PublishedFileTests {
  /// The SHA-256 of "abc", as FIPS 180 tells it.
  private let file = PublishedFile(
    path: "set/table.csv",
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")

  private func write(_ text: String, in directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory + "/set", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: directory + "/set/table.csv"))
  }

  @Test("the published bytes are read")
  func right() throws {
    try withTemporaryDirectory { directory in
      try write("abc", in: directory)
      #expect(try file.read(in: directory).bytes == Array("abc".utf8))
    }
  }

  @Test(
    "a changed or cut file is told by both digests, before anything is parsed",
    arguments: ["abd", "ab", ""])
  func wrong(text: String) throws {
    try withTemporaryDirectory { directory in
      try write(text, in: directory)
      let error = #expect(throws: CohortError.self) { try file.read(in: directory) }
      #expect(error?.place == directory + "/set/table.csv")
      #expect(error?.accepted == "SHA-256 " + file.sha256)
      #expect(error?.found.hasPrefix("SHA-256 ") == true)
      #expect(error?.found != error?.accepted)
    }
  }

  @Test("a malformed row of a changed file is told with line, column and what to do")
  func malformed() throws {
    try withTemporaryDirectory { directory in
      let sets = [
        ("heart-disease", "processed.va.data", "63,1,4,140,260,0,1,112,1,3,2,?,?,2\n44,1,4,x"),
        ("ist", "ist_selected.csv", "HOSPNUM\n1\nx"),
      ]
      for (name, file, text) in sets {
        try FileManager.default.createDirectory(
          atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)/\(file)"))
      }
      let heart = #expect(throws: CohortError.self) {
        try HeartDisease.cohort(of: "va", in: directory)
      }
      #expect([heart?.line, heart?.column] == [2, 1])
      #expect(heart?.found == "a row of 4 fields")
      #expect(heart?.advice.contains("put the published file in its place (SHA-256 ") == true)
      let stroke = #expect(throws: CohortError.self) {
        try StrokeTrial.cohorts(of: ["1"], in: directory)
      }
      #expect([stroke?.line, stroke?.column] == [3, 1])
    }
  }

  @Test("a missing directory and a missing file are told apart")
  func missing() throws {
    try withTemporaryDirectory { directory in
      let nowhere = #expect(throws: CohortError.self) { try file.read(in: directory + "/nowhere") }
      #expect(
        nowhere?.description
          == "\(directory)/nowhere: no such directory; accepted: the directory that holds set/table.csv; name the data directory with --data DIR"
      )
      let empty = #expect(throws: CohortError.self) { try file.read(in: directory) }
      #expect(empty?.place == directory + "/set/table.csv")
      #expect(empty?.found == "no such file")
    }
  }

  @Test("what is not a regular file is not read")
  func device() throws {
    try withTemporaryDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory + "/set/table.csv", withIntermediateDirectories: true)
      let error = #expect(throws: CohortError.self) { try file.read(in: directory) }
      #expect(error?.found == "something that is not a regular file")
    }
  }

  @Test("both data sets refuse a directory that lacks them")
  func dataSets() throws {
    try withTemporaryDirectory { directory in
      let heart = #expect(throws: CohortError.self) {
        try HeartDisease.cohort(of: "va", in: directory)
      }
      #expect(heart?.place == directory + "/heart-disease/processed.va.data")
      let stroke = #expect(throws: CohortError.self) { try StrokeTrial.hospitals(in: directory) }
      #expect(stroke?.place == directory + "/ist/ist_selected.csv")
    }
  }

  @Test(
    "a copy of a data set in which one byte was changed is refused",
    .enabled(if: PublishedData.hasHeartDisease, Comment(rawValue: PublishedData.skipped)))
  func tampered() throws {
    try withTemporaryDirectory { directory in
      let name = "heart-disease/processed.va.data"
      try FileManager.default.createDirectory(
        atPath: directory + "/heart-disease", withIntermediateDirectories: true)
      var bytes = try Data(contentsOf: URL(filePath: PublishedData.directory + "/" + name))
      bytes[100] ^= 1
      try bytes.write(to: URL(filePath: directory + "/" + name))
      let error = #expect(throws: CohortError.self) {
        try HeartDisease.cohort(of: "va", in: directory)
      }
      let advice = "this copy was changed or cut: put the published file in its place"
      #expect(error?.advice.contains(advice) == true)
    }
  }
}

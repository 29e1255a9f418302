import Cohorts
import Foundation
import Testing

@Suite("Readers of published data sets, and files that are not the published ones")
struct PublishedReadersTests {
  /// A data set: its file, a head and a row that a reader takes, and the reader.
  struct Reader: CustomTestStringConvertible, Sendable {
    let path: String
    let head: String
    let row: String
    let read: @Sendable (_ directory: String) throws -> [Cohort]

    var testDescription: String { path }
  }

  static let readers = [
    Reader(
      path: "hupa-ucm-cgm/hupa_cgm_15min.csv", head: "patient,minute,time_of_day_min,glucose_mg_dl",
      row: "HUPA0001P,0,0,120"
    ) { try GlucoseMonitoring.cohorts(of: ["HUPA0001P"], horizon: 30, in: $0) },
    Reader(
      path: "pk-nlme/remifentanil.csv", head: "ID,Subject,Time,conc,Rate,Amt,Age,Sex,Ht,Wt,BSA,LBM",
      row: "1.0,1,0,,70,100,30,Male,171,72,1.8,56"
    ) { try Remifentanil.cohorts(of: ["p1"], in: $0) },
    Reader(
      path: "small-multicentre-trials/rhdnase_patients.csv",
      head:
        "id,inst,trt,fev,fu,infected_at_entry,n_exacerbations,exacerbation,first_exacerbation_day",
      row: "1,1,1,28.8,168,0,0,0,"
    ) { try RhDNaseTrial.cohorts(of: ["c1"], in: $0) },
    Reader(
      path: "small-multicentre-trials/pbc3.csv",
      head: "ptno;unit;tment;sex;age;stage;gibleed;crea;alb;bili;alkph;asptr;weight;days;status",
      row: "1;2;1;1;62;4;0;82;33;106;682.5;125.5;82;625;2"
    ) { try CirrhosisTrial.cohorts(of: ["london"], in: $0) },
    Reader(
      path: "parkinsons-telemonitoring/parkinsons_updrs.data",
      head: "subject#,age,sex,test_time,motor_UPDRS,total_UPDRS,Jitter(%),Jitter(Abs),Jitter:RAP,"
        + "Jitter:PPQ5,Jitter:DDP,Shimmer,Shimmer(dB),Shimmer:APQ3,Shimmer:APQ5,Shimmer:APQ11,"
        + "Shimmer:DDA,NHR,HNR,RPDE,DFA,PPE",
      row: "1,72,0,5.6,28,34,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"
    ) { try ParkinsonsTelemonitoring.cohorts(of: ["p1"], score: .motor, in: $0) },
    Reader(
      path: "eicu-demo/eicu_demo_stays.csv", head: "hospitalid", row: "73"
    ) { try IntensiveCare.cohorts(of: ["73"], by: .hospital, outcome: .longStay, in: $0) },
  ]

  private func error(of reader: Reader, _ text: String) throws -> CohortError? {
    try withTemporaryDirectory { directory in
      let file = URL(filePath: directory + "/" + reader.path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return #expect(throws: CohortError.self) { _ = try reader.read(directory) }
    }
  }

  @Test("a directory that lacks the file is refused by its name", arguments: readers)
  func missing(reader: Reader) throws {
    try withTemporaryDirectory { directory in
      let error = #expect(throws: CohortError.self) { _ = try reader.read(directory) }
      #expect(error?.place == directory + "/" + reader.path)
      #expect(error?.found == "no such file")
    }
  }

  @Test("a row of a changed copy that is malformed is told with its line", arguments: readers)
  func malformed(reader: Reader) throws {
    let short = try error(of: reader, "\(reader.head)\n\(reader.row)\n\(reader.row)\u{2C}\u{3B}1\n")
    #expect(short?.line == 3 || short?.line == 1, "a row of too many fields, or a head of too few")
    #expect(short?.place.hasSuffix(reader.path) == true)
    #expect(short?.advice.contains("put the published file in its place (SHA-256 ") == true)
  }

  @Test("a head that lacks a column is told, with those that are wanted", arguments: readers)
  func head(reader: Reader) throws {
    let error = try error(of: reader, "nothing\n")
    #expect([error?.line, error?.column] == [1, 1])
    #expect(error?.found.hasPrefix("no column '") == true)
  }
}

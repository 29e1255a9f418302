/// The columns of the stroke trial that are read, what may stand in them, and where they are in a
/// file.
struct StrokeTrialColumns {
  /// A question of the case form and its answers; an empty answer is the empty field.
  struct Question {
    let column: String
    let answers: [String]
  }

  static let hospital = "HOSPNUM"
  static let hospitalNumbers = 1...9999
  static let outcome = "OCCODE"
  static let syndrome = "STYPE"
  /// Hours from stroke to randomisation, years, systolic blood pressure in mm Hg.
  static let measurements = ["RDELAY", "AGE", "RSBP"]
  /// In the order of the file: consciousness, sex, noted on waking, atrial fibrillation, CT before
  /// randomisation, infarct visible, heparin and aspirin before, eight deficits, syndrome.
  static let questions =
    [
      Question(column: "RCONSC", answers: ["F", "D", "U"]),
      Question(column: "SEX", answers: ["F", "M"]),
      Question(column: "RSLEEP", answers: ["N", "Y"]),
      Question(column: "RATRIAL", answers: ["N", "Y", ""]),
      Question(column: "RCT", answers: ["N", "Y"]),
      Question(column: "RVISINF", answers: ["N", "Y"]),
      Question(column: "RHEP24", answers: ["N", "Y", ""]),
      Question(column: "RASP3", answers: ["N", "Y", ""]),
    ] + (1...8).map { Question(column: "RDEF\($0)", answers: ["N", "Y", "C"]) } + [
      Question(column: syndrome, answers: ["TACS", "PACS", "POCS", "LACS", "OTH"])
    ]
  /// Every column that a file must have.
  static let all = [hospital] + measurements + questions.map(\.column) + [outcome]

  /// The position of the hospital's number.
  let hospital: Int
  /// The position of the stroke syndrome.
  let syndrome: Int
  private let outcome: Int
  private let measurements: [Int]
  private let questions: [(position: Int, answers: [String])]

  init(of table: Table) {
    hospital = table.position(of: Self.hospital)
    syndrome = table.position(of: Self.syndrome)
    outcome = table.position(of: Self.outcome)
    measurements = Self.measurements.map { table.position(of: $0) }
    questions = Self.questions.map { (table.position(of: $0.column), $0.answers) }
  }

  /// 1 for dead or dependent at six months, 0 for neither, `nil` for unknown.
  func outcome(_ row: TableRow) throws(CohortError) -> Float? {
    let codes = ["1", "2", "3", "4", "0", "9"]
    return switch codes[try row.level(outcome, among: codes)] {
    case "1", "2": 1
    case "3", "4": 0
    default: nil
    }
  }

  /// The 52 inputs.
  func inputs(_ row: TableRow) throws(CohortError) -> [Float] {
    var inputs: [Float] = []
    for position in measurements { inputs.append(try row.number(position)) }
    for question in questions {
      let answer = try row.level(question.position, among: question.answers)
      for level in question.answers.indices { inputs.append(level == answer ? 1 : 0) }
    }
    return inputs
  }
}

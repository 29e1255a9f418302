/// The columns of the eICU demonstration that are read, and where they are in a file.
struct IntensiveCareColumns {
  static let hospital = "hospitalid"
  /// Of the first day: years, cm, kg, coma scale, ml, and the worst of what was measured.
  static let measurements = [
    "age_years", "admissionheight", "admissionweight", "eyes", "motor", "verbal", "urine", "wbc",
    "temperature", "respiratoryrate", "sodium", "heartrate", "meanbp", "ph", "hematocrit",
    "creatinine", "albumin", "bun", "glucose", "bilirubin", "pao2", "pco2", "fio2",
  ]
  /// Yes (1) or no (0).
  static let answers = [
    "intubated", "vent", "dialysis", "meds", "diabetes", "immunosuppression", "cirrhosis",
    "metastaticcancer",
  ]
  /// Measurements whose absence has a column: each stands for those that are taken together with it.
  static let indicated = [
    "heartrate", "eyes", "temperature", "sodium", "wbc", "urine", "bilirubin", "ph",
  ]
  /// Where patients came from, as far as it has a column.
  static let admissions = ["Emergency Department", "Operating Room"]

  private static let others = [
    "uniquepid", "unitvisitnumber", "unitadmitsource", "apacheadmissiondx", "gender",
    "hospital_death", "icu_los_days",
  ]
  /// Every column that a file must have.
  static let all = [hospital] + measurements + answers + others

  private let positions: [String: Int]
  private let measured: [Int]
  private let answered: [Int]

  init(of table: Table) {
    positions = Dictionary(Self.all.map { ($0, table.position(of: $0)) }) { first, _ in first }
    measured = Self.measurements.map { table.position(of: $0) }
    answered = Self.answers.map { table.position(of: $0) }
  }

  private func position(_ column: String) -> Int { positions[column] ?? 0 }

  func hospital(_ row: TableRow) -> String { row.text(position(Self.hospital)) }
  func patient(_ row: TableRow) -> String { row.text(position("uniquepid")) }
  func diagnosis(_ row: TableRow) -> String { row.text(position("apacheadmissiondx")) }

  /// Whether the row is the first stay in a unit of its stay in hospital.
  func isFirstUnitStay(_ row: TableRow) throws(CohortError) -> Bool {
    try row.wholeNumber(position("unitvisitnumber"), in: 1...99) == 1
  }

  /// 1 or 0; nil where it is not known.
  func outcome(
    _ row: TableRow, _ outcome: IntensiveCare.Outcome
  ) throws(CohortError) -> Float? {
    switch outcome {
    case .longStay: try row.number(position("icu_los_days")) > 2 ? 1 : 0
    case .death: [0, 1, nil][try row.level(position("hospital_death"), among: ["0", "1", ""])]
    }
  }

  /// The inputs but those that say what is missing.
  func inputs(_ row: TableRow, _ group: DiagnosisGroup) throws(CohortError) -> [Float] {
    var inputs: [Float] = []
    for position in measured {
      inputs.append(try row.measurement(position, missing: ["-1"]))
    }
    for position in answered {
      let answer = try row.level(position, among: ["0", "1", "", "-1"])
      inputs.append([0, 1, .nan, .nan][answer])
    }
    let sex = try row.level(position("gender"), among: ["Female", "Male", ""])
    inputs.append([0, 1, .nan][sex])
    let origin = row.text(position("unitadmitsource"))
    inputs += Self.admissions.map { $0 == origin ? 1 : 0 }
    return inputs + DiagnosisGroup.allCases.dropLast().map { $0 == group ? 1 : 0 }
  }
}

/// What brought a patient to intensive care, by the words of APACHE's admission diagnosis.
enum DiagnosisGroup: String, CaseIterable {
  case sepsis, cardiac, respiratory, neurological, digestive, overdose, metabolic, other

  /// Words that a diagnosis contains, by group; the first group with one of them is taken.
  private static let words: [(group: Self, words: [String])] = [
    (.sepsis, ["Sepsis"]),
    (.overdose, ["Overdose", "withdrawal", "Toxicity"]),
    (
      .neurological,
      [
        "CVA", "Coma/change", "Seizure", "intracranial", "Head", "Hematoma, subdural", "Neuro",
        "Encephalopathies", "cranial", "Craniotomy", "Subarachnoid", "Meningitis",
      ]
    ),
    (
      .respiratory,
      [
        "Pneumonia", "Emphysema", "Asthma", "Respiratory - ", "Arrest, respiratory",
        "Embolus, pulm",
        "airway", "pleural", "lung", "ARDS", "Thoracotomy", "Atelectasis", "Hemothorax",
        "Pneumothorax", "Weaning",
      ]
    ),
    (
      .cardiac,
      [
        "CHF", "Rhythm", "Infarction", "Cardiac arrest", "CABG", "Angina", "Hypertension",
        "Chest pain",
        "valve", "Valve", "Cardio", "MI ", "Shock, cardiogenic", "Endarterectomy", "Graft",
        "Thrombus",
        "Vascular", "Aneurysm", "Aortic", "Pericard", "Ablation", "cardiac",
      ]
    ),
    (
      .digestive,
      [
        "GI ", "GI-", "Bleeding", "Pancreatitis", "epatic", "Cholecyst", "Cancer-colon", "bowel",
      ]
    ),
    (
      .metabolic,
      [
        "Diabetic", "Renal", "Acid-base", "Hypogly", "Hypovolemia", "ndocrine", "Hyper", "Hypo",
        "Thyroid",
      ]
    ),
  ]

  init(of diagnosis: String) {
    let match = Self.words.first { $0.words.contains { diagnosis.contains($0) } }
    self = match?.group ?? .other
  }
}

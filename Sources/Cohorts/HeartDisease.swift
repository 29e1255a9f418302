/// The UCI heart-disease data: patients referred for coronary angiography at four hospitals.
///
/// The outcome is 1 where a vessel is narrowed by more than half (`num > 0`). Features are those of
/// FLamby's Fed-Heart-Disease (Ogier du Terrail et al. 2022): slope, ca and thal are left out, then
/// every patient with a missing value, and the kinds of chest pain and of resting ECG become one
/// column for every level but the first. FLamby's split says who is kept for judging.
///
/// A serum cholesterol of 0 means not measured, and stays 0 as it does there.
///
/// Source: Janosi, Steinbrunn, Pfisterer and Detrano 1989, doi:10.24432/C52P4X, CC BY 4.0.
public enum HeartDisease {
  /// The four hospitals: Cleveland, Budapest, Zurich and Basel, and Long Beach.
  public static let hospitals = ["cleveland", "hungarian", "switzerland", "va"]

  /// The 13 features, in the order of the columns: years, male, mm Hg, mg/dl, fasting sugar above
  /// 120 mg/dl, beats/min, angina on exertion, mm of ST depression, and kinds of chest pain and ECG.
  public static let features = [
    "age", "sex", "trestbps", "chol", "fbs", "thalach", "exang", "oldpeak", "cp=2", "cp=3", "cp=4",
    "restecg=1", "restecg=2",
  ]

  /// The patients of `hospital`, from the data directory that holds `heart-disease/`.
  ///
  /// - Throws: ``CohortError`` for an unknown hospital, or files that are missing or are not the
  ///   published ones.
  public static func cohort(
    of hospital: String, in directory: String
  ) throws(CohortError) -> Cohort {
    let patients = try patientFile(of: hospital).read(in: directory) { text throws(CohortError) in
      try Table(text, columns: columns).forEachRow { row throws(CohortError) in
        _ = try patient(row)
      }
    }
    let split = try splitFile.read(in: directory) { text throws(CohortError) in
      _ = try HeartDiseaseSplit(text, hospital: hospital)
    }
    return try cohort(of: hospital, patients: patients, split: split)
  }

  /// The patients of `hospital` in texts that have the form of the published files.
  ///
  /// - Throws: ``CohortError`` with line and column of a row that cannot be read, or that the split
  ///   does not fit.
  public static func cohort(
    of hospital: String, patients: SourceText, split: SourceText
  ) throws(CohortError) -> Cohort {
    let parts = try HeartDiseaseSplit(split, hospital: hospital)
    var complete = CohortRows(features: features, namesSplit: true)
    try Table(patients, columns: columns).forEachRow { row throws(CohortError) in
      let patient = try patient(row)
      let kept = try parts.isKeptForJudging(row, complete: patient != nil)
      guard let patient else { return }
      complete.append(patient.inputs, outcome: patient.outcome, keptForJudging: kept)
    }
    return complete.cohort(of: hospital)
  }
}

// MARK: Files

extension HeartDisease {
  private static let splitFile = PublishedFile(
    path: "heart-disease/flamby_split.csv",
    sha256: "1deaa28013778265cc30011a53ebec7239f68e057c11977cd4eaa4057ff1ec0a")

  private static let digests = [
    "cleveland": "a74b7efa387bc9d108d7d0115d831fe9b414b29ae7124f331b622b4efa0427c8",
    "hungarian": "d1ad108f785768cd3d7e82dc522e6f5a61eea93cccfb3a46ee8076f73fc3d796",
    "switzerland": "834a405ccf5b66ab4056bb77794adc8df0b7125186454c0a1d002d33c6c3b314",
    "va": "e7c93d8d0d2acdadfa4c5e8de768e2191e7f618b952e29623f1f0d5949ff6b8f",
  ]

  private static func patientFile(of hospital: String) throws(CohortError) -> PublishedFile {
    guard let digest = digests[hospital] else {
      throw CohortError(
        "heart-disease", found: "the hospital '\(hospital)'",
        accepted: hospitals.joined(separator: ", "),
        advice: "name one of these under cohorts.hospitals")
    }
    return PublishedFile(path: "heart-disease/processed.\(hospital).data", sha256: digest)
  }
}

// MARK: Rows

extension HeartDisease {
  private static let columns = [
    "age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak",
    "slope", "ca", "thal", "num",
  ]
  /// Positions of the numeric features, and of chest pain, resting ECG and diagnosis.
  private static let numeric = [0, 1, 3, 4, 5, 7, 8, 9]
  private static let (chestPain, restingECG, diagnosis) = (2, 6, 13)

  /// One patient's features and outcome; `nil` where a feature is missing.
  private static func patient(
    _ row: TableRow
  ) throws(CohortError) -> (inputs: [Float], outcome: Float)? {
    var isComplete = true
    var inputs: [Float] = []
    for position in numeric {
      let number = try measured(row, position, accepted: "a number or ?")
      isComplete = isComplete && number != nil
      inputs.append(number ?? 0)
    }
    let pain = try code(row, chestPain, in: 1...4)
    let ecg = try code(row, restingECG, in: 0...2)
    let degree = try row.wholeNumber(diagnosis, in: 0...4)
    guard isComplete, let pain, let ecg else { return nil }
    inputs += [2, 3, 4].map { pain == $0 ? 1 : 0 } + [1, 2].map { ecg == $0 ? 1 : 0 }
    return (inputs, degree > 0 ? 1 : 0)
  }

  private static func measured(
    _ row: TableRow, _ position: Int, accepted: String
  ) throws(CohortError) -> Float? {
    row.text(position) == "?" ? nil : try row.number(position, accepted: accepted)
  }

  private static func code(
    _ row: TableRow, _ position: Int, in range: ClosedRange<Int>
  ) throws(CohortError) -> Int? {
    row.text(position) == "?" ? nil : try row.wholeNumber(position, in: range)
  }
}

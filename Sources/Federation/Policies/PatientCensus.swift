import Scenarios

/// How many patients each training hospital has said that it trains with, where the scenario invites
/// by them.
struct PatientCensus {
  /// The most patients that a hospital may say it has.
  static let mostPatients = 1_000_000_000

  private let places: HospitalPlaces
  private var patients: [Int?]
  private var cached: Urn?

  init(hospitals: HospitalList) {
    places = HospitalPlaces(hospitals)
    patients = Array(repeating: nil, count: hospitals.count)
  }

  /// In which each hospital has a ticket for each of its patients, and none while their number is not
  /// known.
  var urn: Urn {
    mutating get {
      let urn = cached ?? Urn(weights: patients.map { $0 ?? 0 })
      cached = urn
      return urn
    }
  }

  /// The numbers in the order of the hospitals, -1 where it is not known.
  var numbers: [Int] { patients.map { $0 ?? -1 } }

  /// Takes numbers that another coordinator has been told, as ``numbers`` gave them.
  mutating func restore(_ numbers: [Int]) {
    guard numbers.count == patients.count else { return }
    patients = numbers.map { $0 < 0 ? nil : $0 }
    cached = nil
  }

  /// Whether `hospital` trains and has not said its number yet.
  func lacks(_ hospital: String) -> Bool {
    places[hospital].map { patients[$0] == nil } ?? false
  }

  /// Notes what a hospital has said; 0 if it declined to say.
  mutating func note(_ count: Int, of hospital: String) {
    guard let place = places[hospital] else { return }
    patients[place] = count
    cached = nil
  }
}

import Cohorts
import Tensors

/// A clinic, and what it was made for.
///
/// A reference, and the clinic in it ready as a source of episodes, so that it is used without being
/// copied.
final class Ward {
  let hospital: String
  let strengths: [Double]
  let standardiser: Standardiser?
  let clinic: Clinic
  let source: any BatchedSource

  init(hospital: String, strengths: [Double], standardiser: Standardiser?, clinic: Clinic) {
    self.hospital = hospital
    self.strengths = strengths
    self.standardiser = standardiser
    self.clinic = clinic
    source = clinic
  }
}

/// The clinics that are kept because they may be used again: as many as there is room for.
///
/// Which one makes room is drawn at random. Rounds that all hospitals take part in go through them in
/// the same order again and again; letting go of the one that was not used for longest would then find
/// none of them again as soon as one is too many, where a draw finds most. What is drawn here changes
/// no result. Looking up and keeping cost O(1).
struct WardCache {
  /// The bytes that clinics may take.
  let capacity: Int
  /// The bytes that they take, about.
  private(set) var bytes = 0
  private var wards: [Ward] = []
  private var places: [String: Int] = [:]
  private var random = RandomStream(seed: 0)

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many are kept.
  var count: Int { wards.count }

  subscript(hospital: String) -> Ward? { places[hospital].map { wards[$0] } }

  /// Keeps a ward in place of the hospital's last one, unless it is larger than there is room for.
  mutating func keep(_ ward: Ward) {
    if let place = places[ward.hospital] { remove(at: place) }
    let needed = ward.clinic.bytes
    guard needed <= capacity else { return }
    while bytes + needed > capacity { remove(at: random.integer(below: wards.count)) }
    bytes += needed
    places[ward.hospital] = wards.count
    wards.append(ward)
  }

  /// Takes one out; the last one gets its place.
  private mutating func remove(at place: Int) {
    wards.swapAt(place, wards.count - 1)
    guard let removed = wards.popLast() else { return }
    bytes -= removed.clinic.bytes
    places[removed.hospital] = nil
    if place < wards.count { places[wards[place].hospital] = place }
  }
}

import Scenarios
import Transports

/// The regions of a simulated federation, where their hops take time: each a state machine as in a
/// process of its own.
///
/// Without virtual time a tree ends with the bits of the flat federation and takes no other time, so it is
/// not made. A reference, so that asking whether there is one copies nothing.
final class SimulatedTree {
  /// A region and whom it stands below.
  struct Place {
    let name: String
    /// Its name after those of the regions above it, such as `south/east`.
    let path: String
    var machine: Region
    /// The region above it; `nil` where that is the coordinator.
    let parent: Int?
    /// When it is woken next.
    var timer: Instant?
    /// Whether its parent may not know of its hospitals, so that it says hello while it is idle.
    var isUnheard = false
    /// When the last answer that it got was where, and when it came.
    var lastAnswer: (way: Itinerary, came: Instant)?
    /// When the assignment was sent that it is passing on, while it does.
    var asked: Instant?
  }

  var places: [Place] = []
  /// The regions of the nodes, by their numbers; `nil` where one connects to the coordinator itself.
  private(set) var homes: [Int?]

  /// The regions of the experiment's scenario, which has some; each hospital has a node of its own.
  init(_ experiment: Experiment) {
    let hospitals = experiment.scenario.cohorts.hospitals
    homes = Array(repeating: nil, count: hospitals.count)
    let numbers = HospitalPlaces(hospitals)
    for region in experiment.scenario.regions {
      add(region, below: nil, of: experiment, numbers)
    }
  }

  private func add(
    _ plan: RegionPlan, below parent: Int?, of experiment: Experiment,
    _ numbers: HospitalPlaces
  ) {
    let place = places.count
    places.append(
      Place(
        name: plan.name, path: (parent.map { places[$0].path + "/" } ?? "") + plan.name,
        machine: Region(experiment, hospitals: plan.allHospitals), parent: parent))
    for hospital in plan.hospitals { numbers[hospital].map { homes[$0] = place } }
    for region in plan.regions { add(region, below: place, of: experiment, numbers) }
  }

  /// The names of a region and of those above it; `nil` where there is no such region.
  func path(of place: Int) -> String? { places.indices.contains(place) ? places[place].path : nil }

  /// When a region has something to do though nothing has come: hellos of one that is heard would change
  /// nothing.
  func deadline(of place: Int) -> Instant? {
    let machine = places[place].machine
    let work = machine.work?.isOpen == true ? machine.work?.nextInstant : nil
    let hello = places[place].isUnheard ? machine.helloDue : nil
    return [work, hello].compactMap(\.self).min()
  }

  /// Notes that whoever is above these regions may not know of their hospitals.
  func doubt(_ place: Int?) {
    var next = place
    while let place = next {
      places[place].isUnheard = true
      next = places[place].parent
    }
  }
}

extension Region {
  /// Whether it would do more about a hello than say welcome.
  func isMovedByHello(of hospitals: some Sequence<String>, from peer: Peer) -> Bool {
    hospitals.contains {
      roster.peer(of: $0) != peer || work?.owed.contains($0) == true && work?.wants($0) == true
    }
  }
}

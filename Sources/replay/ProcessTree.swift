import Scenarios

/// Who connects to whom when processes play a scenario: a coordinator for the root, one for each region,
/// and nodes that share the hospitals of one place.
struct ProcessTree {
  /// A coordinator that stands below another.
  struct Region: Equatable {
    /// Its name, after those of the regions above it.
    let name: String
    /// Where its nodes and the regions below it connect to.
    let endpoint: String
    /// Where the coordinator above it is.
    let parent: String
    /// All hospitals below it.
    let hospitals: [String]
  }

  /// A node, and where it connects to.
  struct Node: Equatable {
    let endpoint: String
    let hospitals: [String]
  }

  private(set) var regions: [Region] = []
  private(set) var nodes: [Node] = []
  private let alone: Set<String>

  /// The tree of `scenario` around the endpoint `root`; beside that lie the endpoints of regions.
  ///
  /// - Parameters:
  ///   - scenario: What is played.
  ///   - count: The nodes that are wanted. Every place with hospitals has at least one, and no node
  ///     serves hospitals of two places.
  ///   - alone: The hospitals that get a node each, beside those that are wanted.
  ///   - root: Where the coordinator at the root is.
  init(
    _ scenario: Scenario, nodes count: Int, alone: Set<String> = [], root: String
  ) {
    self.alone = alone
    let share = Double(count) / Double(scenario.cohorts.hospitals.count)
    addNodes(for: scenario.hospitalsOutsideRegions, at: root, share)
    add(scenario.regions, named: "", below: root, root, share)
  }

  private mutating func add(
    _ plans: [RegionPlan], named prefix: String, below parent: String, _ root: String,
    _ share: Double
  ) {
    for plan in plans {
      let region = Region(
        name: prefix + plan.name, endpoint: "\(root)-region-\(regions.count + 1)", parent: parent,
        hospitals: plan.allHospitals)
      regions.append(region)
      addNodes(for: plan.hospitals, at: region.endpoint, share)
      add(plan.regions, named: region.name + "/", below: region.endpoint, root, share)
    }
  }

  /// Adds the nodes of one place: neighbours share one, so that many hospitals are few words on its
  /// command line.
  private mutating func addNodes(for hospitals: [String], at endpoint: String, _ share: Double) {
    for hospital in hospitals where alone.contains(hospital) {
      nodes.append(Node(endpoint: endpoint, hospitals: [hospital]))
    }
    let hospitals = hospitals.filter { !alone.contains($0) }
    guard !hospitals.isEmpty else { return }
    let wanted = (Double(hospitals.count) * share).rounded()
    let count = max(1, min(Int(wanted), hospitals.count))
    for node in 0..<count {
      let neighbours = hospitals[
        node * hospitals.count / count..<(node + 1) * hospitals.count / count]
      nodes.append(Node(endpoint: endpoint, hospitals: Array(neighbours)))
    }
  }
}

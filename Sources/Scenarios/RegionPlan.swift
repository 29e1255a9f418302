/// Hospitals that stand together below a coordinator of their own, which answers for them in one.
///
/// Regions decide who carries answers, not what they are: since sums are exact, a tree of regions of any
/// shape ends with the bits of the flat federation.
public struct RegionPlan: Codable, Equatable, Sendable {
  /// The name, of which no other region beside it has the same.
  public var name: String
  /// The hospitals whose nodes connect to the region itself.
  public var hospitals: [String]
  /// The regions that stand below it.
  public var regions: [RegionPlan]

  /// Takes every setting as it is; settings are checked where a scenario is read.
  public init(name: String, hospitals: [String] = [], regions: [RegionPlan] = []) {
    self.name = name
    self.hospitals = hospitals
    self.regions = regions
  }

  /// All hospitals that it answers for: its own and those of the regions below it.
  public var allHospitals: [String] {
    hospitals + regions.flatMap(\.allHospitals)
  }
}

extension Scenario {
  /// The hospitals that stand in no region: their nodes connect to the coordinator itself.
  public var hospitalsOutsideRegions: [String] {
    let inside = Set(regions.flatMap(\.allHospitals))
    return cohorts.hospitals.filter { !inside.contains($0) }
  }
}

extension RegionPlan {
  /// A list of hospitals, or a mapping of the regions below to theirs.
  var document: ScenarioDocument {
    regions.isEmpty ? .names(hospitals) : regions.document
  }
}

extension [RegionPlan] {
  /// The names of all regions, each before those below it.
  var names: [String] { flatMap { [$0.name] + $0.regions.names } }

  /// The regions by their names.
  var document: ScenarioDocument {
    .mapping(map { ($0.name, $0.document) })
  }
}

extension Kind where Value == [RegionPlan] {
  /// A mapping of names of regions to lists of hospitals, or to such mappings.
  static var regions: Self { regions(below: 0) }

  /// The levels that regions may stand below each other.
  private static var mostLevels: Int { 8 }

  private static func regions(below levels: Int) -> Self {
    let accepted =
      "a mapping of regions to lists of their hospitals, or to the regions below them, at most"
      + " \(mostLevels) levels"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping(let entries) = tree.content, !entries.isEmpty, levels < mostLevels else {
        let found = levels < mostLevels ? tree.found : "more than \(mostLevels) levels of regions"
        findings.report(found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let names = RegionNames(path: path, findings: findings)
      let regions = entries.compactMap { entry in
        names.check(entry) ? region(entry, "\(path).\(entry.key)", levels, findings) : nil
      }
      return regions.count == entries.count ? regions : nil
    }
  }

  private static func region(
    _ entry: Tree.Entry, _ path: String, _ levels: Int, _ findings: Findings
  ) -> RegionPlan? {
    findings.note(entry.value.place, of: path)
    if case .mapping = entry.value.content {
      return regions(below: levels + 1).read(entry.value, path, findings).map {
        RegionPlan(name: entry.key, regions: $0)
      }
    }
    return Kind<[String]>.hospitalNames(atLeast: 1).read(entry.value, path, findings).map {
      RegionPlan(name: entry.key, hospitals: $0)
    }
  }
}

/// The names of regions that stand beside each other.
private final class RegionNames {
  private let path: String
  private let findings: Findings
  private var seen: Set<String> = []

  init(path: String, findings: Findings) {
    self.path = path
    self.findings = findings
  }

  /// Whether a region may have this name; says so where it may not.
  func check(_ entry: Tree.Entry) -> Bool {
    let name = Tree(content: .scalar(entry.key, plain: true), place: entry.place)
    guard Kind<String>.identifier.read(name, path, findings) != nil else { return false }
    guard seen.insert(entry.key).inserted else {
      findings.report(
        "region given twice", accepted: "each region once", at: "\(path).\(entry.key)",
        place: entry.place)
      return false
    }
    return true
  }
}

extension Contradictions {
  /// Every hospital of a region is one of the scenario's, and stands in one region only.
  func regions() {
    guard findings.isSound("cohorts.hospitals", "regions") else { return }
    let known = HospitalPlaces(scenario.cohorts.hospitals)
    var homes: [String: String] = [:]
    look(at: scenario.regions, below: "regions", known, &homes)
  }

  private func look(
    at regions: [RegionPlan], below path: String, _ known: HospitalPlaces,
    _ homes: inout [String: String]
  ) {
    for region in regions {
      let path = "\(path).\(region.name)"
      if known.contains(region.name) {
        findings.report(
          "a region with the name of a hospital",
          accepted: "another name, as timeline and time may name either", at: path)
      }
      for hospital in region.hospitals {
        if !known.contains(hospital) {
          findings.report(
            "no hospital \(hospital.excerpt)", accepted: "names that cohorts.hospitals gives",
            nearest: Nearest.match(hospital, among: scenario.cohorts.hospitals), at: path)
        } else if let home = homes.updateValue(path, forKey: hospital) {
          findings.report(
            "\(hospital.excerpt), which stands in \(home) already",
            accepted: "each hospital in one region", at: path)
        }
      }
      look(at: region.regions, below: path, known, &homes)
    }
  }
}

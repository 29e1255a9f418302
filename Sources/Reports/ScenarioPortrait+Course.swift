import Scenarios

// What happens in the course of a run, and in what tree.

extension ScenarioPortrait {
  /// Regions, what is planned and what happens by chance; nothing where there is nothing of it.
  var course: [String] {
    [
      section("Regions", regionLines(scenario.regions, indented: "  ")),
      section("What happens", planned.map { "  " + $0 }),
      section("What happens by chance, drawn by the seed", byChance.map { "  " + $0 }),
    ].compactMap(\.self)
  }

  /// The sentences of the timeline, as long as there are not too many.
  var planned: [String] {
    let most = 40
    let more = scenario.timeline.count - most
    return scenario.timeline.prefix(most).map(\.sentence)
      + (more > 0 ? ["and \(more) more"] : [])
  }

  /// The sentences of the rates.
  var byChance: [String] { scenario.faults.map(\.sentence) }

  private func section(_ title: String, _ lines: [String]) -> String? {
    lines.isEmpty ? nil : ([title] + lines).joined(separator: "\n") + "\n"
  }

  private func regionLines(_ regions: [RegionPlan], indented indent: String) -> [String] {
    regions.flatMap { region in
      ["\(indent)\(region.name): \(counted(region.allHospitals.count, "hospital"))"]
        + regionLines(region.regions, indented: indent + "  ")
    }
  }
}

// Cells that differ in what is varied, and come to the same scenario all the same.

extension [SweepCell] {
  /// Refuses cells that come to the same scenario: a table would tell of settings that nothing was
  /// played with.
  ///
  /// - Throws: Both settings of all such pairs, each pair once.
  func checkDifference() throws(ScenarioProblems) {
    // Only the digests of scenarios are kept: there can be many cells.
    var places: [Int: [Int]] = [:]
    var told: Set<String> = []
    var problems: [ScenarioProblem] = []
    for (place, cell) in enumerated() {
      let canonical = cell.scenario.canonical
      let digest = canonical.hashValue
      let twin = places[digest]?.first { self[$0].scenario.canonical == canonical }
      guard let twin else {
        places[digest, default: []].append(place)
        continue
      }
      let problem = cell.coincidence(with: self[twin])
      if told.insert(problem.description).inserted { problems.append(problem) }
    }
    if !problems.isEmpty { throw ScenarioProblems(problems) }
  }
}

extension SweepCell {
  /// That it comes to the same scenario as `twin`.
  fileprivate func coincidence(with twin: SweepCell) -> ScenarioProblem {
    let differing = zip(overrides, twin.overrides).filter { $0.text != $1.text }
    let keys = differing.map { $0.0.path.joined(separator: ".") }
    return ScenarioProblem(
      file: "", place: .override(Self.words(differing.map(\.0))),
      path: keys.joined(separator: ", "),
      found: "comes to the same scenario as \(Self.words(differing.map(\.1)))",
      accepted:
        "values of which each makes a scenario of its own; leave all but one of them out, or"
        + " what replaces them: --seed, --set, --method or another --vary; what is below methods"
        + " counts with --method alone")
  }

  private static func words(_ overrides: [Override]) -> String {
    overrides.map { "--vary \($0.text)" }.joined(separator: " ")
  }
}

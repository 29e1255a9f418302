/// Reads the tree of a scenario, section by section.
///
/// A later section is one line here and a file of its own beside `CohortSection.swift`. Values after
/// `??` stand in for settings whose absence has been reported; they never leave the reader.
struct ScenarioReader {
  let findings: Findings

  /// The scenario, of use only if nothing was found.
  func scenario(_ tree: Tree) -> Scenario {
    let root = Section(tree, path: "", findings: findings)
    let name = root.take("scenario", as: .identifier) ?? ""
    let summary = root.take("summary", as: .line(upTo: 300)) ?? ""
    let seed = root.take("seed", as: .count(0...UInt64.max), default: 1)
    let cohorts = self.cohorts(root.section("cohorts", required: true))
    let task = self.task(root.section("task", required: true), for: cohorts.source)
    let model = self.model(root.section("model", required: true), for: task)
    let algorithm = self.algorithm(root.section("algorithm", required: true))
    let federation = self.federation(root.section("federation", required: true), for: cohorts)
    let privacy = self.privacy(root.section("privacy"))
    let evaluation = self.evaluation(root.section("evaluation"), task, algorithm)
    let regions = root.take("regions", as: .regions, default: [])
    let heterogeneity = self.heterogeneity(root)
    let time = self.time(root)
    let timeline = root.take("timeline", as: .timeline, default: [])
    let faults = self.faults(root.section("faults"))
    root.accept(Lineage.keys + [Methods.key])
    for key in Lineage.keys {
      root.refuse(key, because: "in an override", accepted: "\(key) in a scenario file")
    }
    root.close()
    let scenario = Scenario(
      name: name, summary: summary, seed: seed, cohorts: cohorts, task: task, model: model,
      algorithm: algorithm, federation: federation, privacy: privacy, evaluation: evaluation,
      regions: regions, heterogeneity: heterogeneity, time: time,
      timeline: timeline.resolved(in: regions, among: cohorts.hospitals),
      faults: faults.resolved(in: regions, among: cohorts.hospitals))
    Contradictions(scenario: scenario, findings: findings).look()
    return scenario
  }
}

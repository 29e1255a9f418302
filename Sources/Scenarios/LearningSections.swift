extension ScenarioReader {
  /// Reads `task`; the kind follows from the source of patients unless it is given.
  func task(_ section: Section, for source: CohortSourcePlan) -> TaskPlan {
    defer { section.close() }
    return TaskPlan(
      kind: section.take("kind", as: .choice, default: source.kind),
      support: section.take("support", as: .count(1...100_000)) ?? 1,
      query: section.take("query", as: .count(1...100_000)) ?? 1)
  }

  /// Reads `model`; the loss follows from the kind of outcome unless it is given.
  func model(_ section: Section, for task: TaskPlan) -> ModelPlan {
    defer { section.close() }
    let usual: ModelPlan.Loss =
      task.kind == .classification ? .softmaxCrossEntropy : .meanSquaredError
    return ModelPlan(
      layers: section.take("layers", as: .list(of: .layer, atMost: 32)) ?? [],
      loss: section.take("loss", as: .choice, default: usual),
      l2: section.take("l2", as: .number(0...1000), default: 0),
      initialiser: section.take("initialiser", as: .choice, default: .glorot))
  }
}

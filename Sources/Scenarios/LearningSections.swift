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

  /// Reads `algorithm`.
  func algorithm(_ section: Section) -> AlgorithmPlan {
    defer { section.close() }
    let name: AlgorithmPlan.Name = section.take("name", as: .choice) ?? .maml
    let order = section.take("order", as: .choice, default: name.usualOrder)
    let inner = section.section("inner", required: true)
    defer { inner.close() }
    return AlgorithmPlan(
      name: name, order: order,
      inner: InnerPlan(
        steps: inner.take("steps", as: .count(1...1000)) ?? 1,
        rate: inner.take("rate", as: .number(0...1000)) ?? 0),
      outer: outer(section.section("outer", required: true)))
  }

  private func outer(_ section: Section) -> OuterPlan {
    let usual = OuterPlan.usual
    let plan = OuterPlan(
      optimiser: section.take("optimizer", as: .choice, default: usual.optimiser),
      rate: section.take("rate", as: .positive(upTo: 1000)) ?? 1,
      momentum: section.take("momentum", as: .factor(below: 1), default: usual.momentum),
      beta1: section.take("beta1", as: .factor(below: 1), default: usual.beta1),
      beta2: section.take("beta2", as: .factor(below: 1), default: usual.beta2),
      epsilon: section.take("epsilon", as: .number(1e-12...1), default: usual.epsilon))
    for key in OuterPlan.optionalKeys where !plan.optimiser.keys.contains(key) {
      section.refuse(
        key, because: "with optimizer: \(plan.optimiser.rawValue)",
        accepted: "momentum with momentum; beta1, beta2 and epsilon with adam")
    }
    section.close()
    return plan
  }
}

extension AlgorithmPlan.Name {
  /// The derivatives that the algorithm takes unless the scenario says otherwise.
  fileprivate var usualOrder: AlgorithmPlan.Order {
    switch self {
    case .maml: .second
    case .fomaml: .first
    }
  }
}

extension OuterPlan {
  /// What holds unless the scenario says otherwise.
  static let usual = OuterPlan(
    optimiser: .adam, rate: 0.001, momentum: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
  /// The keys that only some optimisers have.
  static let optionalKeys = ["momentum", "beta1", "beta2", "epsilon"]
}

extension OuterPlan.Optimiser {
  /// The optional keys that have an effect with the optimiser.
  var keys: [String] {
    switch self {
    case .sgd: []
    case .momentum: ["momentum"]
    case .adam: ["beta1", "beta2", "epsilon"]
    }
  }
}

extension Kind where Value == ModelPlan.Layer {
  /// One hidden layer: `{ dense: 64, activation: relu }`.
  static var layer: Self {
    let accepted = "a layer such as { dense: 64, activation: relu }"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping = tree.content else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      let section = Section(tree, path: path, findings: findings)
      defer { section.close() }
      let units = section.take("dense", as: .count(1...16_384))
      let activation: ModelPlan.Activation = section.take(
        "activation", as: .choice, default: .relu)
      return units.map { ModelPlan.Layer(units: $0, activation: activation) }
    }
  }
}

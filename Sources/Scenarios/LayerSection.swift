extension Kind where Value == ModelPlan.Layer {
  /// One hidden layer: `{ dense: 64, activation: relu }`, `{ normalise: layer }`,
  /// `{ residual: [{ dense: 64 }] }`, `{ convolution: 8, width: 3, pool: max }`, `{ gru: 16 }` or
  /// `{ embedding: 3, features: [cp] }`.
  static var layer: Self {
    let accepted = "a layer such as { dense: 64, activation: relu }"
    return Kind(accepted: accepted) { tree, path, findings in
      guard case .mapping = tree.content else {
        findings.report(tree.found, accepted: accepted, at: path, place: tree.place)
        return nil
      }
      return Section(tree, path: path, findings: findings).layer(findings, at: tree.place)
    }
  }
}

extension Section {
  /// Reads a layer: every key that any kind has, and then what of them this kind has use for.
  fileprivate func layer(_ findings: Findings, at place: ScenarioProblem.Place) -> ModelPlan.Layer?
  {
    let units = take(ifPresent: "dense", as: .count(1...16_384))
    let activation: ModelPlan.Activation = take("activation", as: .choice, default: .relu)
    let normalised: ModelPlan.Normalisation? = take(ifPresent: "normalise", as: .choice)
    let inner = take(ifPresent: "residual", as: .list(of: .layer, atMost: 32))
    let convolution = convolution(activation)
    let state = take(ifPresent: "gru", as: .count(1...16_384))
    let states: ModelPlan.States = take("states", as: .choice, default: .last)
    let vector = take(ifPresent: "embedding", as: .count(1...16_384))
    let features = take(ifPresent: "features", as: .featureNames)
    close()
    guard let kind = layerKind(findings, at: place) else { return nil }
    switch kind {
    case .dense: return units.map { .dense(units: $0, activation: activation) }
    case .normalise: return normalised.map { _ in .normalisation }
    case .residual: return inner.map { .residual($0) }
    case .convolution: return convolution.map { .convolution($0) }
    case .gru: return state.map { .gru(units: $0, states: states) }
    case .embedding: return vector.map { .embedding(width: $0, features: features) }
    }
  }

  private func convolution(_ activation: ModelPlan.Activation) -> ModelPlan.Convolution? {
    let channels = take(ifPresent: "convolution", as: .count(1...16_384))
    let width = take("width", as: .count(1...10_000), default: 3)
    let pool: ModelPlan.Convolution.Pool = take("pool", as: .choice, default: .none)
    let window = take(ifPresent: "window", as: .count(1...10_000))
    if channels != nil, pool == .none {
      refuse("window", because: "without pooling", accepted: "window with pool: max or pool: mean")
    }
    return channels.map {
      ModelPlan.Convolution(
        channels: $0, width: width, activation: activation, pool: pool, window: window)
    }
  }

  /// The one kind that is given; keys that it has no use for are reported.
  private func layerKind(
    _ findings: Findings, at place: ScenarioProblem.Place
  ) -> LayerKind? {
    let given = LayerKind.allCases.filter { gives($0.rawValue) }
    guard let kind = given.first, given.count == 1 else {
      findings.report(
        given.isEmpty ? "a layer without a kind" : "several kinds in one layer",
        accepted: "exactly one of \(LayerKind.allCases.map(\.rawValue).joined(separator: ", "))",
        at: path, place: place)
      return nil
    }
    for key in Set(LayerKind.allCases.flatMap(\.settings)).sorted()
    where !kind.settings.contains(key) {
      refuse(
        key, because: "beside \(kind.rawValue)",
        accepted: kind.settings.isEmpty ? "no further key" : kind.settings.joined(separator: ", "))
    }
    return kind
  }
}

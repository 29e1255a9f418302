extension Kind where Value == ModelPlan.Layer {
  /// One hidden layer: `{ dense: 64, activation: relu }`, `{ normalise: layer }` or
  /// `{ residual: [{ dense: 64 }] }`.
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
    close()
    guard let kind = layerKind(findings, at: place) else { return nil }
    switch kind {
    case .dense: return units.map { .dense(units: $0, activation: activation) }
    case .normalise: return normalised.map { _ in .normalisation }
    case .residual: return inner.map { .residual($0) }
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

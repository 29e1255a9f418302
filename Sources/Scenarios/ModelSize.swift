extension ModelPlan {
  /// The most parameters that a model may have: what one tensor on the wire may hold.
  static let parameterLimit = 64 << 20

  /// The number of weights and biases for patients with so many inputs, or the largest number where
  /// there are more than can be counted.
  func parameterCount(inputs: Int) -> Int {
    let outputs = loss == .softmaxCrossEntropy ? 2 : 1
    let widths = [inputs] + layers.map(\.units) + [outputs]
    return zip(widths, widths.dropFirst()).reduce(0) { sum, layer in
      let (weights, overflow) = (layer.0 + 1).multipliedReportingOverflow(by: layer.1)
      let (total, carry) = sum.addingReportingOverflow(weights)
      return overflow || carry ? .max : total
    }
  }
}

extension Contradictions {
  /// Reports a model of more parameters than one message can carry.
  func size() {
    guard findings.isSound("model", "cohorts") else { return }
    let count = scenario.model.parameterCount(inputs: scenario.cohorts.source.inputs)
    let vectors = findings.isSound("algorithm.name") ? scenario.algorithm.name.vectors : 1
    let limit = ModelPlan.parameterLimit / vectors
    guard count > limit else { return }
    let reason =
      vectors > 1
      ? ", of which \(scenario.algorithm.name.rawValue) sends \(vectors) times as many numbers" : ""
    findings.report(
      "layers of \(count == .max ? "more" : "\(count)") parameters in all\(reason)",
      accepted: "at most \(limit): fewer layers, or fewer units",
      at: "model.layers")
  }
}

extension CohortSourcePlan {
  /// The number of inputs that a patient or point has, before anything is left out.
  fileprivate var inputs: Int {
    switch self {
    case .synthetic(let plan): plan.features
    case .heartDisease: 13
    case .strokeTrial: 52
    case .sinusoid: 1
    case .published(let plan): plan.dataSet.features
    case .doses: 4
    }
  }
}

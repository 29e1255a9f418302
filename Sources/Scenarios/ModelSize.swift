/// How layers lead from one to the next, counted before there is a network.
struct LayerWalk {
  /// The numbers of an example that the next layer takes.
  var width: Int
  /// Whether layers have decided that, and not the patients.
  var isDecided = false
  /// The weights and biases so far, or the largest number where there are more than can be counted.
  var parameters = 0

  init(from inputs: Int) { width = inputs }

  mutating func take(_ layer: ModelPlan.Layer) {
    switch layer {
    case .dense(let units, _):
      add(width + 1, times: units)
      (width, isDecided) = (units, true)
    case .normalisation: add(width, times: 2)
    case .residual(let layers):
      let entering = self
      for layer in layers { take(layer) }
      (width, isDecided) = (entering.width, entering.isDecided)
    }
  }

  mutating func add(_ rows: Int, times columns: Int) {
    let (weights, overflow) = rows.multipliedReportingOverflow(by: columns)
    let (total, carry) = parameters.addingReportingOverflow(weights)
    parameters = overflow || carry ? .max : total
  }
}

extension ModelPlan {
  /// The most parameters that a model may have: what one tensor on the wire may hold.
  static let parameterLimit = 64 << 20

  /// The number of parameters for patients with so many inputs, or the largest number where
  /// there are more than can be counted.
  func parameterCount(inputs: Int) -> Int {
    var walk = LayerWalk(from: inputs)
    for layer in layers { walk.take(layer) }
    walk.add(walk.width + 1, times: loss == .softmaxCrossEntropy ? 2 : 1)
    return walk.parameters
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
  var inputs: Int {
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

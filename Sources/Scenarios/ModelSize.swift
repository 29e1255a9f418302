/// How layers lead from one to the next, counted before there is a network.
struct LayerWalk {
  /// The steps of a sequence that the next layer takes; 0 where nothing is one.
  var steps = 0
  /// The numbers of a step.
  var channels = 0
  /// The numbers of an example that belong to no step.
  var beside: Int
  /// The categories that an embedding may take out of that.
  private let categories: [CategoryPlan]
  /// Whether layers have decided that, and not the patients.
  var isDecided = false
  /// The weights and biases so far, or the largest number where there are more than can be counted.
  var parameters = 0

  /// The numbers of an example that the next layer takes.
  var width: Int { steps * channels + beside }

  /// Starts with the inputs of a source of patients, of which some may be readings, one for each step.
  init(from source: CohortSourcePlan) {
    (steps, channels) = source.readings.map { ($0, 1) } ?? (0, 0)
    beside = source.inputs - steps
    categories = source.categories
  }

  mutating func take(_ layer: ModelPlan.Layer) {
    switch layer {
    case .dense(let units, _):
      add(width + 1, times: units)
      (steps, channels, beside, isDecided) = (0, 0, units, true)
    case .normalisation: add(width, times: 2)
    case .residual(let layers):
      let entering = self
      for layer in layers { take(layer) }
      let parameters = parameters
      self = entering
      self.parameters = parameters
    case .convolution(let convolution): take(convolution)
    case .gru(let units, let states):
      add(channels + 1, times: 3 * units)
      add(units, times: 3 * units)
      if states == .all { channels = units } else { leaveSequence(with: units) }
    // Only the first layer finds categories.
    case .embedding where isDecided: break
    case .embedding(let width, let features):
      let taken = categories.filter { features?.contains($0.name) ?? true }
      add(taken.reduce(0) { $0 + $1.codes }, times: width)
      beside += taken.reduce(0) { $0 + width - $1.columns }
    }
  }

  private mutating func take(_ convolution: ModelPlan.Convolution) {
    add(convolution.width * channels + 1, times: convolution.channels)
    steps = max(0, steps - convolution.width + 1)
    channels = convolution.channels
    guard convolution.pool != .none else { return }
    guard let window = convolution.window else { return leaveSequence(with: channels) }
    steps = (steps + window - 1) / window
  }

  private mutating func leaveSequence(with numbers: Int) {
    (steps, channels, beside) = (0, 0, beside + numbers)
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

  /// The number of parameters for the patients of a source, nothing of whom is indicated to be missing; or the largest
  /// number where there are more than can be counted.
  public func parameterCount(of source: CohortSourcePlan) -> Int {
    var walk = LayerWalk(from: source)
    for layer in layers { walk.take(layer) }
    walk.add(walk.width + 1, times: loss == .softmaxCrossEntropy ? source.classes ?? 1 : 1)
    return walk.parameters
  }
}

extension Contradictions {
  /// Reports a model of more parameters than one message can carry.
  func size() {
    guard findings.isSound("model", "cohorts") else { return }
    let count = scenario.model.parameterCount(of: scenario.cohorts.source)
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
    case .tenClasses: 60
    }
  }

  /// How many of the inputs are readings over time, one a step.
  var readings: Int? {
    guard case .published(let plan) = self, plan.dataSet == .glucose else { return nil }
    return 7
  }
}

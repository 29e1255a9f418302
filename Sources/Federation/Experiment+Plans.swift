import Cohorts
import MetaLearning
import Models
import Scenarios

// What the words of a scenario mean in the terms of models and learning.

extension CohortSourcePlan {
  /// The names of what is known of a patient or point.
  var featureNames: [String] {
    switch self {
    case .synthetic(let plan): Array(SyntheticClinic.featureNames.prefix(plan.features))
    case .heartDisease: HeartDisease.features
    case .strokeTrial: StrokeTrial.features
    case .sinusoid: ["x"]
    case .published(let plan): plan.featureNames
    case .doses: DoseClinic.features
    case .tenClasses: TenClasses.features
    }
  }
}

extension CohortSourcePlan {
  /// Which features are kinds, not amounts, by their columns.
  var columnsOfCategories: [Category] {
    switch self {
    case .heartDisease: HeartDisease.categories
    case .strokeTrial: StrokeTrial.categories
    case .published(let plan) where plan.dataSet == .intensiveCare: IntensiveCare.categories
    case .synthetic, .sinusoid, .published, .doses, .tenClasses: []
    }
  }
}

extension Scenario {
  /// What the model embeds, in the order of the data set.
  var embeddedCategories: [Category] {
    guard case .embedding(_, let features) = model.layers.first else { return [] }
    return cohorts.source.columnsOfCategories.filter { features?.contains($0.name) ?? true }
  }
}

extension CohortSourcePlan {
  /// Which features are readings over time.
  var timeAxis: TimeAxis? {
    guard case .published(let plan) = self, plan.dataSet == .glucose else { return nil }
    let changes = GlucoseMonitoring.changes
    return TimeAxis(first: changes.lowerBound, steps: changes.count, isLatestFirst: true)
  }
}

extension Network {
  /// The network that `plan` describes, for patients with so many inputs, and classes of the outcome.
  init(
    _ plan: ModelPlan, inputs: Int, classes: Int? = 2, time: TimeAxis? = nil,
    categories: [Category] = []
  ) {
    self.init(
      inputs: inputs,
      layers: plan.layers.map(Layer.init),
      outputs: plan.loss == .softmaxCrossEntropy ? classes ?? 1 : 1,
      loss: Loss(plan.loss),
      l2: Float(plan.l2), time: time,
      categories: categories.isEmpty ? nil : Categories(levels: categories.map(\.levels)))
  }
}

extension Layer {
  init(_ plan: ModelPlan.Layer) {
    switch plan {
    case .dense(let units, let activation):
      self = .dense(Dense(units: units, activation: Activation(activation)))
    case .normalisation: self = .normalisation
    case .residual(let layers): self = .residual(layers.map(Layer.init))
    case .convolution(let plan): self = .convolution(Convolution(plan))
    case .gru(let units, let states):
      self = .recurrent(GatedRecurrentUnit(units: units, givesAllStates: states == .all))
    case .embedding(let width, _): self = .embedding(Embedding(width: width))
    }
  }
}

extension Convolution {
  init(_ plan: ModelPlan.Convolution) {
    let pool: Pool? =
      switch plan.pool {
      case .none: nil
      case .max: .max
      case .mean: .mean
      }
    self.init(
      channels: plan.channels, width: plan.width, activation: Activation(plan.activation),
      pool: pool, window: plan.window)
  }
}

extension Activation {
  init(_ plan: ModelPlan.Activation) {
    switch plan {
    case .relu: self = .relu
    case .tanh: self = .tanh
    case .sigmoid: self = .sigmoid
    case .gelu: self = .gelu
    case .identity: self = .identity
    }
  }
}

extension Loss {
  init(_ plan: ModelPlan.Loss) {
    switch plan {
    case .softmaxCrossEntropy: self = .softmaxCrossEntropy
    case .binaryCrossEntropy: self = .binaryCrossEntropy
    case .meanSquaredError: self = .meanSquaredError
    }
  }
}

extension Initialiser {
  init(_ plan: ModelPlan.Initialiser) {
    switch plan {
    case .glorot: self = .glorot
    case .he: self = .he
    case .truncatedNormal: self = .truncatedNormal
    case .uniformFanIn: self = .uniformFanIn
    }
  }
}

extension InnerLoop {
  init(_ plan: InnerPlan) {
    self.init(steps: plan.steps, rate: Float(plan.rate))
  }
}

extension Order {
  init(_ plan: AlgorithmPlan.Order) {
    switch plan {
    case .first: self = .first
    case .second: self = .second
    }
  }
}

extension OutcomeKind {
  init(_ plan: TaskPlan.Kind) {
    switch plan {
    case .classification: self = .classification
    case .regression: self = .regression
    }
  }
}

extension Scenario {
  /// How methods are validated within a support set: records in order of time by later ones.
  var supportDivision: SupportDivision {
    let parts = max(2, evaluation.validation)
    return cohorts.by == .patient ? .last(of: parts) : .parts(parts)
  }
}
